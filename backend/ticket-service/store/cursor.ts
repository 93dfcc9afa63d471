/** Where a page ended, as text that callers hand back without looking into it. */
import type { Ticket, TicketOrder } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';

export interface CursorPlace {
  /** RFC 3339 in UTC with microseconds: a JS Date would drop them, and skip tickets or show them twice. */
  at: string;
  id: number;
}

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Whether Postgres can read it: of the right form, and of a day that there is. */
function isTimestamp(value: unknown): value is string {
  if (typeof value !== 'string' || !timestamp.test(value) || value.startsWith('0000')) return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 19) === value.slice(0, 19);
}

export function encodeCursor(order: TicketOrder, ticket: Ticket): string {
  const at = order.startsWith('CREATED') ? ticket.createdAt : ticket.updatedAt;
  return Buffer.from(JSON.stringify([order, at, ticket.id])).toString('base64url');
}

/** @throws DeskError BAD_USER_INPUT pageToken */
export function decodeCursor(order: TicketOrder, cursor: string): CursorPlace {
  const place = parse(cursor);
  if (!place || place.order !== order) {
    throw new DeskError(
      'BAD_USER_INPUT',
      'The page token is none that this service gave for this order. Start again from the first page.',
      { field: 'pageToken' },
    );
  }
  return place;
}

function parse(cursor: string): (CursorPlace & { order: unknown }) | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [order, at, id]: unknown[] = parts;
  if (!isTimestamp(at)) return undefined;
  if (typeof id !== 'number' || !Number.isInteger(id) || Math.abs(id) > 2_147_483_647) return undefined;
  return { order, at, id };
}
