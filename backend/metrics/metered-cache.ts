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
    connection: () => cache.connection(),
    async get(key) {
      const read = await cache.get(key);
      const labels = { of: kindOf(key), result: resultOf(read) };
      // Looked at before every list and batch of creates: that it is there tells nothing.
      if (labels.of !== 'generation' || labels.result === 'failed') reads.inc(labels);
      return read;
    },
    put: (key, entry) => cache.put(key, entry),
    drop: async (entries) => countDrop(await cache.drop(entries)),
    clear: async () => countDrop(await cache.clear()),
    close: () => cache.close(),
  };
}

function kindOf(key: string): 'ticket' | 'generation' | 'list' {
  if (key === generationKey) return 'generation';
  return key.startsWith('ticket:') ? 'ticket' : 'list';
}

function resultOf({ value, generation }: CacheRead): 'hit' | 'miss' | 'failed' {
  if (value !== undefined) return 'hit';
  return generation === undefined ? 'failed' : 'miss';
}
