/** Creates in the database: what becomes a ticket. What the ledger knows of already is found there. */
import { fieldNames, fieldOf } from '../../../proto/ticket-fields.ts';
import { digestOf } from '../../create-digest.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import { adoptByText, noneToAdopt } from './adopt-by-text.ts';
import { columnOf, ticketColumns, valueColumns } from './columns.ts';
import type { Database } from './database.ts';
import {
  claim,
  type DigestedCreate,
  findCreateResults,
  forgetRejections,
  freshCreates,
  givenCreates,
  keyOf,
  newestOfEach,
} from './ledger.ts';
import { isUnstorable, missingReference } from './postgres-errors.ts';
import type { CreateOutcome, CreateToStore } from './ticket-store.ts';

/** What a new ticket says in the order of valueColumns: what it was filed with, or the default. */
const firstValues = fieldNames
  .map((name) => {
    const field = fieldOf(name);
    const filed = field.create ? columnOf(name) : 'null';
    if (field.kind === 'set') return `coalesce(${filed}, '{}')`;
    return field.kind === 'choice' ? `coalesce(${filed}, '${field.default}')` : filed;
  })
  .join(', ');

/** Makes tickets of those that the ledger does not know. @param condition of all of them, as SQL */
const createStatement = (condition: string) => `
  with fresh as materialized (
    ${freshCreates} and ${condition}
  ), claimed as (
    ${claim(`select request_id, revision, digest, nextval(pg_get_serial_sequence('tickets', 'id'))
             from fresh order by request_id`)}
  ), mended as (
    ${forgetRejections}
  )
  insert into tickets (id, ${valueColumns}, request_id, version, created_at, updated_at, changed_by)
  overriding system value
  select ticket_id, ${firstValues}, request_id, 1, least(created_at, now()), now(), agent_id
  from claimed join fresh using (request_id)
  order by ticket_id
  returning ${ticketColumns}`;

/** What the ledger says of a request now. */
type Held = { digest: Buffer | undefined; outcome: CreateOutcome };

/** The answers are in the order of the creates. Of one request the newest revision counts. */
export async function createTickets(
  database: Database,
  creates: readonly CreateToStore[],
): Promise<CreateOutcome[]> {
  const digested = creates.map((create) => ({ ...create, digest: digestOf(create) }));
  const newest = [...newestOfEach(digested).values()];
  const held = await makeOrFind(database, newest, noneToAdopt(newest));
  // Those that were not made because an older service may have.
  const waiting = newest.filter((create) => !held.has(keyOf(create)));
  if (waiting.length > 0) {
    const adopted = await adoptByText(database, waiting);
    const rest = await makeOrFind(database, waiting, { condition: 'true', values: [] });
    for (const [key, one] of [...rest, ...heldNow(waiting, adopted)]) held.set(key, one);
  }
  return digested.map((create) => outcomeOf(create, held.get(keyOf(create))));
}

/**
 * In one transaction makes tickets of all that the ledger does not know, if the condition holds; then finds what became
 * of the others.
 */
async function makeOrFind(
  database: Database,
  creates: readonly DigestedCreate[],
  { condition, values }: { condition: string; values: unknown[] },
): Promise<Map<string, Held>> {
  // Not prepared: a plan made while the table was small would be kept when it is large.
  const made = await database
    .query<Ticket>(createStatement(condition), [givenCreates(creates), ...values])
    .catch(sayUnstorable);
  const held = heldNow(creates, made);
  const others = creates.map(keyOf).filter((key) => !held.has(key));
  // A statement of its own: the one above can't see what was committed while it waited.
  for (const result of others.length > 0 ? await findCreateResults(database, others) : []) {
    const { requestId, digest } = result;
    held.set(requestId, {
      digest,
      outcome: result.state === 'stored' ? { state: 'known', id: result.id } : result,
    });
  }
  return held;
}

function heldNow(creates: readonly DigestedCreate[], tickets: readonly Ticket[]): Map<string, Held> {
  const digests = new Map(creates.map((create) => [keyOf(create), create.digest]));
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
  const missing = missingReference(thrown);
  if (missing) throw missing;
  if (!isUnstorable(thrown)) throw thrown;
  throw new DeskError('BAD_USER_INPUT', 'The database can not hold this text. Change it and file it again.', {
    cause: thrown,
  });
}
