/**
 * Lists that the proxy makes itself, by the rules by which a ticket service makes them: out of all that a service of the
 * base contract has, or out of what is kept on this computer.
 */
import { fitsFilters, matchesQuery } from '../../../proto/matching.ts';
import type { QueryProblem, SearchTerm } from '../../../proto/search-language.ts';
import { comparing, type Sorted, sortKeyOf } from '../../../proto/ticket-order.ts';
import { readSearch, type Searching } from '../../domain/search.ts';
import type { TicketOrder } from '../../domain/ticket.ts';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import { foreignCursor } from '../foreign-cursor.ts';
import type { KnownTicket, PageRequest, TicketPage } from './types.ts';

/** Which tickets a filter lets through, by which terms, and what can't be read of its search. */
export function readFilter(
  { ids, text, query, timeZone, ...asked }: TicketFilter,
  { me = null, agents = [] }: Partial<Searching> = {},
): {
  fits(ticket: KnownTicket): boolean;
  terms: readonly SearchTerm[];
  problems: readonly QueryProblem[];
} {
  const search = readSearch({ text, query, timeZone }, { me, agents });
  return {
    fits: (ticket) =>
      (!ids || ids.includes(ticket.id)) && fitsFilters(ticket, asked) && matchesQuery(search, ticket),
    terms: search.terms,
    problems: search.problems,
  };
}

/** An order, and the terms of the search by which it may rank. */
interface PlaceRule {
  order: TicketOrder;
  terms?: readonly SearchTerm[] | undefined;
}

/** Where no ticket has a time, as in the base contract, an order by one falls back to the order by id. */
export function inOrder(tickets: readonly KnownTicket[], place: PlaceRule): KnownTicket[] {
  return placed(tickets, place).map(({ ticket }) => ticket);
}

/** @param tickets those of which the page is one, in any order. @throws DeskError: `after` is no cursor of such a list. */
export function localPage(
  tickets: readonly KnownTicket[],
  { order, terms, after, pageSize, backwards = false }: Omit<PageRequest, 'filter'> & PlaceRule,
): TicketPage {
  const all = placed(tickets, { order, terms });
  const rest = after === undefined ? all : all.filter(isBeyond(after, { order, backwards }));
  const page = backwards ? rest.slice(-pageSize) : rest.slice(0, pageSize);
  return {
    tickets: page.map(({ ticket }) => ticket),
    cursors: page.map(cursorOf),
    hasNextPage: rest.length > page.length,
  };
}

export function countByStatus(tickets: readonly KnownTicket[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of tickets) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

function placed(
  tickets: readonly KnownTicket[],
  { order, terms }: PlaceRule,
): (Sorted & { ticket: KnownTicket })[] {
  return tickets
    .map((ticket) => ({ id: ticket.id, sortKey: sortKeyOf(order, ticket, terms), ticket }))
    .sort(comparing(order));
}

/** The key in base64url, as it may hold any character. */
const cursorPattern = /^local:(\d+):([\w-]*)$/;

/** Whether lists made here can go on behind it. */
export function isLocalCursor(cursor: string): boolean {
  return cursorPattern.test(cursor);
}

/** The place of a ticket in lists of this order. */
export function cursorAt({ order, terms }: PlaceRule, ticket: KnownTicket): string {
  return cursorOf({ id: ticket.id, sortKey: sortKeyOf(order, ticket, terms) });
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
  if (id === undefined || key === undefined) throw foreignCursor(backwards ? 'before' : 'after');
  const sortKey = Buffer.from(key, 'base64url').toString();
  const compare = comparing(order);
  const sign = backwards ? -1 : 1;
  return (place) => sign * compare(place, { id: Number(id), sortKey }) > 0;
}
