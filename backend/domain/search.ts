/** What a filter searches for, and how what it finds is counted: the same by a ticket service and in lists that the proxy makes. */
import { limits } from '../../proto/checks.ts';
import { containing, parseQuery, type SearchContext, type SearchQuery } from '../../proto/search-language.ts';
import type { TicketFilter } from './ticket-filter.ts';

/** Of whoever searches, and to whom tickets can be given. */
export type Searching = Pick<SearchContext, 'me' | 'agents'>;

/** @param filter one without a problem. @returns the terms of its text and of its query, and what can't be read of that */
export function readSearch(
  { text, query = '', timeZone = 'UTC' }: Pick<TicketFilter, 'text' | 'query' | 'timeZone'>,
  searching: Searching,
): SearchQuery {
  const { terms, ...rest } = parseQuery(query, { now: new Date(), timeZone, ...searching });
  return { ...rest, terms: [...(text === undefined ? [] : [containing(text)]), ...terms] };
}

/** How many there are; where it is not exact, there are more. */
export interface Count {
  count: number;
  exact: boolean;
}

/** A number of tickets as it is told: up to limits.maxCount. */
export function counted(total: number): Count {
  return { count: Math.min(total, limits.maxCount), exact: total <= limits.maxCount };
}
