/** Where a page ended, as text that callers hand back without looking into it. */
import { ticketOrders } from '../../../proto/ticket-fields.ts';
import type { Ticket, TicketOrder } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import { sortKeys } from './sort-keys.ts';

export interface CursorPlace {
  /** What the order compares first. */
  key: string | number;
  id: number;
}

export function encodeCursor(order: TicketOrder, ticket: Ticket): string {
  const key = sortKeys[ticketOrders[order].by].of(ticket);
  return Buffer.from(JSON.stringify([order, key, ticket.id])).toString('base64url');
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
  const [ofOrder, key, id]: unknown[] = parts;
  if (ofOrder !== order || !sortKeys[ticketOrders[order].by].is(key)) return undefined;
  if (typeof id !== 'number' || !Number.isInteger(id) || Math.abs(id) > 2_147_483_647) return undefined;
  return { key, id };
}
