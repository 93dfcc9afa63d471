/**
 * An older service on the same tables and queue stores a create without its request. When the create is sent again, its
 * ticket is recognised by its text and becomes that create's own, so that no second one is made. Looked for only where
 * such a ticket was stored since the create was filed: the database itself knows, so that it holds for any number of
 * services, over restarts, from the first such ticket on. Where no older service is left this file goes, and what
 * creates.ts does with it.
 */
import {
  createFieldNames,
  extensionFieldNames,
  type FieldName,
  fieldOf,
} from '../../../proto/ticket-fields.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { asSet, columnOf, ticketColumns } from './columns.ts';
import type { Database } from './database.ts';
import { claim, type DigestedCreate, forgetRejections, freshCreates, givenCreates } from './ledger.ts';

/** By how much the clocks of the computer that filed and of the database may differ. */
const clockSkew = '5 minutes';

/** From when on an older service may have stored a create. One filed in the future was filed by a clock that went ahead. */
const storedSince = (filedAt: string) => `least(${filedAt}, now()) - interval '${clockSkew}'`;

/** All that an older service stores of a create. */
const isOfExtension = (name: FieldName) => extensionFieldNames.includes(name);
const baseNames = createFieldNames.filter((name) => !isOfExtension(name));
const baseText = baseNames.map(columnOf);
const text = baseText.join(', ');
/** The text as it was filed, whatever was changed since. Only the title is the current one: its index finds the ticket. */
const filedText = baseNames
  .map((name) => {
    const column = columnOf(name);
    if (name === 'title') return column;
    const first = `select "from" from ticket_history where ticket_id = stored.id and field = '${name}' order by id limit 1`;
    return `coalesce((${first}), ${column}) as ${column}`;
  })
  .join(', ');
const sameText = baseText.map((column) => `fresh.${column} = old.${column}`).join(' and ');
/** What it left out the create still says, beside what somebody has set meanwhile. */
const leftOut = createFieldNames
  .filter(isOfExtension)
  .map((name) => `, ${columnOf(name)} = ${filledIn(name)}`)
  .join('');

function filledIn(name: FieldName): string {
  const field = fieldOf(name);
  const [there, filed] = [`stored.${columnOf(name)}`, `fresh.${columnOf(name)}`];
  if (field.kind === 'set') {
    const both = asSet(`${there} || ${filed}`);
    return `case when cardinality(${both}) <= ${field.maxEntries} then ${both} else ${there} end`;
  }
  const isSet = `exists (select from ticket_history where ticket_id = stored.id and field = '${name}')`;
  return `case when ${isSet} then ${there} else coalesce(${filed}, ${there}) end`;
}

/** That no older service has stored a ticket since the first of these was filed that may have been sent before. */
export function noneToAdopt(creates: readonly DigestedCreate[]): { condition: string; values: unknown[] } {
  const [first] = creates
    .filter(({ unseen }) => !unseen)
    .map(({ createdAt }) => createdAt)
    .sort((a, b) => Date.parse(a) - Date.parse(b));
  if (first === undefined) return { condition: 'true', values: [] };
  // What was deleted since is found by its index; a ticket is deleted after it was stored.
  const since = storedSince('$2::timestamptz');
  const condition = `not exists (select from tickets where request_id is null and created_at >= ${since})
    and not exists (
      select from deleted_tickets where request_id is null and created_at >= ${since} and deleted_at >= ${since})`;
  return { condition, values: [first] };
}

/** `old` are the tickets that have the text of one; `pairs` gives each of them to one create at most. */
const adoptStatement = (table: 'tickets' | 'deleted_tickets', change: string, returning: string) => `
  with fresh as materialized (
    ${freshCreates}
  ), old as materialized (
    select id, ${filedText}, created_at from ${table} stored
    where request_id is null and exists (
      select from fresh where md5(fresh.title) = md5(stored.title)
        and stored.created_at >= ${storedSince('fresh.created_at')})
    order by id for update
  ), pairs as (
    select fresh.*, old.id
    from (select *, row_number() over (partition by ${text} order by created_at, request_id) as turn
          from fresh where md5(title) in (select md5(title) from old)) fresh
    join (select *, row_number() over (partition by ${text} order by created_at, id) as turn from old) old
      on ${sameText} and fresh.turn = old.turn
    where old.created_at >= ${storedSince('fresh.created_at')}
  ), claimed as (
    ${claim('select request_id, revision, digest, id from pairs order by request_id')}
  ), mended as (
    ${forgetRejections}
  ), adopted as (
    update ${table} stored set request_id = claimed.request_id${leftOut}${change}
    from claimed join fresh using (request_id) where stored.id = claimed.ticket_id
    returning stored.*
  )
  select ${returning} from adopted`;

const adopt = adoptStatement(
  'tickets',
  ', version = version + 1, updated_at = greatest(now(), updated_at)',
  ticketColumns,
);
const adoptDeleted = adoptStatement('deleted_tickets', '', 'id');

/**
 * Each statement locks the tickets in the order of their ids before it claims. One that was deleted meanwhile is its
 * create's as well, which could be restored beside a second one.
 * @returns the tickets that were adopted and are there
 */
export async function adoptByText(database: Database, creates: readonly DigestedCreate[]): Promise<Ticket[]> {
  const sentBefore = [givenCreates(creates.filter(({ unseen }) => !unseen))];
  const adopted = await database.query<Ticket>(adopt, sentBefore);
  await database.query(adoptDeleted, sentBefore);
  return adopted;
}
