/** Which of two tickets comes first in a list. The ticket service decides it in SQL; this is for lists made elsewhere. */
import { fold } from './fold.ts';
import { isHitInHead, rankingTerms } from './matching.ts';
import type { SearchTerm } from './search-language.ts';
import {
  fieldOf,
  type SortFieldName,
  sortFieldNames,
  type TicketAgents,
  type TicketOrder,
  ticketOrders,
} from './ticket-fields.ts';

/** A place in a list of one order. */
export interface Sorted {
  id: number;
  /** What `sortKeyOf` says for this order. */
  sortKey: string;
}

/** As the ticket service sorts: by the key, and by the id where the keys are the same. */
export function comparing(order: TicketOrder): (a: Sorted, b: Sorted) => number {
  const sign = ticketOrders[order].direction === 'ASC' ? 1 : -1;
  return (a, b) => sign * (compareTexts(a.sortKey, b.sortKey) || a.id - b.id);
}

/** By code points, as Postgres compares by the collation C. */
export function compareTexts(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return codePointRank(a.charCodeAt(at)) - codePointRank(b.charCodeAt(at));
}

/** UTF-16 has its surrogates, of the code points above U+FFFF, before the last of those below. The end of a text is before all. */
function codePointRank(unit: number): number {
  if (Number.isNaN(unit)) return -1;
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** So much of a text is compared: an entry of an index has little room. In Unicode code points. */
export const sortedCharacters = 50;

/** The beginning of a text, as typed, that lists are sorted by. */
export function sortedBeginning(text: string): string {
  // Twice as many UTF-16 units hold all of them.
  return [...text.slice(0, 2 * sortedCharacters)].slice(0, sortedCharacters).join('');
}

type OrderedTicket = {
  id: number | null;
  title: string;
  tags: readonly string[] | null;
  createdAt: string | null;
  updatedAt: string | null;
} & {
  [F in SortFieldName]: string | null;
} & { name: string } & Partial<TicketAgents<{ id: string; name: string }>>;

function sortedText(text: string): string {
  return sortedBeginning(fold(sortedBeginning(text)));
}

/**
 * A time, a folded text or, of a choice, its place among the choices; in text, so that any two can be compared.
 * @param terms of the search that found the ticket, by which RELEVANCE ranks
 */
export function sortKeyOf(
  order: TicketOrder,
  ticket: OrderedTicket,
  terms: readonly SearchTerm[] = [],
): string {
  const { by, direction } = ticketOrders[order];
  // A service that tells no times has its tickets ordered by id.
  if (by === 'CREATED') return ticket.createdAt ?? '';
  if (by === 'UPDATED') return ticket.updatedAt ?? '';
  if (by === 'RELEVANCE')
    return `${isHitInHead(rankingTerms(terms), ticket) ? 1 : 0}${ticket.createdAt ?? ''}`;
  // The id alone decides.
  if (by === 'NUMBER') return '';
  const name = sortFieldNames.find((name) => fieldOf(name).sort === by);
  if (!name) return '';
  const field = fieldOf(name);
  if (field.kind === 'text') return sortedText(ticket[name] ?? '');
  if (field.kind === 'choice') return String(field.choices.indexOf(ticket[name] ?? '') + 1).padStart(3, '0');
  if (field.kind === 'person') {
    const agent = ticket.assignee;
    if (!agent) return direction === 'ASC' ? '1' : '';
    return `0${sortedText(agent.name)}\n${agent.id}`;
  }
  // Those without a time come last in both directions: behind every digit, and before.
  return ticket[name] ?? (direction === 'ASC' ? '~' : '');
}
