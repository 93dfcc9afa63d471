/** The table of changes, read so that none is skipped. */
import type { Ticket } from '../../domain/ticket.ts';
import { ticketColumns } from './columns.ts';
import { commentColumns } from './comments.ts';
import type { Database } from './database.ts';
import type { ChangesRead, FeedPosition, StoredComment, TicketChange } from './ticket-store.ts';

export async function readFeedId(database: Database): Promise<string> {
  const [row] = await database.query<{ feed_id: string }>('select feed_id from ticket_feed');
  if (!row) throw new Error('the table ticket_feed is empty');
  return row.feed_id;
}

/** Whatever is below the oldest running transaction can have been read, and nothing at or above it. */
export async function readFeedNow(database: Database): Promise<FeedPosition> {
  const [row] = await database.query<{ xact: string }>(
    'select pg_snapshot_xmin(pg_current_snapshot())::text as xact',
  );
  if (!row) throw new Error('no snapshot');
  return { xact: BigInt(row.xact) - 1n, seq: 2n ** 63n - 1n };
}

/**
 * One statement, so one snapshot: nothing can be pruned between the look at the mark and the read. json, unlike jsonb,
 * keeps the order of the columns, so that a ticket's text in the cache is the same from whichever read it came.
 */
const readStatement = `
  with feed as (
    select pg_snapshot_xmin(pg_current_snapshot()) as xmin,
           pruned_through > $1::xid8 or $1::xid8 > pg_snapshot_xmax(pg_current_snapshot()) as lost
    from ticket_feed
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

export async function readChanges(
  database: Database,
  after: FeedPosition,
  limit: number,
): Promise<ChangesRead> {
  const rows = await database.query<ChangeRow>(readStatement, [String(after.xact), String(after.seq), limit]);
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
