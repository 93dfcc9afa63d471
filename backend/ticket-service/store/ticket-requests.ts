/** What writes to many tickets, or undoes: known by its request id for a month (migration 014), so that it is done once. */
import type { Database } from './database.ts';
import { isDuplicate } from './postgres-errors.ts';
import type { ManyOutcome } from './ticket-store.ts';
import { requestTaken } from './writes.ts';

interface TicketRequest {
  requestId: string;
  /** All that it asks, by which it is told from another under the same id. */
  asked: object;
}

/**
 * The end of a statement whose $1 and $2 are the request and what it asks: notes what is in its parts `done` (id,
 * version) and `failed` (id, reason, field, by), and answers that.
 * @param wrote the columns that were written, or what else was done, in SQL
 */
export const noteRequest = (wrote: string) => `
  insert into ticket_requests (request_id, asked, wrote, tickets, versions, failures)
  select $1, $2::jsonb, ${wrote},
    coalesce((select array_agg(id::integer order by id) from done), '{}'),
    coalesce((select array_agg(version order by id) from done), '{}'),
    coalesce((select jsonb_agg(to_jsonb(failed) order by id) from failed), '[]')`;

/** What a request noted, as a ManyOutcome. */
export const notedColumns = 'tickets as "changedIds", failures';

/**
 * @param make runs such a statement; undefined: it wrote nothing, and is to be run again
 * @throws DeskError CONFLICT requestId: it is another request's.
 */
export async function onceFor(
  database: Database,
  { requestId, asked }: TicketRequest,
  make: () => Promise<ManyOutcome | undefined>,
): Promise<ManyOutcome> {
  for (;;) {
    try {
      const made = await make();
      if (made) return made;
    } catch (thrown) {
      // The request has been done before, so nothing was written.
      const known = isDuplicate(thrown) ? await findRequest(database, requestId, asked) : undefined;
      if (!known) throw thrown;
      return known;
    }
  }
}

async function findRequest(
  database: Database,
  requestId: string,
  asked: object,
): Promise<ManyOutcome | undefined> {
  const [known] = await database.query<ManyOutcome & { isSame: boolean }>(
    `select ${notedColumns}, asked = $2::jsonb as "isSame" from ticket_requests where request_id = $1`,
    [requestId, asked],
  );
  if (!known) return undefined;
  const { isSame, ...outcome } = known;
  if (!isSame) throw requestTaken();
  return outcome;
}
