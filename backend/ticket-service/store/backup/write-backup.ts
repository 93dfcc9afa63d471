/** Writes all that a database of Ticket Desk holds into one file, as it was at one moment, while it is in use. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { syncFolder } from '../../../data-folder.ts';
import { diskError, diskRemedy } from '../../../disk-errors.ts';
import { writeWholeFile } from '../../../whole-file.ts';
import { connectForUpkeep } from '../database.ts';
import {
  type BackupHeader,
  countRows,
  currentFormat,
  digestEnd,
  endOfTable,
  type TellRows,
} from './backup-format.ts';
import { checkBackup } from './read-backup.ts';
import { copyOf, type Table, tablesOf } from './tables.ts';

export interface BackupOptions {
  postgresUrl: string;
  /** Absolute path; what is there is replaced once the new one is whole. */
  file: string;
  appVersion: string;
  /** When it is made, for the person. */
  madeAt: Date;
  onRows?: TellRows;
  /** Calls it off; nothing of it stays. */
  signal?: AbortSignal;
}

/**
 * Makes a backup and reads it through; only then it has its name.
 * @returns what it says of itself
 * @throws DeskError UNAVAILABLE: the disk refuses; and what Postgres says. The file that was there before is whole.
 */
export async function writeBackup(options: BackupOptions): Promise<BackupHeader> {
  const { file, signal, onRows } = options;
  const folder = path.dirname(file);
  const client = await connectForUpkeep(options.postgresUrl, signal);
  try {
    await client.query('begin transaction isolation level repeatable read, read only');
    const tables = await tablesOf(client);
    const header = await headerOf(client, tables, options);
    const content = contentOf(client, tables, header, onRows);
    await writeWholeFile(file, content, { signal, check: (written) => checkBackup(written, onRows) });
    await syncFolder(folder);
    return header;
  } catch (thrown) {
    throw thrown instanceof pg.DatabaseError || !diskRemedy(thrown) ? thrown : diskError(thrown, folder);
  } finally {
    await client.end();
  }
}

async function headerOf(
  client: pg.Client,
  tables: readonly Table[],
  { appVersion, madeAt }: BackupOptions,
): Promise<BackupHeader> {
  const versions = await client.query<{ version: number }>(
    'select max(version) as version from schema_migrations',
  );
  const rows: Record<string, number> = {};
  for (const { name, quoted } of tables) {
    const counted = await client.query<{ count: number }>(`select count(*)::integer as count from ${quoted}`);
    rows[name] = counted.rows[0]?.count ?? 0;
  }
  return {
    ticketDeskBackup: currentFormat,
    migration: versions.rows[0]?.version ?? 0,
    madeBy: appVersion,
    madeAt: madeAt.toISOString(),
    rows,
  };
}

async function* contentOf(
  client: pg.Client,
  tables: readonly Table[],
  header: BackupHeader,
  onRows: TellRows | undefined,
) {
  const hash = createHash('sha256');
  const hashed = (chunk: Buffer) => {
    hash.update(chunk);
    return chunk;
  };
  yield hashed(Buffer.from(`${JSON.stringify(header)}\n`));
  const gzip = createGzip();
  const fed = pipeline(Readable.from(rowsOf(client, tables, (passed) => onRows?.(passed, header))), gzip);
  fed.catch(() => undefined);
  for await (const chunk of gzip) yield hashed(chunk);
  await fed;
  // Last: no row that is in it may be given a number again.
  const sequences = JSON.stringify(await sequencesOf(client));
  yield hashed(Buffer.from(`\n{"sequences":${sequences},"sha256":"`));
  yield Buffer.from(hash.digest('hex') + digestEnd);
}

async function* rowsOf(client: pg.Client, tables: readonly Table[], onRows: (passed: number) => void) {
  for (const table of tables) {
    yield Buffer.from(`${JSON.stringify({ table: table.name, columns: table.columns })}\n`);
    for await (const rows of client.query(copyTo(copyOf(table, 'to stdout'))) as AsyncIterable<Buffer>) {
      onRows(countRows(rows));
      yield rows;
    }
    yield endOfTable;
  }
}

async function sequencesOf(client: pg.Client): Promise<Record<string, string | null>> {
  const { rows } = await client.query<{ name: string; last: string | null }>(
    'select sequencename as name, last_value::text as last from pg_sequences where schemaname = current_schema()',
  );
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]));
}
