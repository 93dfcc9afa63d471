/**
 * Tickets that were filed elsewhere: each once by its request id, in the ledger of creates, and under its number where
 * that is free. What was said and done there is told with it, so the triggers that keep the history write none of it.
 */
import { fieldNames } from '../../../proto/ticket-fields.ts';
import { digestOf } from '../../create-digest.ts';
import type { Agent } from '../../domain/agent.ts';
import { columnOf, columnTypeOf, toColumns, valueColumns } from './columns.ts';
import type { Database, Query } from './database.ts';
import { claim, findCreateResults, forgetRejections, keyOf } from './ledger.ts';
import { isDuplicate } from './postgres-errors.ts';
import type { CreateResult, ImportOutcome, ImportRequest, TicketToImport } from './ticket-store.ts';

/** A ticket beyond it gets another number: creates count on from the highest, and there are 2,147,483,647. */
const maxNumber = 1_000_000_000;
/** How often numbers or requests may be taken by another import at the same moment. */
const maxAttempts = 5;

/** Under which a ticket is stored. */
interface Numbered {
  ticket: TicketToImport;
  id: number;
}

export async function importTickets(database: Database, request: ImportRequest): Promise<ImportOutcome[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await storeOrFind(database, request);
    } catch (thrown) {
      // Another import was faster, and what it took is seen now.
      if (!isDuplicate(thrown) || attempt === maxAttempts) throw thrown;
    }
  }
}

async function storeOrFind(
  database: Database,
  { tickets, by, isDryRun }: ImportRequest,
): Promise<ImportOutcome[]> {
  const outcomes = new Map<TicketToImport, ImportOutcome>();
  const known = await stored(database, tickets);
  const taken = await takenComments(database, tickets);
  const fresh = new Map<string, TicketToImport>();
  for (const ticket of tickets) {
    if (known.has(keyOf(ticket)) || fresh.has(keyOf(ticket))) continue;
    const at = ticket.comments.findIndex((comment) => taken.has(keyOf(comment)));
    if (at >= 0) outcomes.set(ticket, { state: 'comment-conflict', at });
    else fresh.set(keyOf(ticket), ticket);
    for (const comment of ticket.comments) taken.add(keyOf(comment));
  }
  const ids = isDryRun ? new Map<string, number>() : await store(database, [...fresh.values()], by);
  // Those that another import has stored meanwhile.
  const late = [...fresh.values()].filter((ticket) => !isDryRun && !ids.has(keyOf(ticket)));
  for (const [key, result] of await stored(database, late)) known.set(key, result);
  return tickets.map((ticket) => {
    const found = outcomes.get(ticket);
    if (found) return found;
    const before = known.get(keyOf(ticket));
    if (before)
      return { state: before.digest?.equals(digestOf(ticket.values)) ? 'known' : 'conflict', id: before.id };
    const first = fresh.get(keyOf(ticket));
    const id = ids.get(keyOf(ticket)) ?? null;
    if (first === ticket || id === null) return { state: 'stored', id };
    return {
      state: first && digestOf(first.values).equals(digestOf(ticket.values)) ? 'known' : 'conflict',
      id,
    };
  });
}

type Stored = CreateResult & { state: 'stored' };

async function stored(database: Database, tickets: readonly TicketToImport[]): Promise<Map<string, Stored>> {
  if (tickets.length === 0) return new Map();
  const results = await findCreateResults(database, tickets.map(keyOf));
  return new Map(
    results.flatMap((result) => (result.state === 'stored' ? [[result.requestId, result] as const] : [])),
  );
}

/** The requests of these tickets' comments that have a comment already. */
async function takenComments(database: Database, tickets: readonly TicketToImport[]): Promise<Set<string>> {
  const requestIds = tickets.flatMap(({ comments }) => comments.map(keyOf));
  if (requestIds.length === 0) return new Set();
  const rows = await database.query<{ requestId: string }>(
    `select request_id as "requestId" from comments where request_id = any($1::uuid[])`,
    [requestIds],
  );
  return new Set(rows.map(({ requestId }) => requestId));
}

/** @returns the numbers of those that nobody else has stored meanwhile, by their request ids */
async function store(
  database: Database,
  tickets: readonly TicketToImport[],
  by: Agent | undefined,
): Promise<Map<string, number>> {
  if (tickets.length === 0) return new Map();
  const numbered = await giveNumbers(database, tickets);
  return database.transaction(async (query) => {
    await query(`select set_config('ticketdesk.importing', 'on', true)`);
    const claimed = await claimRequests(query, numbered);
    const own = numbered.filter(({ ticket }) => claimed.has(keyOf(ticket)));
    await addAgents(query, own);
    const commentIds = await addComments(query, own);
    await addFormerNumbers(query, own);
    await addTickets(query, own, by);
    await addHistory(query, own, { by, commentIds });
    return new Map(own.map(({ ticket, id }) => [keyOf(ticket), id]));
  });
}

/**
 * Before the transaction, which may take long: who has taken a number and not stored it holds up others' imports.
 * Numbers of an import that fails are nobody's.
 */
async function giveNumbers(database: Database, tickets: readonly TicketToImport[]): Promise<Numbered[]> {
  const wished = tickets.map(({ number }) => (number !== null && number <= maxNumber ? number : null));
  const highest = wished.reduce<number>((most, number) => Math.max(most, number ?? 0), 0);
  if (highest > 0) await database.query('select pass_number($1)', [highest]);
  const rows = await database.query<{ id: number }>(
    `select case
       when number is null or is_later or exists (select from tickets where id = number)
         or exists (select from deleted_tickets where id = number)
       then nextval(pg_get_serial_sequence('tickets', 'id')) else number
     end::integer as id
     from (
       select number, place, row_number() over (partition by number order by place) > 1 as is_later
       from unnest($1::integer[]) with ordinality as wished (number, place)
     ) wished order by place`,
    [wished],
  );
  return tickets.map((ticket, at) => ({ ticket, id: rows[at]?.id ?? 0 }));
}

/** @param columns with their types, in SQL: what $1, a list of objects in JSON, has of each; with its place in the list */
const given = (columns: string) =>
  `rows from (jsonb_to_recordset($1::jsonb) as (${columns})) with ordinality as given`;

/** What was refused as a create before gives way to what is acceptable now. */
const claimStatement = `
  with claimed as (
    ${claim(`select request_id, 2147483647, digest, id
             from ${given('request_id uuid, digest bytea, id integer')} order by request_id`)}
  ), mended as (
    ${forgetRejections}
  )
  select request_id as "requestId" from claimed`;

async function claimRequests(query: Query, numbered: readonly Numbered[]): Promise<Set<string>> {
  const rows = await query<{ requestId: string }>(claimStatement, [
    JSON.stringify(
      numbered.map(({ ticket, id }) => ({
        request_id: ticket.requestId,
        digest: `\\x${digestOf(ticket.values).toString('hex')}`,
        id,
      })),
    ),
  ]);
  return new Set(rows.map(({ requestId }) => requestId));
}

/** In the order of their ids, as others add them; whoever is known keeps the name that they have here. */
async function addAgents(query: Query, numbered: readonly Numbered[]): Promise<void> {
  const agents = numbered.flatMap(({ ticket }) => ticket.agents);
  await query(
    `insert into agents (id, name, last_seen_at)
     select distinct on (id) id, name, least(last_seen_at, now())
     from unnest($1::text[], $2::text[], $3::timestamptz[]) as told (id, name, last_seen_at)
     order by id, last_seen_at desc
     on conflict (id) do nothing`,
    [agents.map(({ id }) => id), agents.map(({ name }) => name), agents.map(({ lastSeenAt }) => lastSeenAt)],
  );
}

/**
 * Before their tickets, whose words theirs are among. No version of the ticket is a comment's: the change feed tells of
 * the ticket as it came, and not of each.
 * @returns the ids that they have now, by their request ids
 */
async function addComments(query: Query, numbered: readonly Numbered[]): Promise<Map<string, number>> {
  const comments = numbered.flatMap(({ ticket, id }) =>
    ticket.comments.map((comment) => ({
      ticket_id: id,
      request_id: comment.requestId,
      kind: comment.kind,
      body: comment.body,
      author: comment.author?.id,
      created_at: comment.createdAt || null,
      edited_at: comment.editedAt,
    })),
  );
  const columns = `ticket_id integer, request_id uuid, kind text, body text, author text, created_at timestamptz,
    edited_at timestamptz`;
  const rows = await query<{ id: number; requestId: string }>(
    `insert into comments (ticket_id, ticket_version, request_id, kind, body, author, created_at, edited_at)
     select ticket_id, 0, request_id, kind, body, author, least(created_at, now()),
            case when edited_at is not null then least(edited_at, now()) end
     from ${given(columns)} order by ordinality
     returning id, request_id as "requestId"`,
    [JSON.stringify(comments)],
  );
  return new Map(rows.map(({ id, requestId }) => [requestId, id]));
}

const formerNumber = ({ ticket, id }: Numbered) => (ticket.number === id ? null : ticket.number);

/** Before their tickets, which are found by them. */
async function addFormerNumbers(query: Query, numbered: readonly Numbered[]): Promise<void> {
  const moved = numbered.filter((one) => formerNumber(one) !== null);
  await query(
    'insert into former_numbers (ticket_id, number) select * from unnest($1::integer[], $2::integer[])',
    [moved.map(({ id }) => id), moved.map(formerNumber)],
  );
}

const givenValues = fieldNames.map((name) => `${columnOf(name)} ${columnTypeOf(name)}`).join(', ');

async function addTickets(query: Query, numbered: readonly Numbered[], by: Agent | undefined): Promise<void> {
  const tickets = numbered.map(({ ticket, id }) => ({
    ...toColumns(ticket.values),
    id,
    request_id: ticket.requestId,
    version: ticket.version,
    created_at: ticket.createdAt,
    updated_at: ticket.updatedAt,
  }));
  const columns = `id integer, request_id uuid, version integer, created_at timestamptz, updated_at timestamptz`;
  await query(
    `insert into tickets (id, ${valueColumns}, request_id, version, created_at, updated_at, changed_by)
     overriding system value
     select id, ${valueColumns}, request_id, version, least(created_at, now()),
            greatest(least(coalesce(updated_at, now()), now()), least(created_at, now())), $2
     from ${given(`${columns}, ${givenValues}`)} order by id`,
    [JSON.stringify(tickets), by?.id ?? null],
  );
}

/** In the order in which it was told, and last that it was imported. */
async function addHistory(
  query: Query,
  numbered: readonly Numbered[],
  { by, commentIds }: { by: Agent | undefined; commentIds: ReadonlyMap<string, number> },
): Promise<void> {
  const changes = numbered.flatMap((one) => {
    const { ticket, id } = one;
    const requestIds = new Map(ticket.comments.map((comment) => [String(comment.id), keyOf(comment)]));
    const told = ticket.changes.map((change) => ({
      ticket_id: id,
      version: change.version || ticket.version,
      at: change.at,
      agent: change.by?.id,
      field: change.field,
      from: change.from,
      to:
        change.field === 'COMMENTED'
          ? // Of one that was deleted there is none.
            commentIds.get(requestIds.get(change.to ?? '') ?? '')?.toString()
          : change.to,
    }));
    const imported = { field: 'IMPORTED', agent: by?.id, from: formerNumber(one)?.toString() };
    return [...told, { ticket_id: id, version: ticket.version, ...imported }];
  });
  const columns = `ticket_id integer, version integer, at timestamptz, agent text, field text, "from" text, "to" text`;
  await query(
    `insert into ticket_history (ticket_id, version, at, agent, field, "from", "to")
     select ticket_id, version, least(at, now()), agent, field, "from", "to"
     from ${given(columns)} order by ordinality`,
    [JSON.stringify(changes)],
  );
}
