/** Reads of tickets: one, lists and pages. */
import { limits } from '../../../proto/checks.ts';
import { rankingTerms } from '../../../proto/matching.ts';
import { isRelevance, type KeyOrder, ticketFields, ticketOrders } from '../../../proto/ticket-fields.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { ticketColumns } from './columns.ts';
import { commonWords } from './common-words.ts';
import { type CursorPlace, decodeCursor, encodeCursor, keyOrderOf, sortKeys, type Tier } from './cursor.ts';
import type { Database } from './database.ts';
import { type Completion, isWordTerm, partOfWhole, wordsWanted } from './search-conditions.ts';
import { isNarrowed, type SelectionOptions, selectionOf } from './selection.ts';
import type { TicketPage, TicketPageRequest, TicketSelection } from './ticket-store.ts';
import { directionOf, isBehind, orderBy, Values, type Walk, walkAll, walkStatus } from './walk.ts';

/** So many tickets of an order tell how common is what is wanted. */
const sampleRows = 500;
/** As many of them as make it common enough to be found by walking on. */
const commonInSample = 2;
const longWalkRows = 20_000;
/** Of what is wanted, so many are sorted. Where there are more it is common, and walking on is faster. */
const mostGathered = 5_000;
/** Where there are so many of what is wanted, a long walk most likely finds them sooner than the indexes do. */
const worthWalking = 2_000;

interface Selecting {
  filter: TicketSelection;
  order: KeyOrder;
  backwards?: boolean | undefined;
  after: CursorPlace | undefined;
  limit: number;
  /** Those alone that the search hits there. */
  tier?: Tier | undefined;
}

/**
 * Selects in an order. What is common is found by walking the order's index, what is rare by the other indexes and
 * sorted. The planner would choose by what it expects, and where it is wrong walk past a million tickets for one: so
 * each way is a statement of its own that ends after a known number of rows, and what the first has found chooses
 * the next.
 */
async function selectOrdered(database: Database, selecting: Selecting): Promise<Ticket[]> {
  const { limit, filter } = selecting;
  if (!isNarrowed(filter)) return walk(database, selecting);
  if (!filter.ids) {
    const sample = await walk(database, selecting, sampleRows);
    if (sample.length === limit) return sample;
    let isCommon = sample.length >= commonInSample;
    // The first of an order may be unlike all others.
    const likely = isCommon ? 0 : await likelyWanted(database, selecting);
    isCommon ||= likely >= worthWalking;
    if (isCommon) {
      const found = await walk(database, selecting, longWalk(selecting, sample.length));
      if (found.length === limit) return found;
    }
    if (likely >= mostGathered) return walk(database, selecting, 'all');
  }
  return (await gather(database, selecting)) ?? walk(database, selecting, 'all');
}

/** About how many are wanted, as the sample has it; fewer where whole words alone tell that it is worth walking. */
async function likelyWanted(database: Database, { filter, tier }: Selecting): Promise<number> {
  const countSample = async (complete?: Completion) =>
    sampleOf *
    (await findInSample(database, { filter, tier, complete }, Math.ceil(mostGathered / sampleOf))).length;
  const words = await wholeWords(database, filter);
  const whole = words ? await countSample(words.complete) : 0;
  return whole >= worthWalking ? whole : countSample();
}

/** So many rows of an order as most likely have what is wanted. @param sampled how many of the sample are wanted ones */
function longWalk({ filter, limit }: Selecting, sampled: number): number {
  const most = Math.floor(longWalkRows / statusesOf(filter));
  return Math.min(most, Math.ceil((1.5 * sampleRows * limit) / Math.max(sampled, 1)));
}

/** How many orders are walked. */
function statusesOf({ statuses = [] }: TicketSelection): number {
  return Math.max(new Set(statuses).size, 1);
}

function walkOf(values: Values, { filter, after, order, backwards = false }: Selecting, limit: number): Walk {
  const assignees = filter.unassigned
    ? ['']
    : filter.assigneeId === undefined
      ? undefined
      : [filter.assigneeId];
  return { values, order, backwards, after, conditions: [], limit: values.add(limit), assignees };
}

/**
 * From an index alone whichever statuses are asked for: each status is walked in its own up to the limit, and what the
 * walks found is merged.
 */
function walked(walk: Walk, { statuses }: TicketSelection): string {
  const walks = statuses ? [...new Set(statuses)].map((status) => walkStatus(walk, status)) : [walkAll(walk)];
  return walks.join(' union all ');
}

/** In SQL, so many rows of the order, whatever else is wanted of them than the status. */
function firstRows(walk: Walk, filter: TicketSelection): string {
  return `select * from (${walked(walk, filter)}) as ordered ${orderBy(walk)} limit ${walk.limit}`;
}

/**
 * Those of the newest tickets that are wanted ones.
 * @param of.rows that are looked at, evenly of all statuses that are asked for @param of.most that are found
 */
export async function findAmongNewest(
  database: Database,
  filter: TicketSelection,
  { rows, most }: { rows: number; most: number },
): Promise<number[]> {
  const values = new Values();
  const each = Math.ceil(rows / statusesOf(filter));
  const of = walkOf(values, { filter, after: undefined, order: 'CREATED_DESC', limit: each }, each);
  const looked = `select id from (${walked(of, filter)}) as looked_at
    where ${selectionOf(values, filter, { byIndex: false })} limit ${values.add(most)}`;
  return idsOf(database, looked, values);
}

const { closed } = ticketFields.status;

export type Wanted = Pick<Selecting, 'filter' | 'tier'> & Pick<SelectionOptions, 'complete'>;

/** One ticket in so many is in an index of words of its own (migration 019). */
export const sampleOf = 16;

/**
 * Those of the sample that are wanted ones, up to `most`. None where the sample does not help: it is of words alone, and few
 * tickets are not done, which have indexes of their own.
 */
export async function findInSample(database: Database, wanted: Wanted, most: number): Promise<number[]> {
  const { statuses = [closed] } = wanted.filter;
  if (!isOfWords(wanted.filter) || !statuses.includes(closed)) return [];
  return findByIndex(database, wanted, { most, among: `id / 64 % ${sampleOf} = 0` });
}

interface WholeWords {
  complete: Completion;
  /** As large a part of all tickets has them, or less. */
  part: number;
}

/**
 * By which common words are looked for whole: an index tells of a word in a third of the time that it takes for all that
 * begin with it. Undefined where something else is wanted, or a word that is not known to be common.
 */
export async function wholeWords(
  database: Database,
  filter: TicketSelection,
): Promise<WholeWords | undefined> {
  if (!isOfWords(filter)) return undefined;
  const complete = await commonWords(database);
  const part = partOfWhole(filter.terms ?? [], complete);
  return part > 0 ? { complete, part } : undefined;
}

/** Whether words are looked for, and nothing else but statuses. */
function isOfWords({ terms, statuses: _, ...others }: TicketSelection): boolean {
  return terms?.every(isWordTerm) === true && wordsWanted(terms) !== undefined && !isNarrowed(others);
}

/** Those that are wanted, up to `most`: what the indexes find is taken one by one, so that no more is looked at. */
export function findByIndex(
  database: Database,
  { filter, ...options }: Wanted,
  { most, among = 'true' }: { most: number; among?: string | undefined },
): Promise<number[]> {
  const values = new Values();
  const where = selectionOf(values, filter, { ...options, byIndex: true });
  const found = `with found as materialized (select id from tickets where ${among} and ${where})
    select id from found limit ${values.add(most)}`;
  return idsOf(database, found, values);
}

/** As JSON, for which pg takes a tenth of the time that it takes for as many numbers in an array. */
export async function idsOf(database: Database, select: string, { list }: Values): Promise<number[]> {
  const [row] = await database.query<{ ids: number[] }>(`select to_json(array(${select})) as ids`, list);
  return row?.ids ?? [];
}

/** @param rows of the order that are looked at; left out where each of them is one that is wanted */
function walk(database: Database, selecting: Selecting, rows?: number | 'all'): Promise<Ticket[]> {
  const { filter, limit, tier } = selecting;
  const values = new Values();
  const of = walkOf(values, selecting, typeof rows === 'number' ? rows : limit);
  const wanted = () => selectionOf(values, filter, { byIndex: false, tier });
  if (typeof rows !== 'number') {
    const conditions = rows === 'all' ? [wanted()] : [];
    const found = walked({ ...of, conditions }, filter);
    return database.query<Ticket>(
      `select ${ticketColumns} from (${found}) as found ${orderBy(of)} limit ${of.limit}`,
      values.list,
    );
  }
  return database.query<Ticket>(
    `select ${ticketColumns} from (${firstRows(of, filter)}) as looked_at
     where ${wanted()} ${orderBy(of)} limit ${values.add(limit)}`,
    values.list,
  );
}

/** Undefined where there are too many to be sorted. */
async function gather(database: Database, selecting: Selecting): Promise<Ticket[] | undefined> {
  const { filter, limit, tier } = selecting;
  const values = new Values();
  const of = walkOf(values, selecting, limit);
  const { sql: key } = sortKeys[of.order];
  const conditions = [selectionOf(values, filter, { byIndex: true, tier })];
  if (of.after) conditions.push(isBehind(of, of.after));
  const direction = directionOf(of);
  const rows = await database.query<Ticket & { gathered: number }>(
    // The first part is planned as if all of it were wanted, so from the indexes, and ends when the second has enough.
    `with found as materialized (select id, ${key} as key from tickets where ${conditions.join(' and ')}),
       gathered as materialized (select * from found limit ${values.add(mostGathered + 1)}),
       first as materialized (
         select id, key from gathered order by key ${direction}, id ${direction} limit ${of.limit}
       )
     select ${ticketColumns}, (select count(*)::integer from gathered) as gathered
     from tickets join (select id as found_id, key from first) sorted on found_id = id
     order by key ${direction}, id ${direction}`,
    values.list,
  );
  if ((rows[0]?.gathered ?? 0) > mostGathered) return undefined;
  return rows.map(({ gathered: _, ...ticket }) => ticket);
}

export async function findTicket(database: Database, id: number): Promise<Ticket | undefined> {
  const [ticket] = await database.query<Ticket>(
    `select ${ticketColumns} from tickets where id = $1`,
    [id],
    'find-ticket',
  );
  return ticket;
}

export function listTickets(database: Database, filter: TicketSelection): Promise<Ticket[]> {
  return selectOrdered(database, {
    filter,
    after: undefined,
    order: 'CREATED_DESC',
    limit: limits.maxListLength,
  });
}

export async function pageTickets(database: Database, request: TicketPageRequest): Promise<TicketPage> {
  const { order, pageSize, backwards } = request;
  const found: { ticket: Ticket; cursor: string }[] = [];
  for (const { tier, after } of tiersBehind(request)) {
    // One more than asked for tells whether there is a next page.
    const limit = pageSize + 1 - found.length;
    if (limit === 0) break;
    const selecting = { ...request, order: keyOrderOf(order), after, limit, tier };
    const tickets = await selectOrdered(database, selecting);
    found.push(...tickets.map((ticket) => ({ ticket, cursor: encodeCursor(order, ticket, tier) })));
  }
  const page = found.slice(0, pageSize);
  if (backwards) page.reverse();
  return {
    tickets: page.map(({ ticket }) => ticket),
    cursors: page.map(({ cursor }) => cursor),
    hasNextPage: found.length > pageSize,
  };
}

/** What is still to be read, one after the other, each from where on; without a tier where the order has none. */
function tiersBehind(
  request: TicketPageRequest,
): readonly { tier: Tier | undefined; after: CursorPlace | undefined }[] {
  const { order, backwards = false, filter } = request;
  const after = request.after === undefined ? undefined : decodeCursor(order, request.after);
  if (!isRelevance(order)) return [{ tier: undefined, after }];
  // Where nothing ranks all are of the first.
  const isRanked = rankingTerms(filter.terms ?? []).length > 0;
  const tiers: Tier[] = isRanked ? ['head', 'elsewhere'] : ['head'];
  if ((ticketOrders[order].direction === 'ASC') !== backwards) tiers.reverse();
  const begun = after?.tier === undefined ? 0 : tiers.indexOf(after.tier);
  if (begun < 0) return [];
  return tiers.slice(begun).map((tier, at) => ({ tier, after: at === 0 ? after : undefined }));
}
