import type { Ticket, TicketFilter } from '../../domain/ticket.ts';
import type { Desk } from './desk.ts';
import { checkFilter } from './input.ts';
import { throughListCache, throughTicketCache } from './ticket-cache.ts';

/** At most rules.maxListLength tickets, newest first. */
export async function listTickets(desk: Desk, filter: TicketFilter): Promise<Ticket[]> {
  checkFilter(filter);

  const { id, statuses, text } = filter;
  if (id !== undefined && text === undefined) {
    const ticket = await throughTicketCache(desk.cache, id, () => desk.store.find(id));
    return ticket && (!statuses || statuses.includes(ticket.status)) ? [ticket] : [];
  }
  return throughListCache(desk.cache, `list:${JSON.stringify([id, statuses, text])}`, () =>
    desk.store.list(filter),
  );
}
