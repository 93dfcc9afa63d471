/**
 * The ledger of requests: what became of each, for ever.
 *
 * A request's row in create_results is claimed before anything is made of it: of any number of statements one claims
 * it, and the others wait for its commit. It holds the ticket or, while there is none, the revision that was rejected,
 * and gives way to a newer revision or to another text of the same one. Its digest tells that text from any other that
 * comes under its id. Every statement claims in the order of the request ids, so that none waits for one that waits
 * for it.
 */
import { createFieldNames, type NewTicketValues } from '../../../proto/ticket-fields.ts';
import { digestOf } from '../../create-digest.ts';
import { columnOf, columnTypeOf, toColumns } from './columns.ts';
import type { Database } from './database.ts';
import type { CreateResult, CreateToStore, NewRejection } from './ticket-store.ts';

/** Whether the ledger's row `known` gives way to this one; null, which is no, where a digest is not known. */
const givesWayTo = (other: string) =>
  `known.ticket_id is null and (known.revision < ${other}.revision
     or known.revision = ${other}.revision and known.digest <> ${other}.digest)`;

export type DigestedCreate = CreateToStore & { digest: Buffer };

const givenColumns = createFieldNames.map((name) => `${columnOf(name)} ${columnTypeOf(name)}`).join(', ');

/** The creates of $1, which is givenCreates(), that the ledger does not know or lets go before them. */
export const freshCreates = `
  select given.* from jsonb_to_recordset($1::jsonb) as given (
    request_id uuid, revision integer, created_at timestamptz, digest bytea, agent_id text, ${givenColumns})
  where not exists (
    select from create_results known
    where known.request_id = given.request_id and (${givesWayTo('given')}) is not true)`;

export function givenCreates(creates: readonly DigestedCreate[]): string {
  const given = creates.map((create) => ({
    ...toColumns(create),
    request_id: create.requestId,
    revision: create.revision ?? 0,
    created_at: create.createdAt,
    agent_id: create.agent?.id,
    digest: `\\x${create.digest.toString('hex')}`,
  }));
  return JSON.stringify(given);
}

/** @param rows gives each request_id, revision, digest and ticket_id, in the order of the request ids */
export const claim = (rows: string) => `
  insert into create_results as known (request_id, revision, digest, ticket_id) ${rows}
  on conflict (request_id) do update
    set revision = excluded.revision, digest = excluded.digest, ticket_id = excluded.ticket_id, at = now()
    where ${givesWayTo('excluded')}
  returning request_id, ticket_id`;

/** A rejection that a later revision has made good goes with it. */
export const forgetRejections =
  'delete from rejected_creates using claimed where rejected_creates.request_id = claimed.request_id';

/** A UUID as Postgres writes it. */
export function keyOf({ requestId }: { requestId: string }): string {
  return requestId.toLowerCase();
}

export function newestOfEach<Item extends { requestId: string; revision?: number }>(
  items: readonly Item[],
): Map<string, Item> {
  const newest = new Map<string, Item>();
  for (const item of items) {
    const present = newest.get(keyOf(item));
    if (!present || (present.revision ?? 0) < (item.revision ?? 0)) newest.set(keyOf(item), item);
  }
  return newest;
}

const rejectStatement = `
  with given as (
    select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::bytea[], $6::bytea[])
      as given (request_id, revision, reason, field, body, digest)
  ), claimed as (
    ${claim('select request_id, revision, digest, null::integer from given order by request_id')}
  )
  insert into rejected_creates as rejected (request_id, revision, reason, field, body)
  select request_id, revision, reason, field, body from given join claimed using (request_id)
  on conflict (request_id) do update
    set revision = excluded.revision, reason = excluded.reason, field = excluded.field,
        body = excluded.body, at = now()`;

/** Leaves alone what has become a ticket, and what was rejected in this revision or a newer one. */
export async function rejectCreates(database: Database, rejections: readonly NewRejection[]): Promise<void> {
  const newest = [...newestOfEach(rejections).values()];
  await database.query(rejectStatement, [
    newest.map(({ requestId }) => requestId),
    newest.map(({ revision }) => revision),
    newest.map(({ reason }) => reason),
    newest.map(({ field }) => field ?? null),
    newest.map(({ body }) => body),
    newest.map(({ digest }) => digest ?? null),
  ]);
}

/**
 * Under the ids as Postgres writes them; what was never seen is left out. Where the ledger has no digest, the ticket as
 * it stands, or as it was deleted, tells what was filed.
 */
export async function findCreateResults(
  database: Database,
  requestIds: readonly string[],
): Promise<CreateResult[]> {
  const rows = await database.query<ResultRow>(
    `select known.request_id as "requestId", known.ticket_id as id, known.revision, known.digest, reason, field,
            to_jsonb(undigested) as text
     from create_results known left join rejected_creates using (request_id)
     left join lateral (
       select title, description, name from tickets where known.digest is null and id = known.ticket_id
       union all
       select title, description, name from deleted_tickets where known.digest is null and id = known.ticket_id
     ) undigested on true
     where known.request_id = any($1::uuid[]) and (known.ticket_id is not null or reason is not null)`,
    [requestIds],
    'create-results',
  );
  return rows.map(({ requestId, id, revision, reason, field, text, ...row }) => {
    const digest = row.digest ?? (text ? digestOf(text) : undefined);
    return id === null
      ? { state: 'rejected', requestId, digest, revision, reason, field: field ?? undefined }
      : { state: 'stored', requestId, digest, id };
  });
}

interface ResultRow {
  requestId: string;
  id: number | null;
  revision: number;
  digest: Buffer | null;
  reason: string;
  field: string | null;
  /** Null where there is a digest, and where no ticket is left to tell. */
  text: NewTicketValues | null;
}
