/**
 * How tickets and lists of them are cached, so that after a write has answered no read returns what was before.
 *
 * One ticket: `ticket:<id>`, put with its version; a cache never replaces a higher version by a lower one, so a
 * reader that was overtaken by a writer does no harm. A deletion leaves `null` under a version of its own.
 * Lists: the key holds a generation, which every write counts up. A fill goes under the generation read before
 * the database was, so one that was overtaken goes where nobody looks any more.
 */
import type { Ticket } from '../../domain/ticket.ts';
import type { Cache } from '../../ports/cache.ts';
import type { TicketChange } from '../store/ticket-store.ts';

const ttlMs = 300_000;
const generationKey = 'tickets:generation';
/** A list longer than this is read from the database each time. */
const maxListCharacters = 256 * 1024;

const ticketKey = (id: number) => `ticket:${id}`;

export async function putTicket(cache: Cache, ticket: Ticket): Promise<void> {
  await cache.putIfNewer(ticketKey(ticket.id), {
    value: JSON.stringify(ticket),
    version: ticket.version,
    ttlMs,
  });
}

/** Undefined: not known here. Null: deleted. */
export async function getTicket(cache: Cache, id: number): Promise<Ticket | null | undefined> {
  const value = parse(await cache.get(ticketKey(id)));
  return value === null || isTicket(value) ? value : undefined;
}

export async function noteWritten(cache: Cache, ticket: Ticket): Promise<void> {
  await Promise.all([putTicket(cache, ticket), countGeneration(cache)]);
}

/** One generation for all of them. */
export async function noteAllWritten(cache: Cache, tickets: readonly Ticket[]): Promise<void> {
  if (tickets.length === 0) return;
  await Promise.all([countGeneration(cache), ...tickets.map((ticket) => putTicket(cache, ticket))]);
}

/** @param version that of the deletion, one more than the ticket's last */
export async function noteDeleted(cache: Cache, id: number, version: number): Promise<void> {
  await Promise.all([putDeleted(cache, id, version), countGeneration(cache)]);
}

/** Notes what others wrote, or this service before it was killed. */
export async function noteChanges(cache: Cache, changes: readonly TicketChange[]): Promise<void> {
  if (changes.length === 0) return;
  await Promise.all([
    countGeneration(cache),
    ...changes.map(({ id, kind, version, ticket }) => {
      if (ticket) return putTicket(cache, ticket);
      // A change of a ticket that is gone by now: its deletion follows.
      return kind === 'DELETED' ? putDeleted(cache, id, version) : undefined;
    }),
  ]);
}

/** Answers from the cache, or from `load` and keeps it. The value must survive JSON. */
export async function throughListCache<Value>(
  cache: Cache,
  name: string,
  load: () => Promise<Value>,
): Promise<Value> {
  const generation = (await cache.get(generationKey)) ?? String(await countGeneration(cache));
  const key = `tickets:${generation}:${name}`;
  const cached = parse(await cache.get(key));
  if (cached !== undefined) return cached as Value;
  const value = await load();
  const text = JSON.stringify(value);
  if (text.length <= maxListCharacters) await cache.putIfNewer(key, { value: text, version: 1, ttlMs });
  return value;
}

function putDeleted(cache: Cache, id: number, version: number): Promise<boolean> {
  return cache.putIfNewer(ticketKey(id), { value: 'null', version, ttlMs });
}

function countGeneration(cache: Cache): Promise<number | undefined> {
  return cache.increment(generationKey, { ttlMs });
}

/** What is no JSON, or of another peer's making, counts as a miss. */
function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTicket(value: unknown): value is Ticket {
  return typeof value === 'object' && value !== null && 'version' in value && 'updatedAt' in value;
}
