/** What the base contract's whole list gives, for a service that has no pages, search or counts. */
import { containsText } from '../../../proto/fold.ts';
import { isChosen, type TicketFilter } from '../../domain/ticket-filter.ts';
import { DeskError } from '../../errors.ts';
import type { KnownTicket, PageRequest, TicketPage } from './types.ts';

export function filterTickets(tickets: readonly KnownTicket[], filter: TicketFilter): KnownTicket[] {
  const { ids, text, ...choices } = filter;
  return tickets.filter(
    (ticket) =>
      (!ids || ids.includes(ticket.id)) &&
      isChosen(ticket, choices) &&
      (text === undefined || containsText(ticket, text)),
  );
}

/** Newest first: ids grow. */
export function newestFirst(tickets: readonly KnownTicket[]): KnownTicket[] {
  return [...tickets].sort((a, b) => b.id - a.id);
}

export function foreignCursor(cause?: unknown): DeskError {
  const words = 'after is not a cursor of this list. Begin at the first page.';
  return new DeskError('BAD_USER_INPUT', words, { field: 'after', cause });
}

const cursorPattern = /^older:(\d+)$/;

/** Pages the tickets that a filter lets through, by id, which is the only order that the base contract gives; an order by update falls back to it. */
export function pageOf(tickets: readonly KnownTicket[], request: PageRequest): TicketPage {
  const ascending = request.order.endsWith('_ASC');
  const found = newestFirst(tickets);
  if (ascending) found.reverse();
  const rest = request.after === undefined ? found : found.filter(isBehind(request.after, ascending));
  const page = rest.slice(0, request.pageSize);
  return {
    tickets: page,
    cursors: page.map(({ id }) => `older:${id}`),
    hasNextPage: rest.length > page.length,
  };
}

function isBehind(cursor: string, ascending: boolean): (ticket: KnownTicket) => boolean {
  const last = Number(cursorPattern.exec(cursor)?.[1] ?? Number.NaN);
  if (Number.isNaN(last)) {
    throw foreignCursor();
  }
  return ({ id }) => (ascending ? id > last : id < last);
}

export function countByStatus(tickets: readonly KnownTicket[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of tickets) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}
