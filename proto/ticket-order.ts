/** Which of two tickets comes first in a list. The ticket service decides it in SQL; this is for lists made elsewhere. */
import {
  fieldOf,
  type SortFieldName,
  sortFieldNames,
  type TicketOrder,
  ticketOrders,
} from './ticket-fields.ts';

/** A place in a list of one order. */
export interface Sorted {
  id: number;
  /** What `sortKeyOf` says for this order. */
  sortKey: string;
}

/** As the ticket service sorts: by the key, and by the id where the keys are the same. */
export function comparing(order: TicketOrder): (a: Sorted, b: Sorted) => number {
  const sign = ticketOrders[order].direction === 'ASC' ? 1 : -1;
  return (a, b) => {
    if (a.sortKey !== b.sortKey) return a.sortKey < b.sortKey ? -sign : sign;
    return (a.id - b.id) * sign;
  };
}

type OrderedTicket = { createdAt: string | null; updatedAt: string | null } & {
  [F in SortFieldName]: string | null;
};

/** A time or, of a choice, its place among the choices; in text, so that any two can be compared. */
export function sortKeyOf(order: TicketOrder, ticket: OrderedTicket): string {
  const { by, direction } = ticketOrders[order];
  // A service that tells no times has its tickets ordered by id.
  if (by === 'CREATED') return ticket.createdAt ?? '';
  if (by === 'UPDATED') return ticket.updatedAt ?? '';
  const name = sortFieldNames.find((name) => fieldOf(name).sort === by);
  if (!name) return '';
  const field = fieldOf(name);
  // Those without a time come last in both directions: behind every digit, and before.
  if (field.kind !== 'choice') return ticket[name] ?? (direction === 'ASC' ? '~' : '');
  return String(field.choices.indexOf(ticket[name] ?? '') + 1).padStart(3, '0');
}
