/**
 * The words by which a text is found. The ticket service decides it in SQL (its migration 021), and a test holds the two
 * together; both work on the folded text, and on ranges of characters, as what counts as a letter differs by place.
 */
import { fold } from './fold.ts';

/** Everything that is no letter, digit or sign of a word: ASCII's and the general marks, and those of single scripts. */
const separators = String.raw`\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u2e00-\u2e7f\u3000-\u303f${
  // Of Armenian, Hebrew, Arabic, Indian scripts and Ethiopic.
  String.raw`\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0609-\u060d\u061b\u061d-\u061f\u066a-\u066d\u06d4\u0964\u0965\u0970\u1360-\u1368`
}`;
/** Of scripts without blanks between words: Thai, Lao, Burmese, Khmer, kana, Chinese. */
const unspacedScripts = String.raw`\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u{20000}-\u{2ffff}`;
/** Currencies, arrows, shapes and emoji: words, but none with the letters beside them. */
export const symbols = String.raw`\u20a0-\u20cf\u2190-\u2bff\u{1f000}-\u{1faff}`;
const unspaced = new RegExp(`[${unspacedScripts}]`, 'u');
const runs = new RegExp(
  `[${unspacedScripts}]+|[${symbols}]+|[^${unspacedScripts}${symbols}${separators}]+`,
  'gu',
);

/** What is behind this in a word tells nothing. */
const maxWordCharacters = 60;

/**
 * The folded words of a text in their order. Where a script has no blanks, each two characters that stand side by side
 * are a word, and the last one by itself, so that any part of it is found as a phrase.
 */
export function searchWords(text: string): string[] {
  return (fold(text).match(runs) ?? []).flatMap((run) =>
    unspaced.test(run) ? pairsOf([...run]) : beginningOf(run),
  );
}

/** Whether it is of a script in which a word is not known to end where it ends. */
export function isUnspaced(word: string): boolean {
  return unspaced.test(word);
}

function pairsOf(characters: readonly string[]): string[] {
  return characters.map((character, at) => character + (characters[at + 1] ?? ''));
}

/** Hardly any word is so long that its characters must be counted. */
function beginningOf(word: string): string {
  return word.length > maxWordCharacters ? [...word].slice(0, maxWordCharacters).join('') : word;
}
