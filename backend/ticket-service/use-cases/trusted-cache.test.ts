/** When a cache is read: what a lease and the cache's connection say is chosen here. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { memoryCache } from '../../adapters/cache-memory.ts';
import type { Cache } from '../../ports/cache.ts';
import { silent } from '../testing/service.ts';
import { type TrustedCache, trustedCache } from './trusted-cache.ts';

const untrusted = { value: undefined, generation: undefined };

let state: { connection: number; isHeld: boolean; canDrop: boolean; fenced: string[] };
let cache: Cache;
let trusted: TrustedCache;

beforeEach(() => {
  state = { connection: 1, isHeld: false, canDrop: true, fenced: [] };
  const memory = memoryCache({ maxEntries: 10 });
  cache = {
    ...memory,
    isShared: true,
    connection: () => state.connection,
    drop: async (entries) => state.canDrop && memory.drop(entries),
  };
  const lease = {
    isHeld: () => state.isHeld,
    async take() {
      state.isHeld = true;
      return true;
    },
    async giveBack() {
      state.isHeld = false;
    },
    async fence(kind: string) {
      state.fenced.push(kind);
      return false;
    },
  };
  trusted = trustedCache({ cache, lease, logger: silent });
});
afterEach(() => trusted.stop());

/** Puts it once the cache is trusted. */
async function put(key: string, value: string): Promise<void> {
  const generation = await vi.waitFor(async () => {
    const read = await trusted.get(key);
    expect(read.generation).toBeDefined();
    return read.generation ?? '';
  });
  await trusted.put(key, { value, ttlMs: 60_000, generation });
  expect((await trusted.get(key)).value).toBe(value);
}

it('reads nothing after the cache was away, until it has been cleared', async () => {
  await put('ticket:1', 'old');
  state.connection = 2;
  expect(await trusted.get('ticket:1')).toEqual(untrusted);
  await put('ticket:2', 'new');
  expect((await trusted.get('ticket:1')).value).toBeUndefined();
});

it('reads nothing without its lease, nor what stood there before it had the lease again', async () => {
  await put('ticket:1', 'old');
  state.isHeld = false;
  expect(await trusted.get('ticket:1')).toEqual(untrusted);
  await put('ticket:2', 'new');
  expect((await trusted.get('ticket:1')).value).toBeUndefined();
});

it('answers a write at once where it dropped what everybody reads, else when nobody reads any more', async () => {
  await put('ticket:1', 'old');
  await trusted.dropForAnswer('ticket:1');
  expect(state.fenced).toEqual([]);
  state.canDrop = false;
  await trusted.dropForAnswer('ticket:1');
  expect(state.fenced).toEqual(['alone']);
  expect(state.isHeld).toBe(false);
});
