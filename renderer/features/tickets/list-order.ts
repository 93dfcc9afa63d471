/** The orders of a list: what each is called, and which of two tickets comes first. */
import {
  type ChoiceField,
  fieldOf,
  type SortFieldName,
  sortFieldNames,
  type TicketOrder,
  ticketFields,
  ticketOrders,
} from '../../../proto/ticket-fields.ts';
import type { TicketRowFragment } from '../../graphql/generated/operations.ts';
import type { Order, Row } from './known-rows.ts';

export const orders: readonly { id: TicketOrder; label: string }[] = [
  { id: 'CREATED_DESC', label: 'Newest first' },
  { id: 'CREATED_ASC', label: 'Oldest first' },
  { id: 'UPDATED_DESC', label: 'Last changed first' },
  { id: 'UPDATED_ASC', label: 'Longest unchanged first' },
  ...sortFieldNames.flatMap(choiceOrders),
];

/** "Urgent first", the last of the choices, and the other way round. */
function choiceOrders(name: SortFieldName): { id: TicketOrder; label: string }[] {
  const { label, choices, sort }: ChoiceField & { sort: string } = ticketFields[name];
  return [
    { id: `${sort}_DESC` as TicketOrder, label: `${label}: ${choices.at(-1)} first` },
    { id: `${sort}_ASC` as TicketOrder, label: `${label}: ${choices[0]} first` },
  ];
}

export function isOrder(value: unknown): value is TicketOrder {
  return orders.some((order) => order.id === value);
}

/** As the ticket service sorts: by the key, and by the id where the keys are the same. */
export function orderOf(order: TicketOrder): Order {
  const sign = ticketOrders[order].direction === 'ASC' ? 1 : -1;
  return (a, b) => {
    if (a.sortKey !== b.sortKey) return a.sortKey < b.sortKey ? -sign : sign;
    return (a.id - b.id) * sign;
  };
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

/** A time or, of a choice, its place among the choices; in text, so that any two can be compared. */
function sortKeyOf(order: TicketOrder, ticket: OrderedTicket): string {
  const { by } = ticketOrders[order];
  // A service that tells no times has its tickets ordered by id.
  if (by === 'CREATED') return ticket.createdAt ?? '';
  if (by === 'UPDATED') return ticket.updatedAt ?? '';
  const name = sortFieldNames.find((name) => fieldOf(name).sort === by);
  if (!name) return '';
  const { choices }: ChoiceField = ticketFields[name];
  return String(choices.indexOf(ticket[name] ?? '') + 1).padStart(3, '0');
}
