/**
 * Which tickets a list lets through, for those that no service of today filters: of a service that knows no filters,
 * creates on their way, and rows that change while they are looked at.
 */
import type { FieldValue, FilterValue } from './field-kinds.ts';
import { fold } from './fold.ts';
import { once } from './once.ts';
import type { SearchPlace, SearchQuery, SearchTerm } from './search-language.ts';
import { searchWords } from './search-words.ts';
import {
  type FieldFilters,
  type FilterFieldName,
  fieldOf,
  filterFieldNames,
  personFieldNames,
  searchFieldNames,
  type TicketValues,
  ticketFields,
  type ValueOf,
} from './ticket-fields.ts';

/** Whether all that the filters ask of a ticket holds; each of both in its one form. */
export function fitsFilters(
  ticket: { [F in FilterFieldName]: ValueOf<F> | null },
  filters: { [Filter in keyof FieldFilters]: FieldFilters[Filter] | null },
): boolean {
  const hasAll = filterFieldNames.every((name) => {
    const wanted = filters[ticketFields[name].filter];
    return wanted == null || fits(name, ticket[name], wanted);
  });
  return hasAll && personFieldNames.every((name) => !filters[ticketFields[name].noneFilter] || !ticket[name]);
}

function fits(name: FilterFieldName, value: FieldValue | null, wanted: FilterValue): boolean {
  if (fieldOf(name).kind === 'time') return value !== null && value < wanted;
  const values = Array.isArray(value) ? value : [value];
  const isThere = (one: string) => values.includes(one);
  const list = typeof wanted === 'string' ? [wanted] : wanted;
  return fieldOf(name).kind === 'set' ? list.every(isThere) : list.some(isThere);
}

/** A ticket or create as a search sees it; null where there is no number or time. */
export interface SearchedTicket extends TicketValues {
  id: number | null;
  createdAt: string | null;
  updatedAt: string | null;
}

/** Whether all terms hold for a ticket, whose comments are not looked into. */
export function matchesQuery({ terms }: Pick<SearchQuery, 'terms'>, ticket: SearchedTicket): boolean {
  const wordsIn = {
    all: once(() => searchedTexts(ticket).map(searchWords)),
    name: once(() => [searchWords(ticket.name)]),
  };
  return terms.every((term) => holds(term, ticket, (place) => wordsIn[place]()) !== term.isNot);
}

/** The terms that ask for words wherever they are: what they hit in a ticket's head is a better match than in other texts. */
export function rankingTerms(terms: readonly SearchTerm[]): readonly RankingTerm[] {
  return terms.filter((term): term is RankingTerm => !term.isNot && ranks(term));
}

export type RankingTerm = SearchTerm & { kind: 'word' | 'phrase' | 'text' };

function ranks(term: SearchTerm): boolean {
  return term.kind === 'text' || ((term.kind === 'word' || term.kind === 'phrase') && term.in === 'all');
}

/** Whether the head of a ticket that is found, its title, tags and requester, has all that the ranking terms ask for. */
export function isHitInHead(
  terms: readonly RankingTerm[],
  {
    id,
    title,
    name,
    tags,
  }: Pick<SearchedTicket, 'id' | 'title' | 'name'> & { tags: readonly string[] | null },
): boolean {
  if (terms.length === 0) return true;
  const head = [title, name, ...(tags ?? [])].map(searchWords);
  const begins = (wanted: string) => head.some((words) => words.some((word) => word.startsWith(wanted)));
  const isThere = (wanted: string) => head.some((words) => words.includes(wanted));
  return terms.every((term) => {
    if (term.kind === 'phrase') return head.some((words) => hasPhrase(words, term));
    if (term.kind === 'word') return isNumber(term, id) || begins(term.word);
    return term.words.every((word, at) => (at === term.words.length - 1 ? begins(word) : isThere(word)));
  });
}

function isNumber({ word, in: place }: { word: string; in: SearchPlace }, id: number | null): boolean {
  return place === 'all' && String(id ?? '') === word;
}

function searchedTexts({ tags, ...ticket }: SearchedTicket): string[] {
  return [...searchFieldNames.map((name) => ticket[name]), ...tags];
}

function holds(
  term: SearchTerm,
  ticket: SearchedTicket,
  wordsIn: (place: SearchPlace) => readonly (readonly string[])[],
): boolean {
  switch (term.kind) {
    case 'word':
      return (
        isNumber(term, ticket.id) ||
        wordsIn(term.in).some((words) => words.some((word) => word.startsWith(term.word)))
      );
    case 'phrase':
      return wordsIn(term.in).some((words) => hasPhrase(words, term));
    case 'text': {
      const isIn = searchFieldNames.some((name) => fold(ticket[name]).includes(term.text));
      const [word, ...others] = term.words;
      const begins = (words: readonly string[]) => words.some((each) => each.startsWith(word ?? ''));
      return isIn && (word === undefined || others.length > 0 || wordsIn('all').some(begins));
    }
    case 'number':
      return ticket.id === term.id;
    case 'choice':
      return term.values.includes(ticket[term.field]);
    case 'tag':
      return term.tags.some((tag) => ticket.tags.includes(tag));
    case 'person': {
      const id = ticket[term.field];
      return id === null ? term.nobody : term.ids.includes(id);
    }
    case 'time': {
      const time = ticket[term.field];
      if (time === null || term.none) return time === null && term.none;
      return (term.from === null || time >= term.from) && (term.until === null || time < term.until);
    }
  }
}

function hasPhrase(
  words: readonly string[],
  { words: wanted, isPrefix }: { words: readonly string[]; isPrefix: boolean },
): boolean {
  return (
    wanted.length > 0 &&
    words.some((_, start) =>
      wanted.every((word, at) => {
        const found = words[start + at];
        return isPrefix && at === wanted.length - 1 ? found?.startsWith(word) : found === word;
      }),
    )
  );
}
