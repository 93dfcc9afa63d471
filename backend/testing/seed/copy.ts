/** COPY into a table by `pg`, which knows its messages and has no call for it. */
import type pg from 'pg';
import type { Cell, Row } from './rows.ts';

/** What pg's connection has besides what its types say. */
interface CopyConnection extends pg.Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** Rows as COPY takes them. */
export interface CopyText {
  columns: readonly string[];
  bytes: Uint8Array;
}

/** @param rows with the same columns each */
export function encodeRows(rows: readonly Row[]): CopyText {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => columns.map((column) => encode(row[column] ?? null)).join('\t'));
  return { columns, bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')) };
}

/**
 * @param options.isFresh the table was emptied by this very transaction: its rows are written as they stay, so that no
 * vacuum writes them once more
 * @throws what Postgres says of the rows; none was written then
 */
export async function copyRows(
  client: pg.Client,
  table: string,
  { columns, bytes }: CopyText,
  options: { isFresh?: boolean } = {},
): Promise<void> {
  if (bytes.length === 0) return;
  const names = columns.map((column) => `"${column}"`).join(', ');
  await new Promise<void>((resolve, reject) => {
    client.query({
      submit: (connection: pg.Connection) =>
        connection.query(`copy ${table} (${names}) from stdin (freeze ${options.isFresh ?? false})`),
      handleCopyInResponse(connection: CopyConnection) {
        connection.sendCopyFromChunk(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
        connection.endCopyFrom();
      },
      handleCommandComplete() {},
      handleReadyForQuery: () => resolve(),
      handleError: (error: unknown) => reject(error),
    } as pg.Submittable);
  });
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** As COPY's text format has it. */
function encode(cell: Cell): string {
  if (cell === null) return '\\N';
  if (typeof cell === 'number') return String(cell);
  if (cell instanceof Date) return cell.toISOString();
  const text = typeof cell === 'string' ? cell : `{${cell.map((entry) => JSON.stringify(entry)).join(',')}}`;
  return text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
}
