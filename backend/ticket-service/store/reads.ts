/** Reads of tickets: one, lists, pages and counts. */
import { limits } from '../../../proto/checks.ts';
import {
  type FilterFieldName,
  fieldOf,
  filterFieldNames,
  personFieldNames,
  ticketFields,
} from '../../../proto/ticket-fields.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Database } from './database.ts';
import { columnOf, ticketColumns } from './rows.ts';
import type { TicketPage, TicketPageRequest } from './ticket-store.ts';
import { orderBy, Values, walkAll, walkStatus } from './walk.ts';

/** Finds a text anywhere in a field. Escaped once it is folded: a wide per cent sign becomes LIKE's own. */
function textCondition(values: Values, text: string): string {
  const escaped = String.raw`regexp_replace(fold(${values.add(text)}), '[\\%_]', '\\\&', 'g')`;
  return `folded like '%' || ${escaped} || '%'`;
}

/** @param wanted the place of what the field's filter asks for */
function fieldCondition(name: FilterFieldName, wanted: string): string {
  switch (fieldOf(name).kind) {
    case 'set':
      return `${columnOf(name)} @> ${wanted}::text[]`;
    case 'time':
      return `${columnOf(name)} < ${wanted}::timestamptz`;
    case 'person':
      return `${columnOf(name)} = ${wanted}`;
    default:
      return `${columnOf(name)} = any(${wanted}::text[])`;
  }
}

/**
 * Selects in an order, from an index alone whichever statuses are asked for: each status is walked in its own
 * index up to the limit, and what the walks found is merged.
 */
async function selectOrdered(
  database: Database,
  options: Omit<TicketPageRequest, 'pageSize'> & { limit: number },
): Promise<Ticket[]> {
  const { filter, after, order, backwards = false } = options;
  const { ids, text, statuses } = filter;
  const values = new Values();
  const conditions: string[] = [];
  for (const name of filterFieldNames) {
    const wanted = filter[ticketFields[name].filter];
    // Statuses are walked one by one, below.
    if (wanted && name !== 'status') conditions.push(fieldCondition(name, values.add(wanted)));
  }
  for (const name of personFieldNames)
    if (filter[ticketFields[name].noneFilter]) conditions.push(`${columnOf(name)} is null`);
  if (ids) conditions.push(`id = any(${values.add(ids)}::integer[])`);
  if (text) conditions.push(textCondition(values, text));
  const limit = values.add(options.limit);
  const place = after === undefined ? undefined : decodeCursor(order, after);
  const assignees = filter.unassigned
    ? ['']
    : filter.assigneeId === undefined
      ? undefined
      : [filter.assigneeId];
  const walk = { values, order, backwards, after: place, conditions, limit, assignees };
  const walks = statuses ? [...new Set(statuses)].map((status) => walkStatus(walk, status)) : [walkAll(walk)];
  const from = `(${walks.join(' union all ')}) as found`;
  return database.query<Ticket>(
    `select ${ticketColumns} from ${from} ${orderBy(walk)} limit ${limit}`,
    values.list,
  );
}

export async function findTicket(database: Database, id: number): Promise<Ticket | undefined> {
  const [ticket] = await database.query<Ticket>(
    `select ${ticketColumns} from tickets where id = $1`,
    [id],
    'find-ticket',
  );
  return ticket;
}

export function listTickets(database: Database, filter: TicketFilter): Promise<Ticket[]> {
  return selectOrdered(database, {
    filter,
    after: undefined,
    order: 'CREATED_DESC',
    limit: limits.maxListLength,
  });
}

export async function pageTickets(database: Database, request: TicketPageRequest): Promise<TicketPage> {
  const { order, pageSize, backwards } = request;
  // One more than asked for tells whether there is a next page.
  const found = await selectOrdered(database, { ...request, limit: pageSize + 1 });
  const tickets = found.slice(0, pageSize);
  if (backwards) tickets.reverse();
  return {
    tickets,
    cursors: tickets.map((ticket) => encodeCursor(order, ticket)),
    hasNextPage: found.length > pageSize,
  };
}

export async function countTickets(
  database: Database,
  text: string | undefined,
): Promise<Map<string, number>> {
  const values = new Values();
  const where = text ? `where ${textCondition(values, text)}` : '';
  const rows = await database.query<{ status: string; count: number }>(
    `select status, count(*)::integer as count from tickets ${where} group by status`,
    values.list,
  );
  return new Map(rows.map(({ status, count }) => [status, count]));
}
