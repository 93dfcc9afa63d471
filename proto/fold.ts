/**
 * When a text contains another: in any case, whatever way its letters were typed. The ticket service decides it in SQL
 * (its migration 004), and a test holds the two together. This is for tickets that no such service has: those of one
 * that can not search, and creates on their way.
 */

import { type SearchFieldName, searchFieldNames } from './ticket-fields.ts';

/** Marks on letters, and characters that nobody sees: soft hyphens, zero width spaces, marks of direction. */
const ignored =
  /[\u0300-\u036f]|[\ufe00-\ufe0f]|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/** The form in which texts are compared. Takes time as the text is long, whatever it holds. */
export function fold(text: string): string {
  return (
    text
      // In pieces, as the time that one takes grows with the square of the marks in a row.
      .replace(/.{1,255}/gsu, (piece) => piece.normalize('NFKD'))
      .replace(ignored, '')
      .toLowerCase()
      .replace(/\u03c2/g, '\u03c3')
      .replace(/\u0131/g, 'i')
      .replace(/\u00df/g, 'ss')
      .replace(/[\t\n\v\f\r \u0085\u1680\u2028\u2029]+/g, ' ')
  );
}

/** Whether one of the fields that are searched has the text. */
export function containsText(
  ticket: { [F in SearchFieldName]?: string | null | undefined },
  text: string,
): boolean {
  const wanted = fold(text);
  return searchFieldNames.some((name) => fold(ticket[name] ?? '').includes(wanted));
}
