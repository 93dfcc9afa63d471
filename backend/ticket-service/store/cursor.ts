/**
 * By what lists are ordered: a key of each ticket, and the id where keys are equal; and where a page ended, as text that
 * callers hand back without looking into it.
 */
import { agentRule, textProblem } from '../../../proto/checks.ts';
import type { ChoiceField } from '../../../proto/field-kinds.ts';
import {
  fieldOf,
  isRelevance,
  type KeyOrder,
  maxInt32,
  type SortDirection,
  sortFieldNames,
  type TicketOrder,
  ticketFields,
  ticketOrders,
} from '../../../proto/ticket-fields.ts';
import { sortedBeginning, sortedCharacters } from '../../../proto/ticket-order.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import { columnOf } from './columns.ts';

/** The order of the tickets of one tier, or of all where the order has none. */
export function keyOrderOf(order: TicketOrder): KeyOrder {
  return isRelevance(order) ? `CREATED_${ticketOrders[order].direction}` : order;
}

interface SortKey {
  /** The key in SQL. An index on this very expression serves the order. */
  sql: string;
  /** The key in SQL that a cursor's value stands for. @param value its place in the statement */
  at(value: string): string;
  /** A cursor's value. */
  of(ticket: Ticket): string | number;
  /** Whether a value out of a cursor can be such a one. */
  is(value: unknown): value is string | number;
}

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** With microseconds, which a JS Date would drop and so skip tickets or show them twice; and of a day that there is. */
function isTimestamp(value: unknown): value is string {
  if (typeof value !== 'string' || !timestamp.test(value) || value.startsWith('0000')) return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 19) === value.slice(0, 19);
}

type Sorted = Pick<Ticket, (typeof sortFieldNames)[number]>;

const asTime = (value: string) => `${value}::timestamptz`;
const asInteger = (value: string) => `${value}::integer`;

function byTime(column: string, name: 'createdAt' | 'updatedAt'): SortKey {
  return { sql: column, at: asTime, of: (ticket) => ticket[name], is: isTimestamp };
}

const byNumber: SortKey = { sql: 'id', at: asInteger, of: ({ id }) => id, is: isId };

const keyOfText = (beginning: string) => `(left(fold(${beginning}), ${sortedCharacters}) collate "C")`;

/** A text as it is searched for, and by code points, so that it hangs on no locale; a cursor has it as it was typed. */
function byText(name: keyof Sorted): SortKey {
  const rule = { maxCharacters: sortedCharacters, mayBeEmpty: true };
  return {
    sql: keyOfText(`left(${columnOf(name)}, ${sortedCharacters})`),
    at: keyOfText,
    of: (ticket) => sortedBeginning(ticket[name] ?? ''),
    is: (value): value is string => typeof value === 'string' && textProblem(value, rule) === undefined,
  };
}

/** The place of a choice, beginning with 1; 0 when it is not among them. */
export function placeAmong(choices: readonly string[], value: string | null): number {
  return choices.indexOf(value ?? '') + 1;
}

function placeIn(column: string, choices: readonly string[]): string {
  const list = choices.map((choice) => `'${choice}'`).join(', ');
  return `coalesce(array_position(array[${list}], ${column}), 0)`;
}

/** In SQL, the place of a ticket's status. */
export const statusPlace = placeIn('status', ticketFields.status.choices);

/** A choice is sorted by its place among the choices, and before all of them where it is none of them. */
function byChoice(name: keyof Sorted, { choices }: ChoiceField): SortKey {
  return {
    sql: placeIn(columnOf(name), choices),
    at: asInteger,
    of: (ticket) => placeAmong(choices, ticket[name]),
    is: (value): value is number =>
      choices.length >= Number(value) && Number.isInteger(value) && Number(value) >= 0,
  };
}

/** Tickets without the time come last in both directions. */
function byTimeOrNone(name: keyof Sorted, direction: SortDirection): SortKey {
  const none = direction === 'ASC' ? 'infinity' : '-infinity';
  return {
    sql: `coalesce(${columnOf(name)}, '${none}')`,
    at: asTime,
    of: (ticket) => ticket[name] ?? none,
    is: (value): value is string => value === none || isTimestamp(value),
  };
}

/** Behind every agent's key, which begins with 0, and before. */
const nobody = { ASC: "'1'", DESC: "''" };

/** Agents and nobody, each with the id and the key by which their tickets are sorted: by the folded name, then the id. */
export function agentKeys(direction: SortDirection): string {
  const name = keyOfText(`left(name, ${sortedCharacters})`);
  return `(select id, ('0' || ${name} || e'\\n' || id) collate "C" as key from agents
    union all select '', ${nobody[direction]} collate "C") agent_keys`;
}

/** In SQL, what a ticket has in place of the agent's id; of nobody's it is empty. */
export const assigneeOrNone = "coalesce(assignee_id, '')";

/** A cursor has the agent's id, whatever the agent is called by then. Nobody's tickets come last in both directions. */
function byAgent(name: keyof Sorted, direction: SortDirection): SortKey {
  const keyOf = (id: string) => `(select key from ${agentKeys(direction)} where id = ${id})`;
  return {
    sql: keyOf(assigneeOrNone),
    at: keyOf,
    of: (ticket) => ticket[name] ?? '',
    is: (value): value is string =>
      typeof value === 'string' && textProblem(value, { ...agentRule, mayBeEmpty: true }) === undefined,
  };
}

function sortKey(order: KeyOrder): SortKey {
  const { by, direction } = ticketOrders[order];
  if (by === 'CREATED') return byTime('created_at', 'createdAt');
  if (by === 'UPDATED') return byTime('updated_at', 'updatedAt');
  if (by === 'NUMBER') return byNumber;
  const name = sortFieldNames.find((each) => fieldOf(each).sort === by) as keyof Sorted;
  const field = fieldOf(name);
  if (field.kind === 'text') return byText(name);
  if (field.kind === 'person') return byAgent(name, direction);
  return field.kind === 'choice' ? byChoice(name, field) : byTimeOrNone(name, direction);
}

export const sortKeys = Object.fromEntries(
  (Object.keys(ticketOrders) as TicketOrder[]).flatMap((order) =>
    isRelevance(order) ? [] : [[order, sortKey(order)]],
  ),
) as Readonly<Record<KeyOrder, SortKey>>;

/** Where a search hits: the head is the title, the tags and the requester. */
export type Tier = 'head' | 'elsewhere';

export interface CursorPlace {
  /** What the order compares first. */
  key: string | number;
  id: number;
  /** Of RELEVANCE alone. */
  tier?: Tier;
}

/** @param tier of RELEVANCE alone */
export function encodeCursor(order: TicketOrder, ticket: Ticket, tier?: Tier): string {
  const key = sortKeys[keyOrderOf(order)].of(ticket);
  const place = [order, key, ticket.id, ...(tier === undefined ? [] : [tier])];
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws DeskError BAD_USER_INPUT pageToken */
export function decodeCursor(order: TicketOrder, cursor: string): CursorPlace {
  const place = parse(order, cursor);
  if (place) return place;
  throw new DeskError(
    'BAD_USER_INPUT',
    'The page token is none that this service gave for this order. Start again from the first page.',
    { field: 'pageToken' },
  );
}

function parse(order: TicketOrder, cursor: string): CursorPlace | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [ofOrder, key, id, tier]: unknown[] = parts;
  if (ofOrder !== order || !sortKeys[keyOrderOf(order)].is(key) || !isId(id)) return undefined;
  if (!isRelevance(order)) return { key, id };
  return tier === 'head' || tier === 'elsewhere' ? { key, id, tier } : undefined;
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= maxInt32;
}
