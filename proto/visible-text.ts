/** Whether a text shows anything, and how texts of others are shown so that they turn nothing around. */

/** Blanks, controls, marks without a letter, and what Unicode says is not to be drawn; Braille's blank is drawn blank. */
const unseen = /^[\s\p{Cc}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u2800]*$/u;

/** False for a text of blanks, and of characters such as the zero width space. */
export function isVisible(text: string): boolean {
  return !unseen.test(text);
}

/** Embeddings, overrides and isolates: they turn what follows, also beyond the text that they stand in. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g;

/** A text as it is shown beside others, in an element of its own direction. What is stored stays as it was typed. */
export function shownText(text: string): string {
  return isVisible(text) ? text.replace(turning, '') : '(no visible text)';
}

/** Hebrew, Arabic and the other scripts that are written from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** As long as the longest name of a view. */
const maxQuoted = 60;

/** A text within a sentence, in quotation marks, which shows as much as says which one is meant; isolated from it where its direction is another. */
export function quoted(text: string): string {
  const letters = [...shownText(text)];
  const shown = letters.slice(0, maxQuoted).join('') + (letters.length > maxQuoted ? '…' : '');
  return `“${rightToLeft.test(shown) ? `\u2068${shown}\u2069` : shown}”`;
}
