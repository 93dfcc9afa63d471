/** COPY into a table by `pg`, which knows its messages and has no call for it. */
import type pg from 'pg';
import type { Cell, Row } from './rows.ts';

/** What pg's connection has besides what its types say. */
interface CopyConnection extends pg.Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** The rows have the same columns. @throws what Postgres says of them; none was written then. */
export async function copyRows(client: pg.Client, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const text = rows.map((row) => columns.map((column) => encode(row[column] ?? null)).join('\t')).join('\n');
  const names = columns.map((column) => `"${column}"`).join(', ');
  await new Promise<void>((resolve, reject) => {
    client.query({
      submit: (connection: pg.Connection) => connection.query(`copy ${table} (${names}) from stdin`),
      handleCopyInResponse(connection: CopyConnection) {
        connection.sendCopyFromChunk(Buffer.from(`${text}\n`));
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
