/** What the terms of a search ask of a ticket, in SQL: its words of one vector (migration 011), the rest of columns. */
import { type RankingTerm, rankingTerms } from '../../../proto/matching.ts';
import type { SearchPlace, SearchTerm } from '../../../proto/search-language.ts';
import { searchFieldNames, ticketFields } from '../../../proto/ticket-fields.ts';
import { columnOf } from './columns.ts';
import { assigneeOrNone, sortKeys, type Tier } from './cursor.ts';
import type { Values } from './walk.ts';

/** Weights in the vector: the requester's words have B. */
const weights: Record<SearchPlace, string> = { all: '', name: 'B' };

function lexeme(word: string): string {
  return `'${word.replace(/['\\]/g, '$&$&')}'`;
}

type WordTerm = SearchTerm & { kind: 'word' | 'phrase' | 'number' };
export const isWordTerm = (term: SearchTerm): term is WordTerm =>
  term.kind === 'word' || term.kind === 'phrase' || term.kind === 'number';

export interface CommonWord {
  word: string;
  /** Of all tickets, those that have it. */
  part: number;
}

/** Whole words for the beginning of one. */
export type Completion = (beginning: string) => readonly CommonWord[];

/** What may follow the first letter of a word that begins with an "s", as it is folded. */
const lettersAndDigits = [...'abcdefghijklmnopqrstuvwxyz0123456789æðøþđłœ'];

/** Each vector has the status, too, as "s:New" (migration 011), which begins with an "s", stands nowhere and is no word. */
function anyBegun(beginning: string, weight: string): string {
  const begun = (word: string) => `${lexeme(word)}:*${weight}`;
  if (beginning !== 's') return begun(beginning);
  return `(${[wholeWord('s', weight), ...lettersAndDigits.map((next) => begun(`s${next}`))].join(' | ')})`;
}

/** @param complete asks for whole words that begin so, which is less than was asked for, and not for all that do */
function begunWord(beginning: string, weight: string, complete?: Completion): string {
  if (!complete) return anyBegun(beginning, weight);
  return `(${complete(beginning)
    .map(({ word }) => wholeWord(word, weight))
    .join(' | ')})`;
}

function wholeWord(word: string, weight: string): string {
  return lexeme(word) + (weight && `:${weight}`);
}

/**
 * In the form of a tsquery. A word of digits alone may be a number, too. Of a long ticket the vector has not each place of a
 * word, but words with the ones behind them (migration 022).
 */
function wordQuery(term: WordTerm, complete?: Completion): string {
  if (term.kind === 'number') return lexeme(`#${term.id}`);
  const weight = weights[term.in];
  if (term.kind === 'word') {
    const begun = begunWord(term.word, weight, complete);
    return /^\d+$/.test(term.word) && term.in === 'all' ? `(${begun} | ${lexeme(`#${term.word}`)})` : begun;
  }
  const isBegun = (at: number) => term.isPrefix && at === term.words.length - 1;
  const words = term.words.map((word, at) =>
    isBegun(at) ? begunWord(word, weight, complete) : wholeWord(word, weight),
  );
  const inOrder = `(${words.join(' <-> ')})`;
  // The head of a ticket stands before all else in its vector, which has each place there.
  if (words.length === 1 || term.in !== 'all' || complete) return inOrder;
  const pairs = term.words
    .slice(1)
    .map((word, at) => lexeme(`${term.words[at]}>${word}`) + (isBegun(at + 1) ? ':*' : ''));
  return `(${inOrder} | ${pairs.join(' & ')})`;
}

/** As large a part of all tickets as has these whole words at the most; 0 where there is no beginning, or none for one. */
export function partOfWhole(terms: readonly SearchTerm[], complete: Completion): number {
  const beginnings = terms.filter(isWanted).flatMap((term) => {
    if (term.kind === 'word') return [term.word];
    return term.kind === 'phrase' && term.isPrefix ? term.words.slice(-1) : [];
  });
  const parts = beginnings.map((beginning) => complete(beginning).reduce((sum, { part }) => sum + part, 0));
  return parts.length > 0 ? Math.min(...parts) : 0;
}

const isWanted = ({ isNot }: SearchTerm) => !isNot;

/** That the head has it; a phrase by its words, too, which the index has, and not where in a text a word is. */
function headQuery(term: RankingTerm): string {
  if (term.kind === 'text') return headWords(term.words, true);
  if (term.kind === 'phrase') {
    const begins = (at: number) => (term.isPrefix && at === term.words.length - 1 ? '*' : '');
    const phrase = term.words.map((word, at) => `${lexeme(word)}:${begins(at)}AB`);
    return `${headWords(term.words, term.isPrefix)} & (${phrase.join(' <-> ')})`;
  }
  const begun = headWords([term.word], true);
  return /^\d+$/.test(term.word) ? `(${begun} | ${lexeme(`#${term.word}`)})` : begun;
}

function headWords(words: readonly string[], isPrefix: boolean): string {
  return words.map((word, at) => wordOfText(`=${word}`, isPrefix && at === words.length - 1)).join(' & ');
}

/** That a ticket is of this tier; undefined where each is of the first, as nothing ranks. */
function tierQuery(terms: readonly SearchTerm[], tier: Tier): string | undefined {
  const hits = rankingTerms(terms)
    .map(headQuery)
    .filter((query) => query !== '');
  if (hits.length === 0) return undefined;
  return tier === 'head' ? hits.join(' & ') : `!(${hits.join(' & ')})`;
}

/** What must be in the vector, as a tsquery; undefined where nothing must. */
export function wordsWanted(
  terms: readonly SearchTerm[],
  { tier, complete }: { tier?: Tier | undefined; complete?: Completion | undefined } = {},
): string | undefined {
  const words = terms.filter(isWanted).flatMap((term) => {
    if (isWordTerm(term)) return [wordQuery(term, complete)];
    // All of its words are in a ticket that has the text, and few others have them.
    return term.kind === 'text'
      ? term.words.map((word, at) => wordOfText(word, at === term.words.length - 1))
      : [];
  });
  if (words.length === 0) return undefined;
  const ranked = tier && tierQuery(terms, tier);
  return [...words, ...(ranked === undefined ? [] : [ranked])].join(' & ');
}

/** What must hold beside the words that must be there. */
export function termConditions(values: Values, terms: readonly SearchTerm[]): string[] {
  return terms.flatMap((term) => {
    if (isWordTerm(term)) return term.isNot ? [`not search @@ ${values.add(wordQuery(term))}::tsquery`] : [];
    const holds = factCondition(values, term);
    return [term.isNot ? `(${holds}) is not true` : holds];
  });
}

function wordOfText(word: string, isLast: boolean): string {
  return lexeme(word) + (isLast ? ':*' : '');
}

function factCondition(values: Values, term: Exclude<SearchTerm, WordTerm>): string {
  switch (term.kind) {
    case 'text': {
      const pattern = values.add(`%${term.text.replace(/[\\%_]/g, '\\$&')}%`);
      return `(${searchFieldNames.map((name) => `fold(${columnOf(name)}) like ${pattern}`).join(' or ')})`;
    }
    case 'choice':
      return `${columnOf(term.field)} = any(${values.add(term.values)}::text[])`;
    case 'tag':
      return `tags && ${values.add(term.tags)}::text[]`;
    case 'person':
      // As the order by them has it, whose index serves it.
      return `${assigneeOrNone} = any(${values.add(term.nobody ? [...term.ids, ''] : term.ids)}::text[])`;
    case 'time': {
      if (term.none) return `${columnOf(term.field)} is null`;
      const bound = (sign: '<' | '>=', at: string | null) =>
        at === null ? [] : [timeCondition(term.field, sign, values.add(at))];
      return [...bound('>=', term.from), ...bound('<', term.until)].join(' and ');
    }
  }
}

const sortOfTime = { createdAt: 'CREATED', updatedAt: 'UPDATED', dueAt: ticketFields.dueAt.sort } as const;

/**
 * As the orders by a time have it, so that their indexes serve it: what is never due is behind every time in the one, and
 * before in the other.
 * @param at the place of the time in the statement
 */
export function timeCondition(field: keyof typeof sortOfTime, sign: '<' | '>=', at: string): string {
  return `${sortKeys[`${sortOfTime[field]}_${sign === '<' ? 'ASC' : 'DESC'}`].sql} ${sign} ${at}::timestamptz`;
}
