import { isChosen } from '../../../proto/ticket-fields.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { fitsNothing, type TicketFilter } from '../../domain/ticket-filter.ts';
import type { Desk } from './desk.ts';
import { checkFilter } from './input.ts';
import { throughListCache, throughTicketCache } from './ticket-cache.ts';

/** At most limits.maxListLength tickets, newest first. */
export async function listTickets(desk: Desk, filter: TicketFilter): Promise<Ticket[]> {
  checkFilter(filter);
  if (fitsNothing(filter)) return [];

  const { ids: [id, ...others] = [], text, ...choices } = filter;
  if (id !== undefined && others.length === 0 && text === undefined) {
    const ticket = await throughTicketCache(desk.cache, id, () => desk.store.find(id));
    return ticket && isChosen(ticket, choices) ? [ticket] : [];
  }
  return throughListCache(desk.cache, `list:${JSON.stringify(filter)}`, () => desk.store.list(filter));
}
