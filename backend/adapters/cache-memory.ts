/** The cache of the built-in profile: in this process, bounded by entries and by size. */
import { LRUCache } from 'lru-cache';
import type { Cache } from '../ports/cache.ts';

/** All keys and values together, in UTF-16 units; at most 64 MiB. */
const maxTotalCharacters = 32 * 1024 * 1024;

export function memoryCache(options: { maxEntries: number }): Cache {
  let generation = 1;
  const entries = new LRUCache<string, string>({
    max: options.maxEntries,
    maxSize: maxTotalCharacters,
    // Never 0, which an entry may not have.
    sizeCalculation: (value, key) => key.length + value.length + 1,
  });
  return {
    isShared: false,
    connection: () => 1,
    get: async (key) => ({ value: entries.get(key), generation: `${generation}` }),
    async put(key, { value, ttlMs, generation: seen }) {
      if (seen === `${generation}`) entries.set(key, value, { ttl: ttlMs });
    },
    async drop(dropped) {
      generation += 1;
      for (const { key, unless } of dropped) {
        if (unless === undefined || entries.get(key) !== unless) entries.delete(key);
      }
      return true;
    },
    async clear() {
      generation += 1;
      entries.clear();
      return true;
    },
    async close() {
      entries.clear();
    },
  };
}
