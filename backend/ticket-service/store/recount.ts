/**
 * Counts that follow the changes: what a count has found is kept, and when the same is asked for again, only the tickets
 * that have changed since are looked at. Each change is a row of ticket_changes (migration 001), there with the change
 * itself, so the database says which those are, whoever changed them.
 */
import { LRUCache } from 'lru-cache';
import { ticketFields } from '../../../proto/ticket-fields.ts';
import { feedId } from './changes.ts';
import type { Database } from './database.ts';
import { selectionOf } from './selection.ts';
import type { TicketSelection } from './ticket-store.ts';
import { Values } from './walk.ts';

/** More have to be counted anew. */
const mostChanges = 250;
/** Of all that is kept together; some 5 MB. */
const mostIds = 200_000;

interface Found {
  selection: TicketSelection;
  ids: ReadonlySet<number>;
  /** Whether these are all that there are. */
  isWhole: boolean;
  at: Moment;
}

/** Before something was found: whatever has changed since is of a transaction that had not ended then, or of a later one. */
interface Moment {
  feed: string;
  /** The oldest transaction that was running. */
  xmin: string;
}

/**
 * A restore begins another feed, a Postgres that has begun anew may be another server, which has lost what this one had told, and of
 * changes that were pruned nobody can say which they were.
 */
const feed = `concat_ws('/', ${feedId}, extract(epoch from pg_postmaster_start_time()))`;

const momentStatement = `
  select ${feed} as feed, pg_snapshot_xmin(pg_current_snapshot())::text as xmin,
    case when pruned_through < $1::xid8 then
      (select count(*)::integer from (select from ticket_changes where xact >= $1::xid8 limit $2) as since)
    end as changes
  from ticket_feed`;

/**
 * Counts what several selections have at one moment.
 * @param find looks for the tickets of each. @param most so many are found at the most; where there are more, they are not
 * looked for. @param enough of those: an answer goes no further
 */
export function recounting(
  database: Pick<Database, 'query'>,
  find: (selections: readonly TicketSelection[]) => Promise<(readonly number[])[]>,
  { enough, most }: { enough: number; most: number },
): (selections: readonly TicketSelection[]) => Promise<number[]> {
  const kept = new LRUCache<string, Found>({
    maxSize: mostIds,
    sizeCalculation: ({ ids }, key) => ids.size + key.length,
  });

  /** Brings what was found up to now; what can't be followed, or only a look can tell, is left out. */
  async function follow(known: readonly Found[]): Promise<{ now: Moment; found: Found[] }> {
    const since = oldest(known.map(({ at }) => at));
    const [row] = await database.query<Moment & { changes: number | null }>(
      momentStatement,
      [since, mostChanges + 1],
      'count-changes',
    );
    if (!row) throw new Error('the table ticket_feed is empty');
    const { changes, ...now } = row;
    const isFollowed = changes !== null && changes <= mostChanges;
    const left = known.filter(({ at }) => isFollowed && at.feed === now.feed);
    const changed =
      left.length > 0 && changes !== 0
        ? await lookAtChanged(
            database,
            { since: String(since), feed: now.feed },
            left.map(({ selection }) => selection),
          )
        : [];
    if (!changed) return { now, found: [] };
    const found = left.map((each, which) => ({ ...each, ids: idsNow(each, changed, which), at: now }));
    return { now, found: found.filter(({ isWhole, ids }) => isWhole || ids.size >= enough) };
  }

  return async (selections) => {
    const { now, found } = await follow(selections.flatMap((selection) => kept.get(keyOf(selection)) ?? []));
    const followed = new Set(found.map(({ selection }) => keyOf(selection)));
    const missing = selections.filter((selection) => !followed.has(keyOf(selection)));
    const ids = missing.length > 0 ? await find(missing) : [];
    const anew = missing.map((selection, which): Found => {
      const own = new Set(ids[which]);
      return { selection, ids: own, isWhole: own.size < most, at: now };
    });
    const each = [...found, ...anew];
    // Each look has a moment of its own: a ticket that goes from one selection to another meanwhile would be in both, or in none.
    const together = anew.length > 0 && each.length > 1 ? (await follow(each)).found : [];
    const latest = new Map([...each, ...together].map((one) => [keyOf(one.selection), one]));
    for (const [key, one] of latest) if (recurs(one.selection)) kept.set(key, one);
    return selections.map((selection) => Math.min(latest.get(keyOf(selection))?.ids.size ?? 0, enough));
  };
}

/** What is asked for by a time is most often asked for by another the next time. */
function recurs({ terms = [], ...filter }: TicketSelection): boolean {
  return filter[ticketFields.dueAt.filter] === undefined && terms.every(({ kind }) => kind !== 'time');
}

const keyOf = (selection: TicketSelection) => JSON.stringify(selection);

function oldest(moments: readonly Moment[]): string | undefined {
  const [first] = moments.map(({ xmin }) => BigInt(xmin)).sort((one, other) => (one < other ? -1 : 1));
  return first?.toString();
}

interface Changed {
  id: number;
  /** Of each selection that is asked for, whether it has it now. */
  wanted: boolean[];
}

function idsNow({ ids: before }: Found, changed: readonly Changed[], which: number): ReadonlySet<number> {
  if (changed.length === 0) return before;
  const ids = new Set(before);
  for (const { id, wanted } of changed) {
    if (wanted[which]) ids.add(id);
    else ids.delete(id);
  }
  return ids;
}

/** Which tickets have changed, and how they are now. Undefined where changes were pruned by then. */
async function lookAtChanged(
  database: Pick<Database, 'query'>,
  { since, feed: known }: { since: string; feed: string },
  selections: readonly TicketSelection[],
): Promise<Changed[] | undefined> {
  const values = new Values();
  const from = `${values.add(since)}::xid8`;
  const wanted = selections.map(
    (selection) => `(${selectionOf(values, selection, { byIndex: true })}) is true`,
  );
  // Each by its number: without the offset the planner may look for the words first.
  const rows = await database.query<{ isWhole: boolean; id: number | null; wanted: boolean[] }>(
    `select "isWhole", ticket_id as id, array[${wanted.join(', ')}] as wanted
     from (select pruned_through < ${from} and ${feed} = ${values.add(known)} as "isWhole" from ticket_feed) as feed
     left join (select distinct ticket_id from ticket_changes where xact >= ${from}) as changed on true
     left join lateral (select * from tickets where id = ticket_id offset 0) as now on true`,
    values.list,
  );
  if (!rows[0]?.isWhole) return undefined;
  return rows.flatMap(({ id, wanted }) => (id === null ? [] : [{ id, wanted }]));
}
