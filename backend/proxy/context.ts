/** What every resolver gets beside its arguments. */
import type { TicketClient } from './client/types.ts';
import type { Outbox } from './outbox/outbox.ts';

export interface ProxyContext {
  client: TicketClient;
  outbox: Outbox;
  /** What is linked to, for the person. */
  serviceLabel: string;
  /** What could not be read at the start and was set aside. */
  notices: readonly string[];
}
