/**
 * Creates in the database: what becomes a ticket, what is rejected, and the ledger that says so for ever.
 *
 * A request's row in create_results is claimed before anything is made of it: of any number of statements one claims
 * it, and the others wait for its commit. It holds the ticket or, while there is none, the revision that was rejected,
 * and gives way to a newer revision or to another text of the same one. Its digest tells that text from any other that
 * comes under its id. Every statement claims in the order of the request ids, after it has locked the tickets it adopts
 * in the order of theirs, so that none waits for one that waits for it.
 */
import { createFieldNames, fieldNames, fieldOf, type NewTicketValues } from '../../../proto/ticket-fields.ts';
import { digestOf } from '../../create-digest.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import type { Database } from './database.ts';
import { isUnstorable } from './errors.ts';
import { columnOf, ticketColumns, toColumns, valueColumns } from './rows.ts';
import type { CreateOutcome, CreateResult, CreateToStore, NewRejection } from './ticket-store.ts';

/** By how much the clocks of the computer that filed and of the database may differ. */
const clockSkew = '5 minutes';
const sameText = (a: string, b: string) =>
  `${a}.title = ${b}.title and ${a}.description = ${b}.description and ${a}.name = ${b}.name`;

/** Whether the ledger's row `known` gives way to this one; null, which is no, where a digest is not known. */
const givesWayTo = (other: string) =>
  `known.ticket_id is null and (known.revision < ${other}.revision
     or known.revision = ${other}.revision and known.digest <> ${other}.digest)`;

const givenColumns = createFieldNames.map((name) => `${columnOf(name)} text`).join(', ');
/** What a new ticket says in the order of valueColumns: what it was filed with, or the default. */
const firstValues = fieldNames
  .map((name) => {
    const field = fieldOf(name);
    const filed = field.create ? columnOf(name) : 'null';
    return field.kind === 'choice' ? `coalesce(${filed}, '${field.default}')` : filed;
  })
  .join(', ');

/**
 * `fresh` are those not known to the ledger, `old` the tickets of an older service that have the text of one,
 * `pairs` gives each such ticket to one create at most.
 */
const createStatement = `
  with given as (
    select * from jsonb_to_recordset($1::jsonb) as given (
      request_id uuid, revision integer, created_at timestamptz, unseen boolean, digest bytea, ${givenColumns})
  ), fresh as materialized (
    select * from given where not exists (
      select from create_results known
      where known.request_id = given.request_id and (${givesWayTo('given')}) is not true)
  ), old as materialized (
    select id, title, description, name, created_at from tickets
    where request_id is null and exists (
      select from fresh where not unseen and md5(fresh.title) = md5(tickets.title) and ${sameText('fresh', 'tickets')}
        and tickets.created_at >= fresh.created_at - interval '${clockSkew}')
    order by id for update
  ), pairs as (
    select fresh.request_id, old.id
    from (select *, row_number() over (partition by title, description, name order by created_at, request_id) as turn
          from fresh where not unseen and md5(title) in (select md5(title) from old)) fresh
    join (select *, row_number() over (partition by title, description, name order by created_at, id) as turn
          from old) old
      on ${sameText('fresh', 'old')} and fresh.turn = old.turn
    where old.created_at >= fresh.created_at - interval '${clockSkew}'
  ), claimed as (
    insert into create_results as known (request_id, revision, digest, ticket_id)
    select request_id, revision, digest, coalesce(id, nextval(pg_get_serial_sequence('tickets', 'id')))
    from (select * from fresh left join pairs using (request_id) order by request_id) ordered
    on conflict (request_id) do update
      set revision = excluded.revision, digest = excluded.digest, ticket_id = excluded.ticket_id, at = now()
      where ${givesWayTo('excluded')}
    returning request_id, ticket_id
  ), adopted as (
    update tickets
    set request_id = claimed.request_id, version = version + 1, updated_at = greatest(now(), updated_at)
    from claimed join pairs using (request_id) where tickets.id = pairs.id
    returning tickets.*
  ), made as (
    insert into tickets (id, ${valueColumns}, request_id, version, created_at, updated_at)
    overriding system value
    select ticket_id, ${firstValues}, request_id, 1, least(created_at, now()), now()
    from claimed join fresh using (request_id)
    where request_id not in (select request_id from pairs)
    order by ticket_id
    returning *
  ), mended as (
    delete from rejected_creates using claimed where rejected_creates.request_id = claimed.request_id
  )
  select ${ticketColumns} from (select * from made union all select * from adopted) tickets`;

/** What the ledger says of a request now. */
type Held = { digest: Buffer | undefined; outcome: CreateOutcome };

/** One transaction for all of them; the answers are in their order. Of one request the newest revision counts. */
export async function createTickets(
  database: Database,
  creates: readonly CreateToStore[],
): Promise<CreateOutcome[]> {
  const digested = creates.map((create) => ({ ...create, digest: digestOf(create) }));
  const newest = newestOfEach(digested);
  const held = await storeCreates(database, [...newest.values()]);
  const others = [...newest.keys()].filter((key) => !held.has(key));
  // A statement of its own: the one above can't see what was committed while it waited.
  for (const result of others.length > 0 ? await findCreateResults(database, others) : []) {
    const { requestId, digest } = result;
    held.set(requestId, {
      digest,
      outcome: result.state === 'stored' ? { state: 'known', id: result.id } : result,
    });
  }
  return digested.map((create) => outcomeOf(create, held.get(keyOf(create))));
}

/** Answers those of which a ticket was made or adopted. */
async function storeCreates(
  database: Database,
  creates: readonly (CreateToStore & { digest: Buffer })[],
): Promise<Map<string, Held>> {
  const digests = new Map(creates.map((create) => [keyOf(create), create.digest]));
  // Not prepared: a plan made while the table was small would be kept when it is large.
  const given = creates.map((create) => ({
    ...toColumns(create),
    request_id: create.requestId,
    revision: create.revision ?? 0,
    created_at: create.createdAt,
    unseen: create.unseen ?? false,
    digest: `\\x${create.digest.toString('hex')}`,
  }));
  const tickets = await database.query<Ticket>(createStatement, [JSON.stringify(given)]).catch(sayUnstorable);
  return new Map(
    tickets.map((ticket) => {
      const key = ticket.requestId ?? '';
      return [key, { digest: digests.get(key), outcome: { state: 'created', ticket } }];
    }),
  );
}

/** A known request is no known text: it may have come under the id of another. */
function outcomeOf(create: { digest: Buffer }, held: Held | undefined): CreateOutcome {
  if (!held) throw new Error('a create was neither made, known nor rejected');
  const { outcome, digest } = held;
  if (outcome.state === 'rejected' || digest?.equals(create.digest)) return outcome;
  return { state: 'conflict', id: outcome.state === 'created' ? outcome.ticket.id : outcome.id };
}

function sayUnstorable(thrown: unknown): never {
  if (!isUnstorable(thrown)) throw thrown;
  throw new DeskError('BAD_USER_INPUT', 'The database can not hold this text. Change it and file it again.', {
    cause: thrown,
  });
}

/** A UUID as Postgres writes it. */
function keyOf({ requestId }: { requestId: string }): string {
  return requestId.toLowerCase();
}

function newestOfEach<Item extends { requestId: string; revision?: number }>(
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
    insert into create_results as known (request_id, revision, digest)
    select request_id, revision, digest from given order by request_id
    on conflict (request_id) do update set revision = excluded.revision, digest = excluded.digest, at = now()
      where ${givesWayTo('excluded')}
    returning request_id
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
