/** Tickets in several orders. */
import { comparing } from '../../../../proto/ticket-order.ts';

const descending = comparing('CREATED_DESC');
const ascending = comparing('CREATED_ASC');

export interface Ticket {
  id: number;
  requestId: string | null;
  version: number;
  open: boolean;
  createdAt: number;
  updatedAt: number;
  priority: number;
}

export const text = (value: number) => String(value).padStart(6, '0');
/** Orders that there are, and one that there may be. */
export const orders = {
  'newest first': { order: descending, sortKey: (ticket: Ticket) => text(ticket.createdAt) },
  'oldest first': { order: ascending, sortKey: (ticket: Ticket) => text(ticket.createdAt) },
  'last changed first': { order: descending, sortKey: (ticket: Ticket) => text(ticket.updatedAt) },
  'longest unchanged first': { order: ascending, sortKey: (ticket: Ticket) => text(ticket.updatedAt) },
  'most urgent first': {
    order: descending,
    sortKey: (ticket: Ticket) => `${ticket.priority} ${text(9_999 - ticket.createdAt)}`,
  },
};
