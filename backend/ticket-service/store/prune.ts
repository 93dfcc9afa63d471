/**
 * Forgets what has been kept long enough, in batches of a transaction each, on a connection without the limits of
 * requests: however much there is, it gets less, and nobody waits for it long.
 */
import type { Logger } from '../../logger.ts';
import { pause } from '../../pause.ts';
import { connectForUpkeep } from './database.ts';

/** Rows of one batch. */
const batchRows = 5_000;

interface Pruning {
  what: string;
  /** Where the first batch begins. */
  start: readonly string[];
  /**
   * Forgets at most $1 rows from $2 on, and answers how many, and up to where. What another service is just forgetting
   * it leaves out.
   */
  statement: string;
}

/** Of a table whose rows go as old as they are, none waiting for another. */
const deleteOld = (table: string, { id, at, days }: { id: string; at: string; days: number }) => `
        delete from ${table} where ${id} in (
          select ${id} from ${table}
          where ${at} < now() - interval '${days} days' and ${at} >= ($2::text[])[1]::timestamptz
          order by ${at} limit $1 for update skip locked
        ) returning ${id} as id, ${at} as at`;

const prunings: readonly Pruning[] = [
  {
    what: 'changes',
    start: ['0', '0'],
    // The mark says up to where changes may be gone. Of a transaction that goes in parts, also to who has read a part.
    statement: `
      with old as (
        select xact, seq from ticket_changes
        where (xact, seq) > (($2::text[])[1]::xid8, ($2::text[])[2]::bigint)
          and at < now() - interval '7 days' and xact < pg_snapshot_xmin(pg_current_snapshot())
          and xact <= (select xact from ticket_changes where at < now() - interval '7 days' order by at desc limit 1)
        order by xact, seq limit $1 for update skip locked
      ), gone as (
        delete from ticket_changes using old
        where ticket_changes.xact = old.xact and ticket_changes.seq = old.seq
        returning old.xact, old.seq
      ), newest as (
        select xact, seq from gone order by xact desc, seq desc limit 1
      ), marked as (
        update ticket_feed set pruned_through = mark
        from (
          select (xact::text::bigint + exists (
            select from ticket_changes rest where rest.xact = newest.xact and rest.seq > newest.seq
          )::integer)::text::xid8 as mark from newest
        ) newest where mark > pruned_through
      )
      select count(*) as forgotten, (select array[xact::text, seq::text] from newest) as upto from gone`,
  },
  {
    what: 'deleted tickets',
    start: ['-infinity'],
    statement: `
      with gone as (${deleteOld('deleted_tickets', { id: 'id', at: 'deleted_at', days: 30 })})
      select count(*) as forgotten, array[max(at)::text] as upto from gone`,
  },
  {
    what: 'requests',
    start: ['-infinity'],
    statement: `
      with gone as (${deleteOld('ticket_requests', { id: 'request_id', at: 'at', days: 30 })})
      select count(*) as forgotten, array[max(at)::text] as upto from gone`,
  },
  {
    // Whoever deleted it, an older service too, from which it can't be restored.
    what: 'history and comments of deleted tickets',
    start: ['-infinity'],
    statement: `
      with gone as (
        select ticket_id, at from ticket_history
        where field = 'DELETED' and at < now() - interval '30 days' and at >= ($2::text[])[1]::timestamptz
          and not exists (select from tickets where id = ticket_id)
          and not exists (select from deleted_tickets where id = ticket_id)
        order by at limit $1 for update skip locked
      ), forgotten_history as (
        delete from ticket_history using gone where ticket_history.ticket_id = gone.ticket_id
      ), forgotten_comments as (
        delete from comments using gone where comments.ticket_id = gone.ticket_id
      ), forgotten_numbers as (
        delete from former_numbers using gone where former_numbers.ticket_id = gone.ticket_id
      ), forgotten_requests as (
        delete from change_requests using gone where change_requests.ticket_id = gone.ticket_id
      )
      select count(*) as forgotten, array[max(at)::text] as upto from gone`,
  },
  {
    what: 'rejected creates',
    start: ['-infinity'],
    statement: `
      with gone as (${deleteOld('rejected_creates', { id: 'request_id', at: 'at', days: 90 })}), unknown_again as (
        delete from create_results using gone where create_results.request_id = gone.id and ticket_id is null
      )
      select count(*) as forgotten, array[max(at)::text] as upto from gone`,
  },
];

/**
 * Each kind is tried, whatever became of the one before it.
 * @throws AggregateError of those that failed; what they did not forget is left to the next time.
 */
export async function prune(options: {
  postgresUrl: string;
  logger: Logger;
  /** Ends it; what has been forgotten by then stays so. */
  signal: AbortSignal;
}): Promise<void> {
  const failures: Error[] = [];
  for (const pruning of prunings) {
    if (options.signal.aborted) return;
    await pruneOne(pruning, options).catch((cause) => {
      failures.push(new Error(`could not forget old ${pruning.what}`, { cause }));
    });
  }
  if (failures.length > 0 && !options.signal.aborted)
    throw new AggregateError(failures, failures.map(({ message }) => message).join('; '));
}

async function pruneOne(
  { what, start, statement }: Pruning,
  { postgresUrl, logger, signal }: Parameters<typeof prune>[0],
): Promise<void> {
  const client = await connectForUpkeep(postgresUrl, signal);
  let upto: readonly string[] = start;
  let total = 0;
  try {
    for (let more = true; more && !signal.aborted; ) {
      const begunMs = performance.now();
      const { rows } = await client.query<{ forgotten: number; upto: string[] | null }>(statement, [
        batchRows,
        upto,
      ]);
      const [batch] = rows;
      upto = batch?.upto ?? upto;
      total += batch?.forgotten ?? 0;
      more = batch?.forgotten === batchRows;
      // The database is its users' for as long again.
      if (more) await pause(performance.now() - begunMs, signal);
    }
  } finally {
    if (total > 0) logger.info({ what, rows: total }, 'forgot what has been kept long enough');
    await client.end();
  }
}
