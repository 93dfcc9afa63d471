/** Writes of tickets, each one statement and so one transaction. */
import type { NewTicket, Ticket, TicketChanges } from '../../domain/ticket.ts';
import type { Database } from './database.ts';
import { findTicket } from './reads.ts';
import { type TicketRow, ticketColumns, toTicket } from './rows.ts';
import type { CreateOutcome, UpdateOutcome } from './ticket-store.ts';

/**
 * The ledger's row is claimed first: of any number of statements with one request id, one claims it, and the
 * others wait for its commit and then make nothing. Looking before saves a number of the sequence on a resend.
 */
const createStatement = `
  with claimed as (
    insert into create_results (request_id, ticket_id)
    select $1::uuid, nextval(pg_get_serial_sequence('tickets', 'id'))
    where not exists (select from create_results where request_id = $1::uuid)
    on conflict do nothing
    returning request_id, ticket_id
  )
  insert into tickets (id, title, description, name, status, request_id, version, created_at, updated_at)
  overriding system value
  select ticket_id, $2, $3, $4, $5, request_id, 1, least($6::timestamptz, now()), now() from claimed
  returning ${ticketColumns}`;

export async function createTicket(
  database: Database,
  create: NewTicket,
  status: string,
): Promise<CreateOutcome> {
  const { requestId, title, description, name, createdAt } = create;
  const [made] = await database.query<TicketRow>(
    createStatement,
    [requestId, title, description, name, status, createdAt],
    'create-ticket',
  );
  if (made) return { state: 'created', ticket: toTicket(made) };
  // A statement of its own: the one above can't see a row that was committed while it waited.
  const [known] = await database.query<{ id: number }>(
    'select ticket_id as id from create_results where request_id = $1',
    [requestId],
  );
  if (!known) throw new Error('a create was neither made nor known');
  return { state: 'known', id: known.id };
}

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
