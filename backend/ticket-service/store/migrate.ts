/** Brings the database to the form that this service knows. */
import pg from 'pg';
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { connectionConfig } from './database.ts';
import { migrations } from './generated/migrations.ts';

/** Any number, the same in every Ticket Desk: services that start together migrate one after the other. */
const lockKey = 7_220_394_015;

/** The format's number stands at the front of the file's name. */
const numbered = migrations.map(({ name, sql }) => ({ version: Number.parseInt(name, 10), name, sql }));
const newest = Math.max(...numbered.map(({ version }) => version));

/**
 * Applies what is missing, all of it or nothing.
 * @throws DeskError BAD_USER_INPUT: the database was made by a newer Ticket Desk; it is left as it is.
 */
export async function migrate(postgresUrl: string, logger: Logger): Promise<void> {
  const client = new pg.Client(connectionConfig(postgresUrl));
  // A break is also told to the query that runs, if one does.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
    await applyMissing(client, logger);
    await client.query('commit');
  } finally {
    // Ends a transaction that was not committed, too.
    await client.end();
  }
}

async function applyMissing(client: pg.Client, logger: Logger): Promise<void> {
  await client.query(
    `create table if not exists schema_migrations
       (version integer primary key, name text not null, applied_at timestamptz not null default now())`,
  );
  const { rows } = await client.query<{ version: number }>(
    'select coalesce(max(version), 0) as version from schema_migrations',
  );
  const present = rows[0]?.version ?? 0;
  if (present > newest) {
    throw new DeskError(
      'BAD_USER_INPUT',
      `The database was made by a newer Ticket Desk: its format is ${present}, and this one knows formats up to ${newest}. Install the newer Ticket Desk. Nothing was changed.`,
    );
  }
  for (const { version, name, sql } of numbered) {
    if (version <= present) continue;
    await client.query(sql);
    await client.query('insert into schema_migrations (version, name) values ($1, $2)', [version, name]);
    logger.info({ migration: name }, 'database migrated');
  }
}
