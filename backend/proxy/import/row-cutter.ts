/** Cuts a file into rows, of which at most one is in memory, whatever the file holds. */

/** A row that is longer is passed over: no request could carry it. A ticket with hundreds of comments fits. */
export const maxRowBytes = 3 * 1024 * 1024;

/** Where a row begins: how many bytes and lines of the file are before it. */
export interface Place {
  byte: number;
  line: number;
}

export interface Row {
  /** The line that it begins in; the first is 1. */
  line: number;
  /** Without its line break; null where there is a problem. */
  bytes: Buffer | null;
  /** In words for the person. */
  problem: string | null;
  /** Where the next one begins. */
  next: Place;
}

const [lineFeed, carriageReturn, quote] = [0x0a, 0x0d, 0x22];

/** Where in a row of CSV the reader is. AFTER_QUOTE: behind a quote in a quoted cell, which ends it or is the first of two. */
type State = 'CELL_START' | 'PLAIN' | 'QUOTED' | 'AFTER_QUOTE';

export interface Cut {
  /** Of a CSV, whose cells may hold line breaks in quotes: one character of ASCII. Null: each line is a row. */
  delimiter: string | null;
  /** Where the first of the chunks begins. */
  from?: Place;
}

/** Each row that is not empty. */
export async function* rowsOf(
  chunks: AsyncIterable<Buffer>,
  { delimiter, from = { byte: 0, line: 0 } }: Cut,
): AsyncGenerator<Row> {
  const cutter = new Cutter(delimiter, from);
  for await (const chunk of chunks) yield* cutter.push(chunk);
  yield* cutter.end();
}

class Cutter {
  readonly #delimiter: number | null;
  #state: State = 'CELL_START';
  #isTorn = false;
  /** Of the row that is being read; empty once it is too long. */
  #parts: Buffer[] = [];
  #length = 0;
  /** What was read last is a line break. */
  #endsLine = false;
  #start: Place;
  #lines: number;

  constructor(delimiter: string | null, from: Place) {
    this.#delimiter = delimiter === null ? null : delimiter.charCodeAt(0);
    this.#start = from;
    this.#lines = from.line;
  }

  *push(chunk: Buffer): Generator<Row> {
    let begin = 0;
    for (let end = this.#rowEnd(chunk, 0); end !== -1; end = this.#rowEnd(chunk, begin)) {
      this.#take(chunk.subarray(begin, end));
      begin = end;
      yield* this.#finished();
    }
    this.#take(chunk.subarray(begin));
  }

  *end(): Generator<Row> {
    if (this.#length === 0) return;
    if (!this.#endsLine) this.#lines += 1;
    if (this.#state === 'QUOTED') this.#isTorn = true;
    yield* this.#finished();
  }

  /** Behind the line break that ends the row; -1: none of this chunk does. */
  #rowEnd(chunk: Buffer, from: number): number {
    if (this.#delimiter !== null) return this.#csvRowEnd(chunk, from, this.#delimiter);
    const at = chunk.indexOf(lineFeed, from);
    if (at === -1) return -1;
    this.#lines += 1;
    return at + 1;
  }

  #csvRowEnd(chunk: Buffer, from: number, delimiter: number): number {
    let state = this.#state;
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === lineFeed) this.#lines += 1;
      if (state === 'QUOTED') {
        if (byte === quote) state = 'AFTER_QUOTE';
      } else if (byte === lineFeed) {
        this.#state = 'CELL_START';
        return at + 1;
      } else if (byte === delimiter) state = 'CELL_START';
      else if (byte === quote && state !== 'PLAIN') state = 'QUOTED';
      else if (byte !== carriageReturn) {
        // What follows a quote that should have ended the cell was never meant to stand outside of it.
        if (state === 'AFTER_QUOTE') this.#isTorn = true;
        state = 'PLAIN';
      }
    }
    this.#state = state;
    return -1;
  }

  #take(part: Buffer): void {
    this.#length += part.length;
    this.#endsLine = part.at(-1) === lineFeed;
    if (this.#length > maxRowBytes) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  *#finished(): Generator<Row> {
    const next = { byte: this.#start.byte + this.#length, line: this.#lines };
    const problem = this.#problem();
    const bytes = problem === null ? withoutLineBreak(Buffer.concat(this.#parts)) : null;
    const line = this.#start.line + 1;
    [this.#parts, this.#length, this.#isTorn, this.#start] = [[], 0, false, next];
    if (bytes?.length !== 0) yield { line, bytes, problem, next };
  }

  #problem(): string | null {
    const begins = this.#start.line + 1;
    const until = this.#lines > begins ? ` All up to line ${this.#lines} was passed over with it.` : '';
    if (this.#length > maxRowBytes) {
      const mib = maxRowBytes / 1024 / 1024;
      const cause = this.#delimiter === null ? '' : ', or a quote in it is not closed';
      return `This row is longer than ${mib} MiB${cause}.${until}`;
    }
    return this.#isTorn ? `A quote in this row is not closed where its cell ends.${until}` : null;
  }
}

function withoutLineBreak(bytes: Buffer): Buffer {
  let end = bytes.length;
  if (bytes[end - 1] === lineFeed) end -= 1;
  if (bytes[end - 1] === carriageReturn) end -= 1;
  return bytes.subarray(0, end);
}
