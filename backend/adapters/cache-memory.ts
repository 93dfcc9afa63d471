/** The cache of the built-in profile: in this process, bounded by entries and by size. */
import { LRUCache } from 'lru-cache';
import type { Cache } from '../ports/cache.ts';

interface Entry {
  value: string;
  version: number;
}

/** All keys and values together, in UTF-16 units; at most 64 MiB. */
const maxTotalCharacters = 32 * 1024 * 1024;

export function memoryCache(options: { maxEntries: number }): Cache {
  const entries = new LRUCache<string, Entry>({
    max: options.maxEntries,
    maxSize: maxTotalCharacters,
    sizeCalculation: ({ value }, key) => key.length + value.length,
  });
  return {
    async get(key) {
      return entries.get(key)?.value;
    },
    async putIfNewer(key, { value, version, ttlMs }) {
      const present = entries.get(key);
      if (!present || present.version <= version) entries.set(key, { value, version }, { ttl: ttlMs });
      return true;
    },
    async increment(key, { ttlMs }) {
      const present = entries.get(key);
      const next = present ? Number(present.value) + 1 : clockMicroseconds();
      entries.set(key, { value: String(next), version: next }, { ttl: ttlMs });
      return next;
    },
    // Always.
    onReachable: () => () => {},
    async close() {
      entries.clear();
    },
  };
}

/** Of a clock that never goes back within this process. */
function clockMicroseconds(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000);
}
