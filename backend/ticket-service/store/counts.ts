/** How many tickets there are: of each status by the totals that triggers keep, of all else by looking, up to a limit. */
import { limits } from '../../../proto/checks.ts';
import type { SearchTerm } from '../../../proto/search-language.ts';
import { ticketFields } from '../../../proto/ticket-fields.ts';
import { type Count, counted } from '../../domain/search.ts';
import type { Database } from './database.ts';
import {
  closed,
  countAmongNewest,
  countByIndex,
  countInSample,
  countOpenByIndex,
  isOfWords,
  lookAtNewest,
  sampleRows,
} from './reads.ts';
import { isNarrowed, selectionOf } from './selection.ts';
import type { TicketSelection } from './ticket-store.ts';
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

export async function countByStatus(
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

export async function countTickets(database: Database, filter: TicketSelection): Promise<Count> {
  const total = isNarrowed(filter) ? await countSome(database, filter) : await countAll(database, filter);
  return counted(total);
}

async function countAll(database: Database, { statuses }: TicketSelection): Promise<number> {
  const counts = await countByStatus(database);
  return [...counts].reduce(
    (sum, [status, count]) => (statuses && !statuses.includes(status) ? sum : sum + count),
    0,
  );
}

/** As large a part of the newest as makes it likely that a look at more of them finds more than are counted, before the indexes do. */
const commonPart = 0.2;
const most = limits.maxCount + 1;

/** @param part of the newest that were wanted ones. @returns whether more of the newest are more than are counted */
async function isBeyondCounting(database: Database, filter: TicketSelection, part: number): Promise<boolean> {
  if (part < commonPart) return false;
  // Half as many again, as it may be less common further back.
  const rows = Math.ceil((1.5 * limits.maxCount) / part);
  return (await countAmongNewest(database, filter, { rows, most })) === most;
}

async function newestPart(database: Database, filter: TicketSelection): Promise<number> {
  // The numbers that are asked for are found by an index.
  if (filter.ids) return 0;
  return (await countAmongNewest(database, filter, { rows: sampleRows, most: sampleRows })) / sampleRows;
}

/** What the indexes find is taken one by one, so that no more is looked at than is counted. */
async function countSome(database: Database, filter: TicketSelection): Promise<number> {
  if (await isBeyondCounting(database, filter, await newestPart(database, filter))) return most;
  return countByWords(database, filter);
}

async function countByWords(database: Database, filter: TicketSelection): Promise<number> {
  if ((await countInSample(database, { filter }, most)) === most) return most;
  return countByIndex(database, { filter }, { most });
}

const { choices } = ticketFields.status;
const newestOfEach = sampleRows / choices.length;

/** Each up to one more than limits.maxCount. Most of the price of words is to find them, so all statuses are counted at once. */
export async function countEachStatus(
  database: Database,
  filter: Omit<TicketSelection, 'statuses'>,
): Promise<Map<string, number>> {
  if (!isNarrowed(filter)) return countByStatus(database);
  const of = (...statuses: string[]): TicketSelection => ({ ...filter, statuses });
  if (!isOfWords(filter)) {
    const each = choices.map(async (status) => [status, await countSome(database, of(status))] as const);
    return new Map(await Promise.all(each));
  }
  const looks = await lookAtNewest(database, of(...choices), newestOfEach);
  const counts = new Map<string, number>();
  /** @returns the statuses of which more must be looked at */
  const byNewest = async (some: typeof looks): Promise<string[]> => {
    const left: string[] = [];
    const each = some.map(async (look) => {
      const count = await countByNewest(database, of(look.status), look);
      if (count === undefined) left.push(look.status);
      else counts.set(look.status, count);
    });
    await Promise.all(each);
    return left;
  };
  const countClosed = async () => {
    for (const status of await byNewest(looks.filter((look) => look.status === closed)))
      counts.set(status, await countByWords(database, of(status)));
  };
  const countOpen = async () => {
    const statuses = await byNewest(looks.filter((look) => look.status !== closed));
    for (const [status, count] of await countOpenByIndex(database, filter, { statuses, most }))
      counts.set(status, count);
  };
  await Promise.all([countClosed(), countOpen()]);
  return counts;
}

/** Undefined where more than the newest must be looked at. */
async function countByNewest(
  database: Database,
  filter: TicketSelection,
  { looked, wanted }: { looked: number; wanted: number },
): Promise<number | undefined> {
  if (looked < newestOfEach) return wanted;
  return (await isBeyondCounting(database, filter, wanted / looked)) ? most : undefined;
}
