/** Reads a flat JSON object (RFC 8259) and keeps where each key stands, so that a mistake can be named by its line. */

export interface PlacedEntry {
  key: string;
  value: string | number | boolean | null;
  /** From 1. */
  line: number;
}

/** What is wrong with the text as JSON, and where: both from 1. */
export class JsonProblem extends Error {
  readonly line: number;
  readonly column: number;

  constructor(text: string, offset: number, message: string) {
    super(message);
    const before = text.slice(0, offset).split('\n');
    this.line = before.length;
    this.column = (before.at(-1)?.length ?? 0) + 1;
  }
}

const token =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}:,]/uy;
const space = /[ \t\r\n]*/y;

interface Token {
  text: string;
  offset: number;
}

/** @throws JsonProblem with line and column */
export function readFlatObject(text: string): PlacedEntry[] {
  const next = tokenReader(text);
  const fail = (at: Token, message: string): never => {
    throw new JsonProblem(text, at.offset, message);
  };
  const expect = (wanted: string): Token => {
    const found = next();
    return found.text === wanted ? found : fail(found, `here should be ${wanted}`);
  };

  const entries: PlacedEntry[] = [];
  expect('{');
  let at = next();
  while (at.text !== '}') {
    if (!at.text.startsWith('"')) fail(at, 'here should be a key in double quotes');
    const { line } = new JsonProblem(text, at.offset, '');
    const key: string = JSON.parse(at.text);
    if (entries.some((entry) => entry.key === key)) fail(at, `"${key}" is there twice`);
    expect(':');
    const value = next();
    if (/^[{}:,]?$/.test(value.text))
      fail(value, `here should be a value for "${key}": a text, true or false`);
    entries.push({ key, value: JSON.parse(value.text), line });
    const after = next();
    if (after.text === '}') break;
    if (after.text !== ',') fail(after, 'here should be a comma or }');
    at = next();
    if (at.text === '}') fail(at, 'after a comma should be another key');
  }
  const rest = next();
  if (rest.text !== '') fail(rest, 'after the closing } should be nothing');
  return entries;
}

/** Answers one token after the other; at the end of the text, and at what is none, an empty one. */
function tokenReader(text: string): () => Token {
  let offset = 0;
  const take = (pattern: RegExp): Token => {
    pattern.lastIndex = offset;
    const taken = { text: pattern.exec(text)?.[0] ?? '', offset };
    offset += taken.text.length;
    return taken;
  };
  return () => {
    take(space);
    return take(token);
  };
}
