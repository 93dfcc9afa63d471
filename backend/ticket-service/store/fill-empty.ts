/** Fills what an older service left empty in tickets that were stored before the trigger was there that does it since. */
import type pg from 'pg';
import { maxInt32 } from '../../../proto/ticket-fields.ts';
import type { Logger } from '../../logger.ts';

/** Rows of one transaction: short enough that nobody who wants one of them waits for long. */
const batchRows = 5_000;
/** For a table to be free; whoever comes behind waits as long. */
const lockTimeout = '3s';

/** Tickets of unknown time count as filed before anything that is filed from now on, whichever clock says when. */
export const timeUnknown = "now() - interval '5 minutes'";

/** What a ticket has where nothing was stored. */
const fillings = {
  title: "''",
  description: "''",
  name: "''",
  status: "'New'",
  created_at: timeUnknown,
  updated_at: timeUnknown,
};
const columns = Object.keys(fillings);
const isIncomplete = ["status = ''", ...[...columns, 'search'].map((column) => `${column} is null`)].join(
  ' or ',
);

/** A transaction that waits for no lock longer than 3 s; nothing of it is done when it fails. */
export async function transaction(client: pg.Client, run: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await client.query(`set local lock_timeout = '${lockTimeout}'`);
    await run();
    await client.query('commit');
  } catch (thrown) {
    await client.query('rollback').catch(() => undefined);
    throw thrown;
  }
}

/**
 * Gives every ticket what it lacks, in batches, and its columns back the NOT NULL that an older service drops. Done
 * again after a kill it goes on; where nothing is to do it costs a look.
 */
export async function fillEmptyColumns(client: pg.Client, logger: Logger): Promise<void> {
  const nullable = await nullableColumns(client);
  if (nullable.length === 0 && !(await hasIncomplete(client))) return;
  const count = await fillEmpty(client, logger);
  if (nullable.length > 0) await restoreNotNull(client, nullable);
  logger.info({ tickets: count, columns: nullable }, 'filled what an older service had left empty');
}

async function nullableColumns(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = 'tickets'::regclass and attname = any($1) and not attnotnull`,
    [columns],
  );
  return rows.map(({ name }) => name);
}

/** By the indexes alone. */
async function hasIncomplete(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select exists (select from tickets where status = '')
       or exists (select from tickets where search is null) as found`,
  );
  return rows[0]?.found ?? false;
}

async function fillEmpty(client: pg.Client, logger: Logger): Promise<number> {
  const values = Object.entries(fillings)
    .map(
      ([column, value]) =>
        `${column} = coalesce(${column === 'status' ? "nullif(status, '')" : column}, ${value})`,
    )
    .join(', ');
  let count = 0;
  for (let after = 0; after < maxInt32; ) {
    const last = await lastOfBatch(client, after);
    const { rowCount } = await client.query(
      `update tickets set ${values} where id > $1 and id <= $2 and (${isIncomplete})`,
      [after, last],
    );
    count += rowCount ?? 0;
    logger.debug({ throughId: last, tickets: count }, 'filling what is empty in tickets');
    after = last;
  }
  return count;
}

async function lastOfBatch(client: pg.Client, after: number): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `select id::integer from tickets where id > $1 order by id offset ${batchRows - 1} limit 1`,
    [after],
  );
  return rows[0]?.id ?? maxInt32;
}

/** By a constraint that is validated without keeping anybody from the table: SET NOT NULL alone would look at each row under lock. */
async function restoreNotNull(client: pg.Client, nullable: readonly string[]): Promise<void> {
  const filled = nullable.map((column) => `${column} is not null`).join(' and ');
  await transaction(client, async () => {
    await client.query('alter table tickets drop constraint if exists tickets_filled');
    await client.query(`alter table tickets add constraint tickets_filled check (${filled}) not valid`);
  });
  await client.query('alter table tickets validate constraint tickets_filled');
  await transaction(client, async () => {
    const changes = nullable.map((column) => `alter column ${column} set not null`);
    await client.query(`alter table tickets ${[...changes, 'drop constraint tickets_filled'].join(', ')}`);
  });
}
