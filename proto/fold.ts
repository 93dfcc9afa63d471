/**
 * When a text contains another: in any case, whatever way its letters were typed. The ticket service decides it in SQL
 * (its migration 004), and a test holds the two together. This is for tickets that no such service has: those of one
 * that can not search, and creates on their way.
 */

/** Characters that nobody sees: soft hyphens, zero width spaces, marks of direction, variants. */
const unseen = /[\ufe00-\ufe0f]|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const marksOnLetters = /[\u0300-\u036f]/g;
const blanks = /[\t\n\v\f\r \u0085\u1680\u2028\u2029]+/g;

/** In pieces, as the time that one takes grows with the square of the marks in a row. */
function normalised(text: string, form: 'NFKC' | 'NFKD'): string {
  return text.replace(/.{1,255}/gsu, (piece) => piece.normalize(form));
}

/** The form in which texts are compared. Takes time as the text is long, whatever it holds. */
export function fold(text: string): string {
  return normalised(text, 'NFKD')
    .replace(marksOnLetters, '')
    .replace(unseen, '')
    .toLowerCase()
    .replace(/\u03c2/g, '\u03c3')
    .replace(/\u0131/g, 'i')
    .replace(/\u00df/g, 'ss')
    .replace(blanks, ' ');
}

/** Each folded word of a text with a blank before it, so that one may hold the beginning of another: of what is proposed. */
export function wordBeginnings(text: string): string {
  return ` ${fold(text.trim()).replaceAll(/[-.@/ ]+/g, ' ')}`;
}

/**
 * The one form of tags, in which they are stored, shown and looked for: "VPN" and " vpn " are one, and a comma parts two.
 * In lower case, as no way to write one is the right one; marks on letters stay, as a tag is read and not only compared.
 */
export function foldTags(text: string): string[] {
  return normalised(normalised(text, 'NFKC').replace(unseen, '').toLowerCase(), 'NFKC')
    .replace(blanks, ' ')
    .split(',')
    .map((tag) => tag.trim());
}
