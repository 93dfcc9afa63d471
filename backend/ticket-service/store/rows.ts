/** Tickets as Postgres gives them. */
import type { Ticket } from '../../domain/ticket.ts';

/** A timestamp as text with its microseconds. */
const timestampText = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The columns of a TicketRow, for a select list or RETURNING. */
export const ticketColumns = `id, title, description, name, status, version, request_id, ${timestampText('created_at')} as created, ${timestampText('updated_at')} as updated`;

export interface TicketRow {
  id: number;
  title: string;
  description: string;
  name: string;
  status: string;
  version: number;
  request_id: string | null;
  created: string;
  updated: string;
}

export function toTicket(row: TicketRow): Ticket {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    name: row.name,
    status: row.status,
    createdAt: row.created,
    updatedAt: row.updated,
    version: row.version,
    requestId: row.request_id,
  };
}
