/**
 * Fills a database with the helpdesk of a seed: all of it in one transaction, or nothing. What is dropped and disabled
 * for the load is what the database itself lists, and is made again from that, so a migration changes nothing here.
 */
import type pg from 'pg';
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { pause } from '../../pause.ts';
import { exists } from '../../ticket-service/store/adopt.ts';
import { connectForUpkeep } from '../../ticket-service/store/database.ts';
import { migrate } from '../../ticket-service/store/migrate.ts';
import { notConnected, unusable } from '../../ticket-service/store/postgres-errors.ts';
import { blocksOf } from './blocks.ts';
import { copyRows, encodeRows } from './copy.ts';
import type { SeedPlan } from './plan.ts';
import { blockCount, seededAgents } from './rows.ts';

/** How long connections that were ended may take to be gone. */
const closingMs = 2000;

/** Tables that are empty as long as nobody has filed anything. */
const usedTables = [
  'tickets',
  'deleted_tickets',
  'comments',
  'ticket_history',
  'create_results',
  'rejected_creates',
];
const filledTables = ['tickets', 'comments', 'ticket_history'] as const;

/**
 * What triggers do for each row: the seed writes the history itself, with the times of its story, and the words of each
 * ticket; and the feed of changes is for those who watch, of whom there are none.
 */
const leftOut = ['record_ticket_change', 'keep_history', 'record_comment', 'search_ticket'];

export interface SeedOptions {
  postgresUrl: string;
  plan: SeedPlan;
  logger: Logger;
  /** Ends it, with nothing changed. */
  signal?: AbortSignal;
  /** @param share of the rows that are written, from 0 to 1 */
  onRows?: (share: number) => void;
  /** Told what takes a while besides, in words for the person. */
  onStep?: (text: string) => void;
}

/**
 * @returns 'present' when this database was filled by the same seed before; then nothing was done
 * @throws DeskError CONFLICT: it holds anything that this seed did not make, or a ticket service runs on it; what is wrong
 * with POSTGRES_URL or its database. Nothing was changed.
 */
export async function seedDatabase(options: SeedOptions): Promise<'seeded' | 'present'> {
  const { postgresUrl, plan, logger, onStep = () => {} } = options;
  const client = await connectForUpkeep(postgresUrl, options.signal).catch((thrown: unknown) => {
    throw notConnected(thrown);
  });
  try {
    if (await isSeeded(client, plan)) return 'present';
    await refuseUsed(client);
    await refuseService(client, options.signal);
    await migrate(postgresUrl, logger, options.signal).catch((thrown: unknown) => {
      throw unusable(thrown);
    });
    await client.query('begin');
    await client.query(`lock table ${usedTables.join(', ')} in access exclusive mode`);
    await refuseUsed(client);
    await client.query(`set local maintenance_work_mem = '256MB'`);
    // Of tables that are emptied in the same transaction Postgres may write rows without their log.
    await client.query(`truncate ${usedTables.join(', ')} restart identity`);
    const restoreIndexes = await dropIndexes(client);
    const restoreTriggers = await disableTriggers(client);
    await writeRows(client, options);
    await restoreTriggers();
    await restoreIndexes(onStep);
    await client.query(
      `create table ticket_seed as select $1::bigint as seed, $2::integer as tickets, $3::timestamptz as until`,
      [plan.seed, plan.tickets, plan.until],
    );
    onStep('writing it to the disk');
    await client.query('commit');
    onStep('letting Postgres take stock');
    await client.query('vacuum (analyze)');
    return 'seeded';
  } finally {
    // Ends a transaction that was not committed.
    await client.end();
  }
}

/** @throws DeskError CONFLICT: by another seed */
async function isSeeded(client: pg.Client, { seed, tickets, until }: SeedPlan): Promise<boolean> {
  if (!(await exists(client, 'ticket_seed'))) return false;
  const { rows } = await client.query<{ seed: string; tickets: number; until: Date }>(
    'select seed, tickets, until from ticket_seed',
  );
  const [there] = rows;
  if (Number(there?.seed) === seed && there?.tickets === tickets && there.until.getTime() === until.getTime())
    return true;
  throw new DeskError(
    'CONFLICT',
    `The database was filled with ${there?.tickets} tickets of seed ${there?.seed} until ${there?.until.toISOString().slice(0, 10)}. Give an empty one for another seed. Nothing was changed.`,
  );
}

async function refuseUsed(client: pg.Client): Promise<void> {
  for (const table of usedTables) {
    if (!(await exists(client, table))) continue;
    const { rows } = await client.query<{ used: boolean }>(`select exists (select from ${table}) as used`);
    if (!rows[0]?.used) continue;
    throw new DeskError(
      'CONFLICT',
      `The database holds what this seed did not make (table ${table} is not empty). Give an empty one. Nothing was changed.`,
    );
  }
}

/**
 * One that runs would go on with what it has cached, and would hear nothing of the new tickets. Postgres lists the
 * connections of one that was just stopped for a moment more.
 */
async function refuseService(client: pg.Client, signal?: AbortSignal): Promise<void> {
  const until = performance.now() + closingMs;
  while (true) {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
       and application_name = (select application_name from pg_stat_activity where pid = pg_backend_pid()) limit 1`,
    );
    if (!rowCount) return;
    if (performance.now() > until) break;
    await pause(closingMs / 20, signal);
  }
  throw new DeskError(
    'CONFLICT',
    'A ticket service runs on the database. Stop it, then seed. Nothing was changed.',
  );
}

/** All but those that keep a constraint. @returns makes them again as they were */
async function dropIndexes(client: pg.Client): Promise<(onStep: (text: string) => void) => Promise<void>> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = any($1::text[]::regclass[])
       and not exists (select from pg_constraint where conindid = indexrelid and conrelid = indrelid)
     order by indexrelid`,
    [filledTables],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return async (onStep) => {
    for (const [number, { name, definition }] of rows.entries()) {
      onStep(`building index ${number + 1} of ${rows.length}: ${name}`);
      await client.query(definition);
    }
  };
}

/** @returns enables them again */
async function disableTriggers(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ table: string; name: string }>(
    `select tgrelid::regclass::text as "table", quote_ident(tgname) as name
     from pg_trigger join pg_proc on pg_proc.oid = tgfoid
     where tgrelid = any($1::text[]::regclass[]) and proname = any($2) and tgenabled <> 'D'`,
    [filledTables, leftOut],
  );
  for (const { table, name } of rows) await client.query(`alter table ${table} disable trigger ${name}`);
  return async () => {
    for (const { table, name } of rows) await client.query(`alter table ${table} enable trigger ${name}`);
  };
}

async function writeRows(client: pg.Client, { plan, onRows = () => {} }: SeedOptions): Promise<void> {
  await copyRows(client, 'agents', encodeRows(seededAgents(plan)));
  let written = 0;
  for await (const block of blocksOf(plan)) {
    for (const table of filledTables) await copyRows(client, table, block[table], { isFresh: true });
    written += 1;
    onRows(written / blockCount(plan));
  }
  for (const table of ['tickets', 'comments']) {
    await client.query(
      `select setval(pg_get_serial_sequence('${table}', 'id'), max(id)) from ${table} having max(id) is not null`,
    );
  }
  // The ledger remembers each request for ever. Without a digest it compares what is filed again with the ticket itself.
  await client.query(
    `insert into create_results (request_id, ticket_id, at) select request_id, id, created_at from tickets`,
  );
}
