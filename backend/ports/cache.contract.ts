/** What every cache keeps to. An adapter's own test is one call of this with how to make one. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Cache, generationKey, listKey } from './cache.ts';

const longMs = 60_000;

/** @param openCache makes an empty cache that can be reached. */
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
    const generationOf = async (cache: Cache) => (await cache.get(generationKey)).generation ?? '';
    const put = async (cache: Cache, key: string, value: string) =>
      cache.put(key, { value, ttlMs: longMs, generation: await generationOf(cache) });
    const read = async (cache: Cache, key: string) => (await cache.get(key)).value;
    const list = async (cache: Cache, name: string) => read(cache, listKey(await generationOf(cache), name));

    it('misses what was never put', async () => {
      const cache = await open();
      expect(await cache.get('ticket:1')).toEqual({ value: undefined, generation: expect.any(String) });
      expect(await list(cache, 'all')).toBeUndefined();
    });

    it('answers what was put, character for character', async () => {
      const cache = await open();
      const value = JSON.stringify({ title: 'Grüße 👋\n"\\', empty: '' });
      await put(cache, 'ticket:1', value);
      expect(await read(cache, 'ticket:1')).toBe(value);
      await put(cache, 'ticket:2', '');
      expect(await read(cache, 'ticket:2')).toBe('');
      expect(await read(cache, 'ticket:3')).toBeUndefined();
    });

    it('finds a list as long as its generation lasts', async () => {
      const cache = await open();
      await put(cache, listKey(await generationOf(cache), 'all'), 'tickets');
      expect(await list(cache, 'all')).toBe('tickets');
      expect(await list(cache, 'some')).toBeUndefined();
      await cache.drop([]);
      expect(await list(cache, 'all')).toBeUndefined();
    });

    it('keeps one generation while nothing is dropped, and one connection while it can be reached', async () => {
      const cache = await open();
      const [generation, connection] = [await generationOf(cache), cache.connection()];
      await put(cache, 'ticket:1', 'one');
      expect(await generationOf(cache)).toBe(generation);
      expect((await cache.get('ticket:1')).generation).toBe(generation);
      expect(cache.connection()).toBe(connection);
    });

    it('takes nothing from who saw an earlier generation, whatever was dropped since', async () => {
      const cache = await open();
      for (const since of [() => cache.drop([]), () => cache.drop([{ key: 'ticket:2' }]), cache.clear]) {
        const generation = await generationOf(cache);
        expect(await since()).toBe(true);
        await cache.put('ticket:1', { value: 'older', ttlMs: longMs, generation });
        expect(await read(cache, 'ticket:1')).toBeUndefined();
      }
    });

    it('drops what it is told, and nothing else', async () => {
      const cache = await open();
      for (const key of ['ticket:1', 'ticket:2', 'ticket:3']) await put(cache, key, key);
      expect(await cache.drop([{ key: 'ticket:1' }, { key: 'ticket:3' }, { key: 'ticket:4' }])).toBe(true);
      expect(await read(cache, 'ticket:1')).toBeUndefined();
      expect(await read(cache, 'ticket:2')).toBe('ticket:2');
      expect(await read(cache, 'ticket:3')).toBeUndefined();
    });

    it('leaves an entry that is already as it should be', async () => {
      const cache = await open();
      for (const key of ['ticket:1', 'ticket:2']) await put(cache, key, 'new');
      await cache.drop([
        { key: 'ticket:1', unless: 'new' },
        { key: 'ticket:2', unless: 'newer' },
      ]);
      expect(await read(cache, 'ticket:1')).toBe('new');
      expect(await read(cache, 'ticket:2')).toBeUndefined();
    });

    it('begins a generation of its own with each of many drops at once', async () => {
      const cache = await open();
      const generations = await Promise.all(
        Array.from({ length: 50 }, async () => {
          await cache.drop([]);
          return generationOf(cache);
        }),
      );
      await cache.drop([]);
      expect(generations).not.toContain(await generationOf(cache));
    });

    it('forgets an entry when its time is over', async () => {
      const cache = await open();
      await cache.put('ticket:1', { value: 'one', ttlMs: 30, generation: await generationOf(cache) });
      await vi.waitFor(async () => expect(await read(cache, 'ticket:1')).toBeUndefined(), {
        interval: 10,
      });
    });

    it('holds nothing once it was cleared', async () => {
      const cache = await open();
      await put(cache, listKey(await generationOf(cache), 'all'), 'tickets');
      for (let id = 0; id < 30; id += 1) await put(cache, `ticket:${id}`, 'one');
      expect(await cache.clear()).toBe(true);
      expect(await list(cache, 'all')).toBeUndefined();
      for (let id = 0; id < 30; id += 1) expect(await read(cache, `ticket:${id}`)).toBeUndefined();
      await put(cache, 'ticket:1', 'again');
      expect(await read(cache, 'ticket:1')).toBe('again');
    });
  });
}
