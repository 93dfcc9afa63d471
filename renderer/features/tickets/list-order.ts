/** The orders of a list: what each is called, and which of two tickets comes first. */
import type { TicketOrder, TicketRowFragment } from '../../graphql/generated/operations.ts';
import type { Order, Row } from './known-rows.ts';

export const orders = [
  { id: 'CREATED_DESC', label: 'Newest first' },
  { id: 'CREATED_ASC', label: 'Oldest first' },
  { id: 'UPDATED_DESC', label: 'Last changed first' },
  { id: 'UPDATED_ASC', label: 'Longest unchanged first' },
] as const satisfies readonly { id: TicketOrder; label: string }[];

export function isOrder(value: unknown): value is TicketOrder {
  return orders.some((order) => order.id === value);
}

/** As the ticket service sorts: by the time, and by the id where the times are the same. */
export function orderOf(order: TicketOrder): Order {
  const sign = order === 'CREATED_ASC' || order === 'UPDATED_ASC' ? 1 : -1;
  return (a, b) => {
    if (a.sortKey !== b.sortKey) return a.sortKey < b.sortKey ? -sign : sign;
    return (a.id - b.id) * sign;
  };
}

type OrderedTicket = Pick<TicketRowFragment, 'id' | 'requestId' | 'version' | 'createdAt' | 'updatedAt'>;

/** The row of a ticket in a list of this order; null for a ticket without an id, which no service sends. */
export function rowFor(order: TicketOrder, ticket: OrderedTicket): Row | null {
  const { id, requestId, version } = ticket;
  if (id === null) return null;
  const byUpdate = order === 'UPDATED_DESC' || order === 'UPDATED_ASC';
  // A service that tells no times has its tickets ordered by id.
  const sortKey = (byUpdate ? ticket.updatedAt : ticket.createdAt) ?? '';
  return { id, key: requestId ?? `ticket-${id}`, version, sortKey };
}
