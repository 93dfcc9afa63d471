/** What every resolver gets beside its arguments. */
import type { Logger } from '../logger.ts';
import type { TicketClient } from './ticket-client.ts';

export interface ProxyContext {
  client: TicketClient;
  serviceLabel: string;
  notices: readonly string[];
  logger: Logger;
}
