/** Whether the cache spares the database anything, and whether it takes what it is told. */
import { Counter, type Registry } from 'prom-client';
import { type Cache, type CacheRead, generationKey } from '../ports/cache.ts';

export function meteredCache(cache: Cache, registry: Registry): Cache {
  const reads = new Counter({
    name: 'ticket_desk_cache_reads_total',
    help: 'Reads of the cache: a hit, a miss, or failed (the cache does not answer, so the database does).',
    labelNames: ['of', 'result'],
    registers: [registry],
  });
  const drops = new Counter({
    name: 'ticket_desk_cache_drops_total',
    help: 'Times that changed tickets were to be forgotten: done, or uncertain (until it is made good the cache is not read).',
    labelNames: ['result'],
    registers: [registry],
  });
  const countDrop = (done: boolean) => {
    drops.inc({ result: done ? 'done' : 'uncertain' });
    return done;
  };
  return {
    isShared: cache.isShared,
    async get(key) {
      const read = await cache.get(key);
      // Asked for before each batch of creates, and nothing that the database would have to answer.
      if (key !== generationKey) reads.inc({ of: 'ticket', result: resultOf(read) });
      return read;
    },
    async getList(name) {
      const read = await cache.getList(name);
      reads.inc({ of: 'list', result: resultOf(read) });
      return read;
    },
    put: (key, entry) => cache.put(key, entry),
    drop: async (entries) => countDrop(await cache.drop(entries)),
    clear: async () => countDrop(await cache.clear()),
    onReachable: (listener) => cache.onReachable(listener),
    close: () => cache.close(),
  };
}

function resultOf({ value, generation }: CacheRead): 'hit' | 'miss' | 'failed' {
  if (value !== undefined) return 'hit';
  return generation === undefined ? 'failed' : 'miss';
}
