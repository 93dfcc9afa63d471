/** How many tickets there are: of each status by the totals that triggers keep, of all else by looking, up to a limit. */
import { limits } from '../../../proto/checks.ts';
import type { SearchTerm } from '../../../proto/search-language.ts';
import { type Count, counted } from '../../domain/search.ts';
import type { Database } from './database.ts';
import { countAmongNewest, countByIndex, countInSample, sampleRows } from './reads.ts';
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
  // What another service is just putting together it leaves out.
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

/** As many of a sample as make it so common that a look at the newest finds more than are counted, before the indexes do. */
const commonInSample = 100;

/** Of what is common, whether the newest alone are more than are counted. */
async function isBeyondCounting(database: Database, filter: TicketSelection): Promise<boolean> {
  if (filter.ids) return false;
  const common = await countAmongNewest(database, filter, { rows: sampleRows, most: sampleRows });
  if (common < commonInSample) return false;
  // Half as many again, as it may be less common further back.
  const rows = Math.ceil((1.5 * sampleRows * limits.maxCount) / common);
  const most = limits.maxCount + 1;
  return (await countAmongNewest(database, filter, { rows, most })) === most;
}

/** What the indexes find is taken one by one, so that no more is looked at than is counted. */
async function countSome(database: Database, filter: TicketSelection): Promise<number> {
  const most = limits.maxCount + 1;
  if (await isBeyondCounting(database, filter)) return most;
  if ((await countInSample(database, { filter }, most)) === most) return most;
  return countByIndex(database, { filter }, { most });
}
