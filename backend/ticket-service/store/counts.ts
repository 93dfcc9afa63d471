/** How many tickets there are: of each status by the totals that triggers keep, of all else by looking, up to a limit. */
import { limits } from '../../../proto/checks.ts';
import type { SearchTerm } from '../../../proto/search-language.ts';
import { ticketFields } from '../../../proto/ticket-fields.ts';
import { counted } from '../../domain/search.ts';
import { askTogether } from './ask-together.ts';
import type { Database } from './database.ts';
import {
  closed,
  findAmongNewest,
  findByIndex,
  findInSample,
  findOpenByIndex,
  isOfWords,
  lookAtNewest,
  sampleRows,
} from './reads.ts';
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
const most = enough + 250;

/** The counts of a database. What was counted is not counted anew as long as it can follow the changes. */
export function openCounts(
  database: Database,
): Pick<TicketStore, 'countByStatus' | 'count' | 'countEachStatus'> {
  const recount = recounting(database, { enough, most });
  // A sidebar asks for each status by itself.
  const byStatus = askTogether((terms?: readonly SearchTerm[]) => countByStatus(database, terms));
  return {
    countByStatus: byStatus,
    async count(filter) {
      if (!isNarrowed(filter)) return counted(sumOf(await byStatus(undefined), filter));
      const now = await recount([filter]);
      const count = now.count(filter);
      if (count !== undefined) return counted(count);
      const ids = await findSome(database, filter);
      now.keep(filter, ids);
      return counted(ids.length);
    },
    async countEachStatus(filter) {
      if (!isNarrowed(filter)) return byStatus(undefined);
      const of = (status: string) => ({ ...filter, statuses: [status] });
      const now = await recount(choices.map(of));
      const counts = new Map(choices.map((status) => [status, now.count(of(status))] as const));
      const left = choices.filter((status) => counts.get(status) === undefined);
      const found = await findOfStatuses(database, filter, left);
      for (const status of left) {
        const ids = found.get(status) ?? [];
        now.keep(of(status), ids);
        counts.set(status, ids.length);
      }
      return new Map(choices.map((status) => [status, counts.get(status) ?? 0] as const));
    },
  };
}

function sumOf(counts: ReadonlyMap<string, number>, { statuses }: TicketSelection): number {
  return [...counts].reduce(
    (sum, [status, count]) => (statuses && !statuses.includes(status) ? sum : sum + count),
    0,
  );
}

/** As large a part of the newest as makes it likely that a look at more of them finds `most`, before the indexes do. */
const commonPart = 0.2;

/** @param part of the newest that were wanted ones. @returns `most` of those among more of the newest, or undefined */
async function findInMoreOfNewest(
  database: Database,
  filter: TicketSelection,
  part: number,
): Promise<number[] | undefined> {
  if (part < commonPart) return undefined;
  // Half as many again, as it may be less common further back.
  const rows = Math.ceil((1.5 * most) / part);
  const ids = await findAmongNewest(database, filter, { rows, most });
  return ids.length === most ? ids : undefined;
}

async function newestPart(database: Database, filter: TicketSelection): Promise<number> {
  // The numbers that are asked for are found by an index.
  if (filter.ids) return 0;
  const { length } = await findAmongNewest(database, filter, { rows: sampleRows, most: sampleRows });
  return length / sampleRows;
}

/** What the indexes find is taken one by one, so that no more is looked at than is counted. */
async function findSome(database: Database, filter: TicketSelection): Promise<number[]> {
  if (isOfOneIndex(filter)) return findByIndex(database, { filter }, { most });
  const common = await findInMoreOfNewest(database, filter, await newestPart(database, filter));
  return common ?? findByWords(database, filter);
}

async function findByWords(database: Database, filter: TicketSelection): Promise<number[]> {
  const ids = await findInSample(database, { filter }, most);
  return ids.length === most ? ids : findByIndex(database, { filter }, { most });
}

const newestOfEach = sampleRows / choices.length;

/** Of each of these statuses, up to `most`. Most of the price of words is to find them, so it is paid once for all statuses. */
async function findOfStatuses(
  database: Database,
  filter: TicketSelection,
  statuses: readonly string[],
): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  if (statuses.length === 0) return found;
  const of = (...some: string[]): TicketSelection => ({ ...filter, statuses: some });
  if (!isOfWords(filter)) {
    const each = statuses.map(async (status) => found.set(status, await findSome(database, of(status))));
    await Promise.all(each);
    return found;
  }
  const looks = await lookAtNewest(database, of(...statuses), newestOfEach);
  /** @returns the statuses of which more must be looked at */
  const byNewest = async (some: typeof looks): Promise<string[]> => {
    const left: string[] = [];
    const each = some.map(async (look) => {
      const ids = await findByNewest(database, of(look.status), look);
      if (ids) found.set(look.status, ids);
      else left.push(look.status);
    });
    await Promise.all(each);
    return left;
  };
  const findClosed = async () => {
    for (const status of await byNewest(looks.filter((look) => look.status === closed)))
      found.set(status, await findByWords(database, of(status)));
  };
  const findOpen = async () => {
    const left = await byNewest(looks.filter((look) => look.status !== closed));
    for (const [status, ids] of await findOpenByIndex(database, filter, { statuses: left, most }))
      found.set(status, ids);
  };
  await Promise.all([findClosed(), findOpen()]);
  return found;
}

/** Undefined where more than the newest must be looked at. */
async function findByNewest(
  database: Database,
  filter: TicketSelection,
  { looked, wanted }: { looked: number; wanted: number[] },
): Promise<number[] | undefined> {
  return looked < newestOfEach ? wanted : findInMoreOfNewest(database, filter, wanted.length / looked);
}
