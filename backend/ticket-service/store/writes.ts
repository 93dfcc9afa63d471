/** Writes of tickets that are there, each one statement and so one transaction. */
import type { Ticket, TicketChanges } from '../../domain/ticket.ts';
import type { Database } from './database.ts';
import { findTicket } from './reads.ts';
import { ticketColumns, toColumns, valueColumns } from './rows.ts';
import type { UpdateOutcome } from './ticket-store.ts';

/** What the changes leave out stays as it is. */
const updateStatement = `
  update tickets set
    (${valueColumns}) = (select ${valueColumns} from jsonb_populate_record(tickets, $2::jsonb)),
    version = version + 1, updated_at = greatest(now(), updated_at)
  where id = $1 and ($3::integer is null or version = $3)
  returning ${ticketColumns}`;

export async function updateTicket(
  database: Database,
  id: number,
  changes: TicketChanges,
  expectedVersion: number | undefined,
): Promise<UpdateOutcome> {
  const [ticket] = await database.query<Ticket>(
    updateStatement,
    [id, toColumns(changes), expectedVersion],
    'update-ticket',
  );
  if (ticket) return { state: 'updated', ticket };
  if (expectedVersion === undefined) return { state: 'missing' };
  const current = await findTicket(database, id);
  return current ? { state: 'conflict', current } : { state: 'missing' };
}

export async function deleteTicket(database: Database, id: number): Promise<{ version: number } | undefined> {
  const [row] = await database.query<{ version: number }>(
    `with gone as (delete from tickets where id = $1 returning *)
     insert into deleted_tickets (id, ${valueColumns}, request_id, version, created_at)
     select id, ${valueColumns}, request_id, version + 1, created_at from gone
     returning version`,
    [id],
    'delete-ticket',
  );
  return row;
}

export async function restoreTicket(database: Database, id: number): Promise<Ticket | undefined> {
  const [ticket] = await database.query<Ticket>(
    `with back as (delete from deleted_tickets where id = $1 returning *)
     insert into tickets (id, ${valueColumns}, request_id, version, created_at, updated_at)
     overriding system value
     select id, ${valueColumns}, request_id, version + 1, created_at, now() from back
     returning ${ticketColumns}`,
    [id],
    'restore-ticket',
  );
  return ticket;
}
