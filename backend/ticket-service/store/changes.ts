/** The table of changes, read so that none is skipped. */
import type pg from 'pg';
import type { Ticket } from '../../domain/ticket.ts';
import { ticketColumns } from './columns.ts';
import { commentColumns } from './comments.ts';
import type { Database } from './database.ts';
import type { ChangeLog, ChangesRead, FeedPosition, StoredComment, TicketChange } from './ticket-store.ts';

/** Of the row of ticket_feed, as text: another one once the table was restored, by whatever program. */
export const feedId = `encode(
  substr(sha256(convert_to(concat_ws('/', feed_id, pg_relation_filenode('ticket_feed')), 'UTF8')), 1, 16), 'hex')::uuid::text`;

/** The feed as it is at first, and after each now(). */
export async function openChangeLog(database: Database): Promise<Pick<ChangeLog, 'feedId' | 'now' | 'read'>> {
  /** Whatever is below the oldest running transaction can have been read, and nothing at or above it. */
  async function readNow() {
    const [row] = await database.query<{ xact: string; id: string }>(
      `select pg_snapshot_xmin(pg_current_snapshot())::text as xact, ${feedId} as id from ticket_feed`,
    );
    if (!row) throw new Error('the table ticket_feed is empty');
    return { id: row.id, position: { xact: BigInt(row.xact) - 1n, seq: 2n ** 63n - 1n } };
  }
  let { id } = await readNow();
  return {
    feedId: () => id,
    async now() {
      const now = await readNow();
      id = now.id;
      return now.position;
    },
    read: (after, limit) => readChanges(database, { feedId: id, after, limit }),
  };
}

/**
 * Of a dump that was restored here, what has numbers that this Postgres has given to no transaction yet: it would be told
 * once it has, and what is forgotten until then would not be.
 */
export async function dropForeignChanges(client: pg.Client): Promise<void> {
  await client.query(`
    with gone as (delete from ticket_changes where xact >= pg_snapshot_xmax(pg_current_snapshot()))
    update ticket_feed set pruned_through = '0' where pruned_through > pg_snapshot_xmax(pg_current_snapshot())`);
}

/**
 * One statement, so one snapshot: nothing can be pruned between the look at the mark and the read. json, unlike jsonb,
 * keeps the order of the columns, so that a ticket's text in the cache is the same from whichever read it came.
 */
const readStatement = `
  with feed as (
    select pg_snapshot_xmin(pg_current_snapshot()) as xmin,
           pruned_through > $1::xid8 and pruned_through <= ahead or $1::xid8 > ahead or ${feedId} <> $4 as lost
    from ticket_feed, pg_snapshot_xmax(pg_current_snapshot()) as ahead
  )
  select feed.lost, exists (select from ticket_changes where xact >= feed.xmin) as held_back,
         change.xact::text, change.seq::text, change.ticket_id, change.kind, change.change_version, change.ticket,
         change.comment
  from feed left join lateral (
    select c.xact, c.seq, c.ticket_id, c.kind, c.version as change_version, to_json(t) as ticket,
           (select to_json(m) from (
              select ${commentColumns('comments')} from comments
              where comments.ticket_id = c.ticket_id and comments.ticket_version = c.version
                and comments.deleted_at is null
            ) m) as comment
    from ticket_changes c
    left join (select ${ticketColumns} from tickets) t on t.id = c.ticket_id
    where (c.xact, c.seq) > ($1::xid8, $2::bigint) and c.xact < feed.xmin
    order by c.xact, c.seq limit $3
  ) change on not feed.lost
  order by change.xact, change.seq`;

type ChangeRow = { lost: boolean; held_back: boolean } & (
  | { xact: null }
  | {
      xact: string;
      seq: string;
      ticket_id: number;
      kind: TicketChange['kind'];
      change_version: number;
      ticket: Ticket | null;
      comment: StoredComment | null;
    }
);

async function readChanges(
  database: Database,
  { feedId, after, limit }: { feedId: string; after: FeedPosition; limit: number },
): Promise<ChangesRead> {
  const position = [String(after.xact), String(after.seq)];
  const rows = await database.query<ChangeRow>(readStatement, [...position, limit, feedId]);
  const changes = rows.flatMap((row): TicketChange[] => {
    if (row.xact === null) return [];
    return [
      {
        position: { xact: BigInt(row.xact), seq: BigInt(row.seq) },
        id: row.ticket_id,
        kind: row.kind,
        version: row.change_version,
        ticket: row.ticket ?? undefined,
        comment: row.comment ?? undefined,
      },
    ];
  });
  return { changes, heldBack: rows[0]?.held_back ?? false, lost: rows[0]?.lost ?? false };
}
