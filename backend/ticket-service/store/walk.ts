/** Selects that read the first tickets of an order, or those behind a place, from an index alone. */
import {
  type KeyOrder,
  type SortDirection,
  ticketFields,
  ticketOrders,
} from '../../../proto/ticket-fields.ts';
import { agentKeys, assigneeOrNone, type CursorPlace, placeAmong, sortKeys, statusPlace } from './cursor.ts';

/** Numbers the values of a statement as they are mentioned. */
export class Values {
  readonly list: unknown[] = [];

  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

export interface Walk {
  values: Values;
  order: KeyOrder;
  /** From the end to the beginning. */
  backwards: boolean;
  /** Undefined: from where it begins. */
  after: CursorPlace | undefined;
  /** What else holds of each ticket. */
  conditions: readonly string[];
  /** How many, by its place among the values. */
  limit: string;
  /** Whose alone, by their ids: '' is nobody. Undefined: anybody's. */
  assignees?: readonly string[] | undefined;
}

/** What is compared before the id, and its value where the page before ended. */
interface WalkKey {
  sql: string;
  last(place: CursorPlace): string;
}

function byOrder({ order, values }: Walk): WalkKey {
  const { sql, at } = sortKeys[order];
  return { sql, last: ({ key }) => at(values.add(key)) };
}

export function directionOf({ order, backwards }: Pick<Walk, 'order' | 'backwards'>): SortDirection {
  const isUp = (ticketOrders[order].direction === 'ASC') !== backwards;
  return isUp ? 'ASC' : 'DESC';
}

/** That a ticket comes after a place of the order. */
export function isBehind(walk: Walk, place: CursorPlace, keys: readonly WalkKey[] = [byOrder(walk)]): string {
  const columns = [...keys.map(({ sql }) => sql), 'id'];
  const last = [...keys.map((key) => key.last(place)), `${walk.values.add(place.id)}::integer`];
  return `(${columns}) ${directionOf(walk) === 'ASC' ? '>' : '<'} (${last})`;
}

function select(walk: Walk, keys: readonly WalkKey[]): string {
  const { after, conditions, limit } = walk;
  const columns = [...keys.map(({ sql }) => sql), 'id'];
  const where = ['true', ...conditions, ...(after ? [isBehind(walk, after, keys)] : [])].join(' and ');
  return `(select * from tickets where ${where} ${orderBy(walk, columns)} limit ${limit})`;
}

export function orderBy(
  walk: Pick<Walk, 'order' | 'backwards'>,
  columns: readonly string[] = [sortKeys[walk.order].sql, 'id'],
): string {
  return `order by ${columns.map((column) => `${column} ${directionOf(walk)}`)}`;
}

/** The tickets of each agent, one after the other, until there are enough. Agents are few, and tickets are not. */
function selectByAgent(walk: Walk): string {
  const { order, values, after, limit, assignees } = walk;
  const direction = directionOf(walk);
  const [isBehind, before] = direction === 'ASC' ? ['>', '-1'] : ['<', '2147483647'];
  const last = after && byOrder(walk).last(after);
  const agents = [
    ...(last ? [`key ${isBehind}= ${last}`] : []),
    ...(assignees ? [`id = any(${values.add(assignees)}::text[])`] : []),
  ];
  const from =
    after && `case agent.key when ${last} then ${values.add(after.id)}::integer else ${before} end`;
  const conditions = [
    `${assigneeOrNone} between agent.id and agent.id`,
    ...(from ? [`(${assigneeOrNone}, id) ${isBehind} (agent.id, ${from})`] : []),
    ...walk.conditions,
  ];
  return `(select ticket.* from (select * from ${agentKeys(ticketOrders[order].direction)}
    where ${['true', ...agents].join(' and ')} order by key ${direction}) agent
    cross join lateral (select * from tickets where ${conditions.join(' and ')}
    ${orderBy(walk, [assigneeOrNone, 'id'])} limit ${limit}) ticket
    ${orderBy(walk, ['agent.key', 'ticket.id'])} limit ${limit})`;
}

/** Over everything. */
export function walkAll(walk: Walk): string {
  return ticketOrders[walk.order].by === 'ASSIGNEE' ? selectByAgent(walk) : select(walk, [byOrder(walk)]);
}

/**
 * Over one status, by an index that begins with it. Were it said to be this one, and not to be from this one to the
 * same, the order would be that of other indexes, too, by which the planner walks past the tickets of all statuses.
 */
export function walkStatus(walk: Walk, status: string): string {
  const { values } = walk;
  const { by } = ticketOrders[walk.order];
  if (by === 'ASSIGNEE')
    return selectByAgent({ ...walk, conditions: [`status = ${values.add(status)}`, ...walk.conditions] });
  const within = (sql: string, value: string) => {
    const isIt = `${sql} between ${value} and ${value}`;
    return { walk: { ...walk, conditions: [isIt, ...walk.conditions] }, first: { sql, last: () => value } };
  };
  if (by !== 'NUMBER' && by !== 'STATUS') {
    const { walk: inStatus, first } = within('status', `${values.add(status)}::text`);
    return select(inStatus, [first, byOrder(walk)]);
  }
  // The index begins with its place, and all that have that are in the order of their numbers.
  const place = placeAmong(ticketFields.status.choices, status);
  const { walk: inPlace, first } = within(statusPlace, `${values.add(place)}::integer`);
  return select(inPlace, [by === 'NUMBER' ? first : byOrder(walk)]);
}
