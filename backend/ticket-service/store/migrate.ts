/** Brings the database to the form that this service knows. */
import type pg from 'pg';
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { adoptBaseTable } from './adopt.ts';
import { dropForeignChanges } from './changes.ts';
import { connectForUpkeep } from './database.ts';
import { fillEmptyColumns } from './fill-empty.ts';
import { migrations } from './generated/migrations.ts';

/** Any number, the same in every Ticket Desk: services that start together migrate one after the other. */
const lockKey = 7_220_394_015;

/** The format's number stands at the front of the file's name. */
const versionOf = (name: string) => Number.parseInt(name, 10);
/** The format that this service knows best. */
export const newest = Math.max(...migrations.map(({ name }) => versionOf(name)));

/**
 * Applies what is missing, all of it or nothing; before that it takes over the tickets of an older service, which has
 * steps of its own.
 * @throws DeskError BAD_USER_INPUT: the database was made by a newer Ticket Desk, or its tables by another program; it
 * is left as it is.
 * @throws DeskError UNAVAILABLE: another service is at it.
 */
export async function migrate(postgresUrl: string, logger: Logger, signal?: AbortSignal): Promise<void> {
  const client = await connectForUpkeep(postgresUrl, signal);
  try {
    await takeTurn(client);
    const applied = await appliedVersions(client);
    if (applied.size === 0) await adoptBaseTable(client, { logger, record: (name) => record(client, name) });
    await client.query('begin');
    await applyMissing(client, logger);
    await client.query('commit');
    await dropForeignChanges(client);
    await fillEmptyColumns(client, logger);
  } finally {
    // Ends a transaction that was not committed, and the turn, too.
    await client.end();
  }
}

/**
 * Until the connection ends. Does not wait for it: an index that is built concurrently would wait for whoever waits here.
 * @throws DeskError UNAVAILABLE: another service is at it.
 */
export async function takeTurn(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
    lockKey,
  ]);
  if (rows[0]?.taken) return;
  throw new DeskError('UNAVAILABLE', 'Another ticket service is bringing the database up to date.');
}

/** @throws DeskError BAD_USER_INPUT: another program keeps its own under this name. */
async function appliedVersions(client: pg.Client): Promise<Set<number>> {
  const { rows: columns } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = to_regclass('schema_migrations') and attnum > 0 and not attisdropped`,
  );
  if (columns.length === 0) return new Set();
  const names = columns.map(({ name }) => name);
  if (!['version', 'name', 'applied_at'].every((name) => names.includes(name))) {
    throw new DeskError(
      'BAD_USER_INPUT',
      `The database holds a table "schema_migrations" of another program, with the columns ${names.join(', ')}. Nothing was changed. Rename it (alter table schema_migrations rename to other_migrations), or give Ticket Desk a database of its own: docs/moving.md tells how to move tickets there.`,
    );
  }
  const { rows } = await client.query<{ version: number }>('select version from schema_migrations');
  return new Set(rows.map(({ version }) => version));
}

/**
 * In the transaction of the caller.
 * @param through the last one to apply; those after it stay out
 * @throws DeskError BAD_USER_INPUT: the database was made by a newer Ticket Desk
 */
export async function applyMissing(client: pg.Client, logger: Logger, through = newest): Promise<void> {
  const applied = await appliedVersions(client);
  const present = Math.max(0, ...applied);
  if (present > newest) {
    throw new DeskError(
      'BAD_USER_INPUT',
      `The database was made by a newer Ticket Desk: its format is ${present}, and this one knows formats up to ${newest}. Install the newer Ticket Desk. Nothing was changed.`,
    );
  }
  const missing = migrations.filter(
    ({ name }) => !applied.has(versionOf(name)) && versionOf(name) <= through,
  );
  for (const { name, sql } of missing) {
    await client.query(sql);
    await record(client, name);
    logger.info({ migration: name }, 'database migrated');
  }
}

/** Notes that this one has been applied. */
async function record(client: pg.Client, name: string): Promise<void> {
  await client.query(
    `create table if not exists schema_migrations
       (version integer primary key, name text not null, applied_at timestamptz not null default now())`,
  );
  await client.query('insert into schema_migrations (version, name) values ($1, $2)', [
    versionOf(name),
    name,
  ]);
}
