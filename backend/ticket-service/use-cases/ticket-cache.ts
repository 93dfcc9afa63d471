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
/** A list longer than this is read from the database each time. */
const maxListCharacters = 256 * 1024;

/** Answers from the cache, or from `load` and keeps it. What is not there is looked for each time. */
export async function throughTicketCache(
  cache: TrustedCache,
  id: number,
  load: () => Promise<Ticket | undefined>,
): Promise<Ticket | undefined> {
  const key = ticketKey(id);
  const { value, generation } = await cache.get(key);
  const cached = parse(value);
  if (isTicket(cached)) return cached;
  const ticket = await load();
  if (ticket && generation !== undefined) await cache.put(key, entryOf(ticket, generation));
  return ticket;
}

/** Answers from the cache, or from `load` and keeps it. The value must survive JSON. */
export async function throughListCache<Value>(
  cache: TrustedCache,
  name: string,
  load: () => Promise<Value>,
): Promise<Value> {
  const read = await cache.getList(name);
  const cached = parse(read.value);
  if (cached !== undefined) return cached as Value;
  const value = await load();
  const { generation } = read;
  const text = JSON.stringify(value);
  if (generation !== undefined && text.length <= maxListCharacters) {
    await cache.put(listKey(generation, name), { value: text, ttlMs, generation });
  }
  return value;
}

/** To be asked before tickets are made. */
export async function generationBefore(cache: TrustedCache): Promise<string | undefined> {
  return (await cache.get(generationKey)).generation;
}

/** @param before what generationBefore() answered before the database was asked to make them */
export async function noteCreated(
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

/**
 * After the commit of an update, a deletion or a restoration, and before its answer.
 * @throws DeskError UNAVAILABLE: another service may still show what was before.
 */
export async function noteWritten(cache: TrustedCache, id: number): Promise<void> {
  await cache.dropForAnswer([{ key: ticketKey(id) }]);
}

/** Notes what others wrote, or this service before it was killed. */
export async function noteChanges(
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
