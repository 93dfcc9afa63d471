/** What may be meant by the piece of a search that is being typed. */
import { isTerm, knownValues, type SearchContext, termNames } from '../../../proto/search-language.ts';
import { type Token, tokensOf, typedValue } from '../../../proto/search-tokens.ts';
import { proposeRequesters } from '../../state/requesters.ts';
import { proposeTags } from '../../state/seen-tags.ts';

/** What is known of values that are no closed list, the likeliest first. */
export interface SeenValues {
  tags: readonly string[];
  requesters: readonly string[];
}

export interface Completion {
  /** As they are listed: a whole term each. */
  options: readonly string[];
  /** What an option takes the place of, in UTF-16 units. */
  from: number;
  to: number;
}

const nothing: Completion = { options: [], from: 0, to: 0 };

/** @param caret behind what is being typed */
export function completionAt(
  text: string,
  caret: number,
  { context, seen }: { context: SearchContext; seen: SeenValues },
): Completion {
  const token = tokensOf(text, isTerm).find(({ from, to }) => from < caret && caret <= to);
  if (!token) return nothing;
  const { from, to, term } = token;
  if (term === undefined) return { from, to, options: termsFor(token) };
  const value = token.parts.find((part) => part.from <= caret && caret <= part.to);
  const valueFrom = value?.from ?? caret;
  const begun = text.slice(valueFrom, caret);
  const typed = begun.startsWith('"') ? begun.slice(1).replaceAll('""', '"') : begun;
  const values = valuesFor(term, typed, { context, seen }).map(typedValue);
  const before = text.slice(from, valueFrom);
  const valueTo = value?.to ?? caret;
  // Nothing is proposed for what stands there already.
  const options = values
    .map((value) => before + value)
    .filter((option) => option !== text.slice(from, valueTo));
  return { from, to: valueTo, options };
}

/** @returns the text with the option in it, and the place behind that, at which to type on */
export function complete(
  text: string,
  { from, to }: Completion,
  option: string,
): { text: string; caret: number } {
  const rest = text.slice(to);
  // A value ends a term; a word before a colon does not.
  const put = option.endsWith(':') || rest.startsWith(' ') ? option : `${option} `;
  return { text: text.slice(0, from) + put + rest, caret: from + put.length };
}

function termsFor({ isNot, parts: [part] }: Token): string[] {
  if (!part || part.isQuoted) return [];
  const typed = part.text.toLowerCase();
  return termNames()
    .filter((name) => name.startsWith(typed))
    .map((name) => `${isNot ? '-' : ''}${name}:`);
}

function valuesFor(
  term: string,
  typed: string,
  { context, seen }: { context: SearchContext; seen: SeenValues },
): string[] {
  if (term === 'requester') return proposeRequesters(seen.requesters, typed);
  return proposeTags(term === 'tag' ? seen.tags : knownValues(term, context), typed, []);
}
