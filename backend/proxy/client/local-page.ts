/**
 * Lists that the proxy makes itself, by the rules by which a ticket service makes them: out of all that a service of the
 * base contract has, or out of what is kept on this computer.
 */
import { limits } from '../../../proto/checks.ts';
import { fitsFilters, matchesQuery } from '../../../proto/matching.ts';
import {
  containing,
  parseQuery,
  type QueryProblem,
  type SearchContext,
} from '../../../proto/search-language.ts';
import { comparing, type Sorted, sortKeyOf } from '../../../proto/ticket-order.ts';
import type { TicketOrder } from '../../domain/ticket.ts';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import { foreignCursor } from './service.ts';
import type { Count, KnownTicket, PageRequest, TicketPage } from './types.ts';

/** To whom a search for one's own tickets, and those of others, means what. */
export type Searching = Partial<Pick<SearchContext, 'me' | 'agents'>>;

/** Which tickets a filter lets through, and what can't be read of its search. */
export function readFilter(
  { ids, text, query, timeZone = 'UTC', ...asked }: TicketFilter,
  { me = null, agents = [] }: Searching = {},
): { fits(ticket: KnownTicket): boolean; problems: readonly QueryProblem[] } {
  const said = text === undefined ? [] : [containing(text)];
  const { terms, problems } = parseQuery(query ?? '', { now: new Date(), timeZone, me, agents });
  const search = { terms: [...said, ...terms] };
  return {
    fits: (ticket) =>
      (!ids || ids.includes(ticket.id)) && fitsFilters(ticket, asked) && matchesQuery(search, ticket),
    problems,
  };
}

/** Where no ticket has a time, as in the base contract, an order by one falls back to the order by id. */
export function inOrder(tickets: readonly KnownTicket[], order: TicketOrder): KnownTicket[] {
  return placed(tickets, order).map(({ ticket }) => ticket);
}

/** @param tickets those of which the page is one, in any order. @throws DeskError: `after` is no cursor of such a list. */
export function localPage(
  tickets: readonly KnownTicket[],
  { order, after, pageSize, backwards = false }: Omit<PageRequest, 'filter'>,
): TicketPage {
  const all = placed(tickets, order);
  const rest = after === undefined ? all : all.filter(isBeyond(after, { order, backwards }));
  const page = backwards ? rest.slice(-pageSize) : rest.slice(0, pageSize);
  return {
    tickets: page.map(({ ticket }) => ticket),
    cursors: page.map(cursorOf),
    hasNextPage: rest.length > page.length,
  };
}

/** A count as the ticket service tells it. */
export function counted(count: number): Count {
  return { count: Math.min(count, limits.maxCount), exact: count <= limits.maxCount };
}

export function countByStatus(tickets: readonly KnownTicket[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of tickets) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

function placed(tickets: readonly KnownTicket[], order: TicketOrder): (Sorted & { ticket: KnownTicket })[] {
  return tickets
    .map((ticket) => ({ id: ticket.id, sortKey: sortKeyOf(order, ticket), ticket }))
    .sort(comparing(order));
}

/** The key in base64url, as it may hold any character. */
const cursorPattern = /^local:(\d+):([\w-]*)$/;

/** Whether lists made here can go on behind it. */
export function isLocalCursor(cursor: string): boolean {
  return cursorPattern.test(cursor);
}

/** The place of a ticket in lists of this order. */
export function cursorAt(order: TicketOrder, ticket: KnownTicket): string {
  return cursorOf({ id: ticket.id, sortKey: sortKeyOf(order, ticket) });
}

function cursorOf({ id, sortKey }: Sorted): string {
  return `local:${id}:${Buffer.from(sortKey).toString('base64url')}`;
}

/** Whether a place is behind the cursor's, or before it. */
function isBeyond(
  cursor: string,
  { order, backwards }: { order: TicketOrder; backwards: boolean },
): (place: Sorted) => boolean {
  const [, id, key] = cursorPattern.exec(cursor) ?? [];
  if (id === undefined || key === undefined) throw foreignCursor({ backwards });
  const sortKey = Buffer.from(key, 'base64url').toString();
  const compare = comparing(order);
  const sign = backwards ? -1 : 1;
  return (place) => sign * compare(place, { id: Number(id), sortKey }) > 0;
}
