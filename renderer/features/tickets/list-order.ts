/** The orders of a list: what each is called, and the row that a ticket is in one. */
import {
  fieldOf,
  type SortFieldName,
  sortFieldNames,
  type TicketOrder,
  ticketFields,
} from '../../../proto/ticket-fields.ts';
import { sortKeyOf } from '../../../proto/ticket-order.ts';
import type { TicketRowFragment } from '../../graphql/generated/operations.ts';
import type { Row } from './known-rows.ts';

export const orders: readonly { id: TicketOrder; label: string }[] = [
  { id: 'CREATED_DESC', label: 'Newest first' },
  { id: 'CREATED_ASC', label: 'Oldest first' },
  { id: 'UPDATED_DESC', label: 'Last changed first' },
  { id: 'UPDATED_ASC', label: 'Longest unchanged first' },
  ...sortFieldNames.flatMap(fieldOrders),
];

/** "Urgent first", the last of the choices, and the other way round; of times the soonest first, and the latest. */
function fieldOrders(name: SortFieldName): { id: TicketOrder; label: string }[] {
  const field = fieldOf(name);
  const { sort } = ticketFields[name];
  const ends = field.kind === 'choice' ? [field.choices.at(-1), field.choices[0]] : ['latest', 'soonest'];
  const both = [
    { id: `${sort}_DESC` as const, label: `${field.label}: ${ends[0]} first` },
    { id: `${sort}_ASC` as const, label: `${field.label}: ${ends[1]} first` },
  ];
  return field.kind === 'choice' ? both : both.reverse();
}

export function isOrder(value: unknown): value is TicketOrder {
  return orders.some((order) => order.id === value);
}

type OrderedTicket = Pick<
  TicketRowFragment,
  'id' | 'requestId' | 'version' | 'createdAt' | 'updatedAt' | SortFieldName
>;

/** The row of a ticket in a list of this order; null for a ticket without an id, which no service sends. */
export function rowFor(order: TicketOrder, ticket: OrderedTicket): Row | null {
  const { id, requestId, version } = ticket;
  if (id === null) return null;
  return { id, key: requestId ?? `ticket-${id}`, version, sortKey: sortKeyOf(order, ticket) };
}
