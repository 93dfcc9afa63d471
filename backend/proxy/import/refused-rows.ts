/** The rows of an import that were refused, a line of JSON each, on the disk: a hostile file may have as many as it has lines. */
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { foreignCursor } from '../foreign-cursor.ts';
import { rowsOf } from './row-cutter.ts';

export interface RefusedRow {
  line: number;
  /** Of the ticket; null: the row itself. */
  field: string | null;
  message: string;
}

export interface RefusedPage {
  rows: RefusedRow[];
  /** To go on after them; null: there are no more. */
  endCursor: string | null;
}

export class RefusedRows {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Writes them behind what is known of the list; what is longer was never answered for, and goes.
   * @returns how long the list is now (bytes)
   */
  async append(id: string, known: number, rows: readonly RefusedRow[]): Promise<number> {
    if (rows.length === 0) return known;
    const text = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const file = await open(this.#pathOf(id), 'a', 0o600);
    try {
      await file.truncate(known);
      await file.appendFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    return known + text.length;
  }

  /**
   * @param asked.known how long the list is (bytes)
   * @param asked.after the cursor of a page; undefined: the first
   * @throws DeskError BAD_USER_INPUT after: it is none
   */
  async page(
    id: string,
    { known, first, after = '0' }: { known: number; first: number; after: string | undefined },
  ): Promise<RefusedPage> {
    const rows: RefusedRow[] = [];
    const start = /^\d{1,15}$/.test(after) ? Number(after) : known + 1;
    if (start > known) throw foreignCursor('after');
    if (start === known) return { rows, endCursor: null };
    const chunks = createReadStream(this.#pathOf(id), { start, end: known - 1 });
    for await (const { bytes, next } of rowsOf(chunks, { delimiter: null, from: { byte: start, line: 0 } })) {
      rows.push(readRefused(bytes));
      if (rows.length === first) return { rows, endCursor: next.byte < known ? String(next.byte) : null };
    }
    return { rows, endCursor: null };
  }

  async remove(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}.refused`);
  }
}

function readRefused(bytes: Buffer | null): RefusedRow {
  try {
    return JSON.parse(bytes?.toString('utf8') ?? '');
  } catch (cause) {
    throw foreignCursor('after', cause);
  }
}
