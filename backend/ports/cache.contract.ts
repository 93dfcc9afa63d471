/** What every cache keeps to. An adapter's own test is one call of this with how to make one. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Cache } from './cache.ts';

const longMs = 60_000;

/** @param openCache makes an empty cache, or one in which keys of an earlier test do not show. */
export function cacheContract(name: string, openCache: () => Promise<Cache>): void {
  describe(`${name} keeps to the contract of a cache`, () => {
    let opened: Cache[] = [];
    const open = async () => {
      const cache = await openCache();
      opened.push(cache);
      return cache;
    };
    afterEach(async () => {
      await Promise.all(opened.map((cache) => cache.close()));
      opened = [];
    });

    it('misses what was never put', async () => {
      const cache = await open();
      expect(await cache.get('ticket:1')).toBeUndefined();
    });

    it('answers what was put, character for character', async () => {
      const cache = await open();
      const value = JSON.stringify({ title: 'Grüße 👋\n"\\', empty: '' });
      expect(await cache.putIfNewer('ticket:1', { value, version: 1, ttlMs: longMs })).toBe(true);
      expect(await cache.get('ticket:1')).toBe(value);
      expect(await cache.get('ticket:2')).toBeUndefined();
    });

    it('lets a newer version replace an older one, never the other way round', async () => {
      const cache = await open();
      await cache.putIfNewer('ticket:1', { value: 'one', version: 1, ttlMs: longMs });
      await cache.putIfNewer('ticket:1', { value: 'ten', version: 10, ttlMs: longMs });
      expect(await cache.get('ticket:1')).toBe('ten');
      expect(await cache.putIfNewer('ticket:1', { value: 'nine', version: 9, ttlMs: longMs })).toBe(true);
      expect(await cache.get('ticket:1')).toBe('ten');
    });

    it('takes the same version again', async () => {
      const cache = await open();
      await cache.putIfNewer('ticket:1', { value: 'same', version: 3, ttlMs: longMs });
      await cache.putIfNewer('ticket:1', { value: 'same', version: 3, ttlMs: longMs });
      expect(await cache.get('ticket:1')).toBe('same');
    });

    it('ends with the newest of versions that are put at the same time', async () => {
      const cache = await open();
      const versions = [5, 2, 9, 1, 7, 3, 8, 4, 6, 10].map((version) => ({
        value: `v${version}`,
        version,
        ttlMs: longMs,
      }));
      await Promise.all(versions.map((entry) => cache.putIfNewer('ticket:1', entry)));
      expect(await cache.get('ticket:1')).toBe('v10');
    });

    it('forgets an entry when its time is over, and then takes an older version', async () => {
      const cache = await open();
      await cache.putIfNewer('ticket:1', { value: 'new', version: 2, ttlMs: 30 });
      await vi.waitFor(async () => expect(await cache.get('ticket:1')).toBeUndefined(), { interval: 10 });
      await cache.putIfNewer('ticket:1', { value: 'old', version: 1, ttlMs: longMs });
      expect(await cache.get('ticket:1')).toBe('old');
    });

    it('counts up by one, and shows the count', async () => {
      const cache = await open();
      const first = await cache.increment('generation', { ttlMs: longMs });
      expect(first).toBeDefined();
      expect(await cache.increment('generation', { ttlMs: longMs })).toBe(Number(first) + 1);
      expect(await cache.get('generation')).toBe(String(Number(first) + 1));
    });

    it('gives each of many counts at the same time a number of its own', async () => {
      const cache = await open();
      const counts = await Promise.all(
        Array.from({ length: 50 }, () => cache.increment('generation', { ttlMs: longMs })),
      );
      expect(new Set(counts).size).toBe(50);
    });

    it('begins a forgotten counter above every number that it had', async () => {
      const cache = await open();
      let last = 0;
      for (let count = 0; count < 20; count += 1) {
        last = Number(await cache.increment('generation', { ttlMs: 30 }));
      }
      await vi.waitFor(async () => expect(await cache.get('generation')).toBeUndefined(), { interval: 10 });
      expect(await cache.increment('generation', { ttlMs: longMs })).toBeGreaterThan(last);
    });
  });
}
