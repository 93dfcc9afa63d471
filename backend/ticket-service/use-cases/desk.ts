/** What every use case works on. */
import type { TicketStore } from '../store/ticket-store.ts';
import type { TrustedCache } from './trusted-cache.ts';

export interface Desk {
  store: TicketStore;
  cache: TrustedCache;
}
