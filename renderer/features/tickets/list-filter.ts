/** What the list shows: a view, narrowed by the filters and by what was typed into the search box. */
import { queryProblem, queryRule } from '../../../proto/checks.ts';
import { fitsFilters, type RankingTerm, rankingTerms } from '../../../proto/matching.ts';
import { parseQuery } from '../../../proto/search-language.ts';
import { typedValue } from '../../../proto/search-tokens.ts';
import {
  type FieldFilters,
  type FilterFieldName,
  fieldFilters,
  fieldOf,
  filterFieldNames,
  maxInt32,
  personFieldNames,
  type TicketOrder,
  ticketFields,
  type ValueOf,
} from '../../../proto/ticket-fields.ts';
import type { TicketFilter } from '../../graphql/generated/operations.ts';
import { timeZone } from '../../state/locale.ts';
import { joinedQuery, statusesOf } from '../../state/views.ts';

export interface ListQuery {
  /** What the view asks for. */
  view: string;
  /** As typed, without the blanks around it. */
  search: string;
  /** What is chosen beside the view, which has the status; of a time what the search asks for it by. */
  filters: FieldFilters;
  order: TicketOrder;
}

/** The fields that a person filters by above the list: the view filters by the status. */
export const narrowingFields: readonly FilterFieldName[] = filterFieldNames.filter(
  (name) => name !== 'status',
);

/** Whether the person has chosen a filter, so that the view shows less than it holds. */
export function isNarrowed({ filters }: Pick<ListQuery, 'filters'>): boolean {
  return Object.values(filters).some((wanted) => wanted !== undefined);
}

/** "#4812" is the ticket that has the number, or had it elsewhere, in any view; anything else is searched for in the view. */
export function filterFor({ view, search, filters }: Omit<ListQuery, 'order'>): TicketFilter {
  if (isNumber(search)) return { query: search };
  const statuses = statusesOf(view);
  const { lasting, passing } = byTime(filters);
  const asked = fieldFilters({ ...lasting, statuses });
  const query = joinedQuery(statuses ? '' : view, search, termsOf(passing));
  return query === '' ? asked : { ...asked, query, timeZone: timeZone() };
}

/** What is asked for of a view that is searched. */
export function filterOfView({ query }: { query: string }, search: string): TicketFilter {
  return filterFor({ view: query, search, filters: {} });
}

/** The whole of it in the language of the search box, as it is kept as a view. */
export function queryText({ view, search, filters }: Omit<ListQuery, 'order'>): string {
  return joinedQuery(view, search, termsOf(filters));
}

/** A moment stays what it is as time goes on: what hangs on the time is searched for, and so read anew each time. */
function byTime(filters: FieldFilters): { lasting: FieldFilters; passing: FieldFilters } {
  const passing: FieldFilters = {};
  const lasting = { ...filters };
  for (const name of narrowingFields) {
    const { filter } = ticketFields[name];
    if (fieldOf(name).kind !== 'time') continue;
    Object.assign(passing, { [filter]: filters[filter] });
    delete lasting[filter];
  }
  return { lasting, passing };
}

function termsOf(filters: FieldFilters): string {
  const asked = narrowingFields.flatMap((name) => {
    const { filter, term } = ticketFields[name];
    const wanted = filters[filter];
    if (wanted === undefined) return [];
    if (fieldOf(name).kind === 'time') return `${term}:${wanted}`;
    const values = [wanted].flat().map(typedValue);
    // A ticket must have all tags that are asked for, and any one of the other values.
    return (fieldOf(name).kind === 'set' ? values : [values.join(',')]).map((value) => `${term}:${value}`);
  });
  const none = personFieldNames.flatMap((name) => {
    const { noneFilter, term } = ticketFields[name];
    return filters[noneFilter] ? `${term}:none` : [];
  });
  return [...asked, ...none].join(' ');
}

/** All that is searched for, whose words are marked where they are found. */
export function wordsOf({ view, search }: Pick<ListQuery, 'view' | 'search'>): string {
  return joinedQuery(view, searchedText(search));
}

/** Of a search, what RELEVANCE ranks by, which hangs neither on who searches nor on when. */
export function ranking(search: string): readonly RankingTerm[] {
  return rankingTerms(parseQuery(search, { now: new Date(0), timeZone: 'UTC', me: null, agents: [] }).terms);
}

/** The text that is searched for; empty where none is. */
export function searchedText(search: string): string {
  return isNumber(search) ? '' : search;
}

/**
 * Whether a ticket is in the view that is searched. Undefined where that hangs on the search, in which case the ticket
 * service is asked: a second rule in the page would lose what the service finds.
 */
export function belongs(
  query: Omit<ListQuery, 'order'>,
  ticket: { [F in FilterFieldName]: ValueOf<F> | null },
): boolean | undefined {
  const { query: searched, timeZone: _, ...filters } = filterFor(query);
  if (!fitsFilters(ticket, filters)) return false;
  return searched == null ? true : undefined;
}

/** Why a text can't be searched for at all in a view, beside what is chosen there, as a sentence that says how to mend it. */
export function searchProblem(asked: Omit<ListQuery, 'order'>): string | null {
  const query = filterFor(asked).query ?? '';
  const beside = [
    ...(statusesOf(asked.view) || asked.view === '' ? [] : ['the view']),
    ...(termsOf(byTime(asked.filters).passing) === '' ? [] : ['the filters']),
  ].join(' and ');
  const also = beside === '' || query === asked.search ? '' : `, with those of ${beside}`;
  switch (queryProblem(query)?.kind) {
    case undefined:
      return null;
    case 'too-long':
      return `Search for at most ${queryRule.maxCharacters} characters${also}. Shorten the text.`;
    case 'too-many':
      return `Search for at most ${queryRule.maxTerms} terms at once${also}. Leave some out.`;
    case 'nul':
      return 'The search holds a NUL character. Remove it.';
    default:
      return 'The search holds half of a character. Delete the odd-looking one and type it again.';
  }
}

/** Whether one ticket is asked for, by its number alone. */
export function isNumber(search: string): boolean {
  const digits = /^#(\d{1,10})$/.exec(search)?.[1];
  return digits !== undefined && Number(digits) > 0 && Number(digits) <= maxInt32;
}
