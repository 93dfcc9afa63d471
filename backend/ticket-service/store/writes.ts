/** Writes of tickets that are there, each one statement and so one transaction. */
import type { Ticket, TicketChanges } from '../../domain/ticket.ts';
import type { Database } from './database.ts';
import { findTicket } from './reads.ts';
import { type TicketRow, ticketColumns, toTicket } from './rows.ts';
import type { UpdateOutcome } from './ticket-store.ts';

const updateStatement = `
  update tickets set
    title = coalesce($2, title), description = coalesce($3, description),
    name = coalesce($4, name), status = coalesce($5, status),
    version = version + 1, updated_at = greatest(now(), updated_at)
  where id = $1 and ($6::integer is null or version = $6)
  returning ${ticketColumns}`;

export async function updateTicket(
  database: Database,
  id: number,
  changes: TicketChanges,
  expectedVersion: number | undefined,
): Promise<UpdateOutcome> {
  const { title, description, name, status } = changes;
  const [row] = await database.query<TicketRow>(
    updateStatement,
    [id, title, description, name, status, expectedVersion],
    'update-ticket',
  );
  if (row) return { state: 'updated', ticket: toTicket(row) };
  if (expectedVersion === undefined) return { state: 'missing' };
  const current = await findTicket(database, id);
  return current ? { state: 'conflict', current } : { state: 'missing' };
}

export async function deleteTicket(database: Database, id: number): Promise<{ version: number } | undefined> {
  const [row] = await database.query<{ version: number }>(
    `with gone as (delete from tickets where id = $1 returning *)
     insert into deleted_tickets (id, title, description, status, name, request_id, version, created_at)
     select id, title, description, status, name, request_id, version + 1, created_at from gone
     returning version`,
    [id],
    'delete-ticket',
  );
  return row;
}

export async function restoreTicket(database: Database, id: number): Promise<Ticket | undefined> {
  const [row] = await database.query<TicketRow>(
    `with back as (delete from deleted_tickets where id = $1 returning *)
     insert into tickets (id, title, description, status, name, request_id, version, created_at, updated_at)
     overriding system value
     select id, title, description, status, name, request_id, version + 1, created_at, now() from back
     returning ${ticketColumns}`,
    [id],
    'restore-ticket',
  );
  return row && toTicket(row);
}
