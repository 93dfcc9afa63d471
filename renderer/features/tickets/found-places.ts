/** Where in a text as it is shown the words of a search are: the search itself knows folded words alone. */
import type { SearchTerm } from '../../../proto/search-language.ts';
import { searchWords, symbols } from '../../../proto/search-words.ts';

/** In UTF-16 units; `to` is behind it. */
interface Place {
  from: number;
  to: number;
}

interface PlacedWord extends Place {
  word: string;
}

/** In the order of the text, and none in another. */
export function foundIn(text: string, terms: readonly SearchTerm[]): Place[] {
  if (terms.length === 0) return [];
  const placed = placedWords(text);
  const found = terms.flatMap((term) => (term.isNot ? [] : placesOf(term, text, placed)));
  return joined(found.sort((a, b) => a.from - b.from));
}

function placesOf(term: SearchTerm, text: string, placed: readonly PlacedWord[]): Place[] {
  if (term.kind !== 'word' && term.kind !== 'phrase') return [];
  const isPrefix = term.kind === 'word' || term.isPrefix;
  const wanted = term.kind === 'word' ? [term.word] : term.words;
  const lastWanted = wanted.at(-1) ?? '';
  return placed.flatMap(({ from }, start) => {
    const run = placed.slice(start, start + wanted.length);
    const last = run.at(-1);
    const isFound = wanted.every((word, at) => {
      const there = run[at]?.word;
      return isPrefix && at === wanted.length - 1 ? there?.startsWith(word) : there === word;
    });
    return isFound && last ? [{ from, to: isPrefix ? endOf(lastWanted, text, last) : last.to }] : [];
  });
}

/** Where the beginning of a word ends that is as much as was typed. */
function endOf(typed: string, text: string, { word, from, to }: PlacedWord): number {
  if (word === typed) return to;
  let end = from;
  for (const character of text.slice(from, to)) {
    end += character.length;
    // The marks on a letter follow it.
    const isWhole = !/^\p{M}/u.test(text.slice(end, to));
    if (isWhole && searchWords(text.slice(from, end))[0]?.startsWith(typed)) return end;
  }
  return to;
}

function joined(places: readonly Place[]): Place[] {
  const all: Place[] = [];
  for (const { from, to } of places) {
    const last = all.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}

const unspaced = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Mymr}\p{sc=Khmr}\u30fc`;
/** Letters and what belongs to them; of scripts that are written without blanks apart from others, and symbols, too. */
const runs = new RegExp(`[${unspaced}]+|[${symbols}]+|[^\\s\\p{P}${unspaced}${symbols}]+`, 'gu');

/** The words that are searched, with the place of each in the text that they stand in. */
function placedWords(text: string): PlacedWord[] {
  return [...text.matchAll(runs)].flatMap(({ 0: run, index }) => {
    const words = searchWords(run);
    const characters = [...run];
    const isPairs = words.length > 1 && words.length === characters.length;
    let at = index;
    return words.map((word, n) => {
      if (!isPairs) return { word, from: index, to: index + run.length };
      const [first = '', second = ''] = characters.slice(n, n + 2);
      const place = { word, from: at, to: at + first.length + second.length };
      at += first.length;
      return place;
    });
  });
}
