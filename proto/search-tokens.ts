/** Where the terms of a search begin and end, and where the values in them: what parts a text, before its meaning. */

/** A term, or a text alone, before it is known what it means. */
export interface Token {
  isNot: boolean;
  /** The place in UTF-16 units; `to` is behind it. */
  from: number;
  to: number;
  /** The word before the colon; undefined for a text alone. */
  term: string | undefined;
  parts: readonly Part[];
}

/** A value, or a text; the place has the quotes in it. */
export interface Part {
  text: string;
  from: number;
  to: number;
  isQuoted: boolean;
  /** It has no closing quote, as it is still being typed. */
  isOpen: boolean;
}

/** The terms of a text, one after the other, and none that is empty. @param isTerm whether a word, in lower case, can stand before a colon */
export function tokensOf(text: string, isTerm: (word: string) => boolean): Token[] {
  const tokens: Token[] = [];
  for (let from = behind(/\s*/y, text, 0); from < text.length; ) {
    const isNot = text[from] === '-';
    const head = from + Number(isNot);
    const word = matchAt(/(\p{L}+):/uy, text, head)?.[1];
    const term = word && isTerm(word.toLowerCase()) ? word.toLowerCase() : undefined;
    const value = head + (term ? term.length + 1 : 0);
    const { parts, to } = partsAt(text, value, term === undefined ? /\S+/y : /[^\s,]+/y);
    tokens.push({ isNot, from, to, term, parts });
    from = behind(/\s*/y, text, to);
  }
  return tokens;
}

/** A value as it is typed: in quotes where it would end or be read otherwise without, and each quote in them twice. */
export function typedValue(value: string): string {
  return /[\s,]|^"/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** What stands there, in quotes or bare; after a comma the next, where commas end what is bare. */
function partsAt(text: string, start: number, bare: RegExp): { parts: Part[]; to: number } {
  const parts: Part[] = [];
  for (let from = start; ; from += 1) {
    const [whole = '', inside, closing] =
      matchAt(/"((?:[^"]|"")*)("?)/y, text, from) ?? matchAt(bare, text, from) ?? [];
    const to = from + whole.length;
    const isQuoted = inside !== undefined;
    const value = isQuoted ? inside.replaceAll('""', '"') : whole;
    if (whole !== '') parts.push({ text: value, from, to, isQuoted, isOpen: closing === '' });
    from = to;
    if (text[to] !== ',') return { parts, to };
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function behind(pattern: RegExp, text: string, at: number): number {
  return at + (matchAt(pattern, text, at)?.[0].length ?? 0);
}
