/** Where a text holds bare web addresses, as GitHub's Markdown finds them. */

export interface TextPart {
  /** Where it begins. */
  at: number;
  text: string;
  isAddress: boolean;
}

/** Of these schemes alone, and not within a word or another address. Quotation marks and the full stops of Chinese and Japanese end it. */
const bare = /(?<![\w+.:/@=-])https?:\/\/[\p{L}\p{N}][^\s<>"“”„«»「」、。，；：！？（）\u{3000}]*/giu;

/** What stands at an address's end belongs to the sentence around it. */
const ofTheSentence = new Set(".,:;!?'’*_~…");
const openedBy: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  const add = (end: number, isAddress: boolean) => {
    if (end > done) parts.push({ at: done, text: text.slice(done, end), isAddress });
    done = end;
  };
  for (const { index, 0: found } of text.matchAll(bare)) {
    add(index, false);
    add(index + lengthWithin(found), true);
  }
  add(text.length, false);
  return parts;
}

/** A bracket at the end is the address's own where it is opened within it. */
function lengthWithin(address: string): number {
  const unopened: Record<string, number> = {};
  for (const [closing, opening] of Object.entries(openedBy)) {
    unopened[closing] = address.split(closing).length - address.split(opening).length;
  }
  let end = address.length;
  for (let last = address[end - 1] ?? ''; ; last = address[end - 1] ?? '') {
    const left = unopened[last] ?? 0;
    if (!ofTheSentence.has(last) && left <= 0) return end;
    unopened[last] = left - 1;
    end -= 1;
  }
}
