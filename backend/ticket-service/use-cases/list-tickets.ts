import type { Ticket, TicketFilter } from '../../domain/ticket.ts';
import type { Desk } from './desk.ts';
import { checkFilter } from './input.ts';
import { getTicket, putTicket, throughListCache } from './ticket-cache.ts';

/** At most rules.maxListLength tickets, newest first. */
export async function listTickets(desk: Desk, filter: TicketFilter): Promise<Ticket[]> {
  checkFilter(filter);

  const { id, statuses, text } = filter;
  if (id !== undefined && text === undefined) {
    const ticket = await findTicket(desk, id);
    return ticket && (!statuses || statuses.includes(ticket.status)) ? [ticket] : [];
  }
  return throughListCache(desk.cache, `list:${JSON.stringify([id, statuses, text])}`, () =>
    desk.store.list(filter),
  );
}

async function findTicket({ store, cache }: Desk, id: number): Promise<Ticket | undefined> {
  const cached = await getTicket(cache, id);
  if (cached !== undefined) return cached ?? undefined;
  const ticket = await store.find(id);
  if (ticket) await putTicket(cache, ticket);
  return ticket;
}
