/** Writes of tickets that are there, each one statement and so one transaction. */
import type { Agent } from '../../domain/agent.ts';
import type { Ticket, TicketChanges } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import { columnOf, nextVersion, ticketColumns, toColumns, valueColumns } from './columns.ts';
import type { Database } from './database.ts';
import { isDuplicate } from './postgres-errors.ts';
import type { UpdateOptions, UpdateOutcome } from './ticket-store.ts';

/**
 * Whether somebody else has changed one of the fields $6, in the columns $8, since version $3, and to another value than
 * it is to have; versions $5 are the caller's own.
 */
const clashes = `exists (
  select from ticket_history join unnest($6::text[], $8::text[]) as asked (field, asked_column) using (field)
  where ticket_id = $1 and ticket_history.version > $3 and ticket_history.version <> all($5::integer[])
    and to_jsonb(tickets) -> asked_column
      is distinct from to_jsonb(jsonb_populate_record(tickets, $2::jsonb)) -> asked_column
)`;

/**
 * What the changes leave out stays as it is. A merge looks into the history as it was when the statement began, so it
 * writes only the version that it saw then.
 */
const updateStatement = `
  with seen as materialized (
    select version from tickets where id = $1
  ), changed as (
    update tickets set
      (${valueColumns}) = (select ${valueColumns} from jsonb_populate_record(tickets, $2::jsonb)),
      ${nextVersion('$9')}
    where id = $1 and (
      $3::integer is null or version = $3
      or $4 and version = (select version from seen) and not ${clashes}
    )
    returning *
  ), noted as (
    insert into change_requests (request_id, ticket_id, version, changes)
    select $7, id, version, $2::jsonb from changed where $7::uuid is not null
  )
  select ${ticketColumns} from changed`;

const currentStatement = `
  select ${ticketColumns}, $4 and not ${clashes} as "mayMerge",
         (select ticket_id = $1 and changes = $2::jsonb from change_requests where request_id = $7) as "isKnown",
         (select version from change_requests where request_id = $7) as "madeVersion"
  from tickets where id = $1`;

type Current = Ticket & { mayMerge: boolean } & (
    | { isKnown: boolean; madeVersion: number }
    | { isKnown: null; madeVersion: null }
  );

/** The same requestId changes a ticket once, and is answered with the ticket as it is. @throws DeskError CONFLICT: it is another change's. */
export async function updateTicket(
  database: Database,
  id: number,
  changes: TicketChanges,
  { expectedVersion, requestId, merge, by }: UpdateOptions,
): Promise<UpdateOutcome> {
  const fields = Object.keys(changes) as (keyof TicketChanges)[];
  const values = [
    id,
    toColumns(changes),
    expectedVersion ?? null,
    merge !== undefined,
    merge?.ownVersions ?? [],
    fields,
    requestId ?? null,
    fields.map(columnOf),
  ];
  for (;;) {
    const [ticket] = await database
      .query<Ticket>(updateStatement, [...values, by?.id], 'update-ticket')
      // The request has changed the ticket before, so nothing was written.
      .catch((thrown) => (isDuplicate(thrown) ? [] : Promise.reject(thrown)));
    if (ticket) return { state: 'updated', ticket, version: ticket.version };
    if (expectedVersion === undefined && requestId === undefined) return { state: 'missing' };
    const [found] = await database.query<Current>(currentStatement, values, 'ticket-now');
    if (!found) return { state: 'missing' };
    const { mayMerge, isKnown, madeVersion, ...current } = found;
    if (isKnown) return { state: 'updated', ticket: current, version: madeVersion };
    if (isKnown === false) throw requestTaken();
    // Without an expected version or a clash it was overtaken, and can do it now.
    if (expectedVersion !== undefined && !mayMerge) return { state: 'conflict', current };
  }
}

export function requestTaken(): DeskError {
  const words = 'This requestId was used for another change. Give this one its own.';
  return new DeskError('CONFLICT', words, { field: 'requestId' });
}

/** @param which the ids, as a select. @param agent who deletes */
export const deleteRows = (which: string, agent: string) => `
  acting as materialized (select set_config('ticketdesk.agent', coalesce(${agent}, ''), true) as agent),
  gone as (delete from tickets using acting where id in (${which}) returning tickets.*),
  done as (
    insert into deleted_tickets (id, ${valueColumns}, request_id, version, created_at)
    select id, ${valueColumns}, request_id, version + 1, created_at from gone
    returning id, version
  )`;

/** @param which the ids, as a select. @param agent who restores. @param returning of each ticket, in the part `done` */
export const restoreRows = (which: string, agent: string, returning = 'id, version') => `
  back as (delete from deleted_tickets where id in (${which}) returning *),
  done as (
    insert into tickets (id, ${valueColumns}, request_id, version, created_at, updated_at, changed_by)
    overriding system value
    select id, ${valueColumns}, request_id, version + 1, created_at, now(), ${agent} from back order by id
    returning ${returning}
  )`;

export async function deleteTicket(
  database: Database,
  id: number,
  by: Agent | undefined,
): Promise<{ version: number } | undefined> {
  const [row] = await database.query<{ version: number }>(
    `with ${deleteRows('$1::integer', '$2')} select version from done`,
    [id, by?.id ?? null],
    'delete-ticket',
  );
  return row;
}

export async function restoreTicket(
  database: Database,
  id: number,
  by: Agent | undefined,
): Promise<Ticket | undefined> {
  const [ticket] = await database.query<Ticket>(
    `with ${restoreRows('$1::integer', '$2', ticketColumns)} select * from done`,
    [id, by?.id ?? null],
    'restore-ticket',
  );
  return ticket;
}
