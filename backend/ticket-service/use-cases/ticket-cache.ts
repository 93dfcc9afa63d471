/**
 * How tickets and lists of them are cached, so that after a write has answered no read returns what was before.
 *
 * An entry is put for the generation that was seen before the database was read, and every write begins a new
 * generation after its commit, and drops what it changed in the same step. So an entry that stands was read after
 * the commit of every write that has dropped; who was overtaken by one finds its generation over.
 */
import type { Ticket } from '../../domain/ticket.ts';
import { generationKey, listKey, ticketKey } from '../../ports/cache.ts';
import type { TicketChange } from '../store/ticket-store.ts';
import type { TrustedCache } from './trusted-cache.ts';

const ttlMs = 300_000;
/** What is longer than this is read from the database each time. */
const maxCharacters = 256 * 1024;

/** Answers from the cache, or from `load` and keeps it. What is not there is looked for each time. */
export function throughTicketCache(
  cache: TrustedCache,
  id: number,
  load: () => Promise<Ticket | undefined>,
): Promise<Ticket | undefined> {
  return through(cache, ticketKey(id), isTicket, load);
}

/** Answers from the cache, or from `load` and keeps it. The value must survive JSON. */
export async function throughListCache<Value>(
  cache: TrustedCache,
  name: string,
  load: () => Promise<Value>,
): Promise<Value> {
  const generation = await generationNow(cache);
  if (generation === undefined) return load();
  const isThere = (value: unknown): value is Value => value !== undefined;
  return through(cache, listKey(generation, name), isThere, load);
}

async function through<Value>(
  cache: TrustedCache,
  key: string,
  isValue: (cached: unknown) => cached is Value,
  load: () => Promise<Value>,
): Promise<Value> {
  const { value, generation } = await cache.get(key);
  const cached = parse(value);
  if (isValue(cached)) return cached;
  const loaded = await load();
  const text = JSON.stringify(loaded) as string | undefined;
  if (text !== undefined && text.length <= maxCharacters && generation !== undefined) {
    await cache.put(key, { value: text, ttlMs, generation });
  }
  return loaded;
}

/** Undefined: the cache can't be filled now. */
export async function generationNow(cache: TrustedCache): Promise<string | undefined> {
  return (await cache.get(generationKey)).generation;
}

/**
 * Keeps tickets that were just made, and ends the generation of the lists that lack them.
 * @param before what generationNow() answered before the database was asked to make them
 */
export async function cacheCreated(
  cache: TrustedCache,
  tickets: readonly Ticket[],
  before: string | undefined,
): Promise<void> {
  if (tickets.length === 0) return;
  const puts =
    before === undefined
      ? []
      : tickets.map((ticket) => cache.put(ticketKey(ticket.id), entryOf(ticket, before)));
  // In this order: the drop ends the generation of these entries' making, and lets them stand.
  await Promise.all([...puts, cache.drop(tickets.map(unlessAs))]);
}

/** Drops what others wrote, or this service before it was killed. */
export async function dropChanged(
  cache: Pick<TrustedCache, 'drop'>,
  changes: readonly TicketChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await cache.drop(changes.map(({ id, ticket }) => (ticket ? unlessAs(ticket) : { key: ticketKey(id) })));
}

function entryOf(ticket: Ticket, generation: string) {
  return { value: JSON.stringify(ticket), ttlMs, generation };
}

function unlessAs(ticket: Ticket) {
  return { key: ticketKey(ticket.id), unless: JSON.stringify(ticket) };
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
