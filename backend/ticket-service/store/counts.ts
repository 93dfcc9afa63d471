/** How many tickets there are: of each status by the totals that triggers keep, of all else by looking, up to a limit. */
import { limits } from '../../../proto/checks.ts';
import type { SearchTerm } from '../../../proto/search-language.ts';
import { ticketFields } from '../../../proto/ticket-fields.ts';
import { counted } from '../../domain/search.ts';
import { askTogether } from './ask-together.ts';
import type { Database } from './database.ts';
import { findAmongNewest, findByIndex, findInSample, sampleOf, type Wanted, wholeWords } from './reads.ts';
import { recounting } from './recount.ts';
import { isNarrowed, isOfOneIndex, selectionOf } from './selection.ts';
import type { TicketSelection, TicketStore } from './ticket-store.ts';
import { Values } from './walk.ts';

/** Each write adds lines to the totals; when there are more than this, who reads them puts them together. */
const mostLines = 500;

const mergeStatement = `
  with gone as (
    delete from status_counts
    where id in (select id from status_counts order by id limit 10000 for update skip locked)
    returning status, tickets
  )
  insert into status_counts (status, tickets)
  select status, sum(tickets) from gone group by status having sum(tickets) <> 0`;

async function countByStatus(
  database: Database,
  terms: readonly SearchTerm[] = [],
): Promise<Map<string, number>> {
  if (terms.length > 0) return countFound(database, terms);
  const rows = await database.query<{ status: string; count: number; lines: number }>(
    `select status, sum(tickets)::integer as count, count(*)::integer as lines from status_counts group by status`,
    [],
    'count-by-status',
  );
  // It skips lines that another service is merging just now.
  if (rows.reduce((sum, { lines }) => sum + lines, 0) > mostLines) await database.query(mergeStatement);
  return new Map(rows.flatMap(({ status, count }) => (count > 0 ? [[status, count]] : [])));
}

async function countFound(database: Database, terms: readonly SearchTerm[]): Promise<Map<string, number>> {
  const values = new Values();
  const where = selectionOf(values, { terms }, { byIndex: true });
  const rows = await database.query<{ status: string; count: number }>(
    `select status, count(*)::integer as count from tickets where ${where} group by status`,
    values.list,
  );
  return new Map(rows.map(({ status, count }) => [status, count]));
}

const { choices } = ticketFields.status;

/** So many are told as more than limits.maxCount. */
const enough = limits.maxCount + 1;
/** Some more are found, so that there are still enough when some of them have changed. */
const most = enough + 100;

/** The counts of a database. What was counted is not counted anew as long as it can follow the changes. */
export function openCounts(
  database: Database,
): Pick<TicketStore, 'countByStatus' | 'count' | 'countEachStatus'> {
  // A sidebar asks for each status by itself.
  const byStatus = askTogether((terms?: readonly SearchTerm[]) => countByStatus(database, terms));
  const find = async (filters: readonly TicketSelection[]) => {
    const totals = await byStatus(undefined);
    return Promise.all(filters.map((filter) => findSome(database, filter, sumOf(totals, filter))));
  };
  const recount = recounting(database, find, { enough, most });
  return {
    countByStatus: byStatus,
    async count(filter) {
      if (!isNarrowed(filter)) return counted(sumOf(await byStatus(undefined), filter));
      const [count = 0] = await recount([filter]);
      return counted(count);
    },
    async countEachStatus(filter) {
      if (!isNarrowed(filter)) return byStatus(undefined);
      const counts = await recount(choices.map((status) => ({ ...filter, statuses: [status] })));
      return new Map(choices.map((status, at) => [status, counts[at] ?? 0]));
    },
  };
}

function sumOf(counts: ReadonlyMap<string, number>, { statuses }: TicketSelection): number {
  return [...counts].reduce(
    (sum, [status, count]) => (statuses && !statuses.includes(status) ? sum : sum + count),
    0,
  );
}

/**
 * What the indexes find is taken one by one, so that no more is looked at than is counted.
 * @param total how many tickets there are of the statuses that are asked for
 */
async function findSome(database: Database, filter: TicketSelection, total: number): Promise<number[]> {
  if (isOfOneIndex(filter)) return findByIndex(database, { filter }, { most });
  const whole = await wholeWords(database, filter);
  if (whole) {
    const likely = whole.part * total;
    if (likely < most) return findByWords(database, { filter }, likely);
    const ids = await findByWords(database, { filter, complete: whole.complete }, likely);
    if (ids.length === most) return ids;
  }
  return (await findAmongSomeOfNewest(database, filter, total)) ?? findByWords(database, { filter }, total);
}

/** @param likely how many are wanted: the sample helps where it has enough of them */
async function findByWords(database: Database, wanted: Wanted, likely: number): Promise<number[]> {
  const ids = likely < most * sampleOf ? [] : await findInSample(database, wanted, most);
  return ids.length === most ? ids : findByIndex(database, wanted, { most });
}

/** So many of the newest tell how common is what is wanted. */
const newestRows = 125;
/** As large a part of the newest as makes it likely that a look at more of them finds `most`, before the indexes do. */
const commonPart = 0.2;

/** @returns `most` of those among the newest, or undefined */
async function findAmongSomeOfNewest(
  database: Database,
  filter: TicketSelection,
  total: number,
): Promise<number[] | undefined> {
  // The numbers that are asked for are found by an index.
  if (filter.ids || total < most) return undefined;
  const { length } = await findAmongNewest(database, filter, { rows: newestRows, most: newestRows });
  // Half as many again, as it may be less common further back.
  const rows = Math.ceil((1.5 * most * newestRows) / length);
  if (length < commonPart * newestRows || rows > total) return undefined;
  const ids = await findAmongNewest(database, filter, { rows, most });
  return ids.length === most ? ids : undefined;
}
