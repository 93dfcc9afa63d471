/** What every use case works on. */
import type { Cache } from '../../ports/cache.ts';
import type { TicketStore } from '../store/ticket-store.ts';

export interface Desk {
  store: TicketStore;
  cache: Cache;
}
