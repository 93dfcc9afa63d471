/** The orders of a list: their names, and a ticket as a row of each. */
import type { Field } from '../../../proto/field-kinds.ts';
import type { SearchTerm } from '../../../proto/search-language.ts';
import {
  fieldOf,
  isRelevance,
  type SortFieldName,
  type SortName,
  sortFieldNames,
  sortNames,
  type TicketOrder,
  ticketFields,
  ticketOrders,
} from '../../../proto/ticket-fields.ts';
import { sortKeyOf } from '../../../proto/ticket-order.ts';
import type { TicketRowFragment } from '../../graphql/generated/operations.ts';
import { type Row, ticketRow } from './known-rows.ts';

/** Both orders by one thing, the one that a person most likely wants before the other: the newest first, or the most urgent. */
export function ordersBy(by: SortName): [TicketOrder, TicketOrder] {
  const [ascending, descending] = [`${by}_ASC`, `${by}_DESC`] as const;
  const field = fieldBy(by);
  return field && !field.lastFirst ? [ascending, descending] : [descending, ascending];
}

/** Undefined: it is by a time of the ticket, or by its number. */
function fieldBy(by: SortName): Field | undefined {
  const name = sortFieldNames.find((name) => ticketFields[name].sort === by);
  return name && fieldOf(name);
}

/** Of every list, searched or not. */
export const orders: readonly { id: TicketOrder; label: string }[] = sortNames
  .flatMap(ordersBy)
  .filter((order) => !isRelevance(order))
  .map((id) => ({ id, label: labelOf(id) }));

/** Those to choose from. Where nothing ranks the best match would be no other order than the newest first. */
export function offeredOrders(order: TicketOrder, isRanked: boolean): typeof orders {
  const isBest = isRelevance(order);
  const best = isBest ? order : bestMatch;
  return isBest || isRanked ? [{ id: best, label: labelOf(best) }, ...orders] : orders;
}

export const bestMatch = 'RELEVANCE_DESC';

/** As the list's foot says it, and what a click on a head leads to. */
export function labelOf(order: TicketOrder): string {
  const { by, direction } = ticketOrders[order];
  const [ascending, descending] = labels(by);
  return direction === 'ASC' ? ascending : descending;
}

/** Upwards and downwards. */
function labels(by: SortName): [string, string] {
  if (by === 'CREATED') return ['Oldest first', 'Newest first'];
  if (by === 'RELEVANCE') return ['Best match last', 'Best match'];
  if (by === 'UPDATED') return ['Longest unchanged first', 'Last changed first'];
  const field = fieldBy(by);
  if (!field) return ['Lowest number first', 'Highest number first'];
  const [first, last] = endsOf(field);
  return [`${field.label}: ${first} first`, `${field.label}: ${last} first`];
}

function endsOf(field: Field): [string | undefined, string | undefined] {
  if (field.kind === 'choice') return [field.choices[0], field.choices.at(-1)];
  return field.kind === 'time' ? ['soonest', 'latest'] : ['A', 'Z'];
}

export function isOrder(value: unknown): value is TicketOrder {
  return typeof value === 'string' && Object.hasOwn(ticketOrders, value);
}

type OrderedTicket = Pick<
  TicketRowFragment,
  'id' | 'requestId' | 'version' | 'title' | 'tags' | 'createdAt' | 'updatedAt' | 'assignee' | SortFieldName
>;

/**
 * The row of a ticket in a list of this order; null for a ticket without an id, which no service sends.
 * @param terms of the search that found it
 */
export function rowFor(
  order: TicketOrder,
  ticket: OrderedTicket,
  terms: readonly SearchTerm[] = [],
): Row | null {
  const { id, requestId, version } = ticket;
  if (id === null) return null;
  const sortKey = sortKeyOf(order, ticket, terms);
  return ticketRow({ id, key: requestId ?? `ticket-${id}`, version, sortKey });
}
