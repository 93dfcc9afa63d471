/** Whether the cache spares the database anything, and whether it takes what it is told. */
import { Counter, type Registry } from 'prom-client';
import type { Cache } from '../ports/cache.ts';

export function meteredCache(cache: Cache, registry: Registry): Cache {
  const reads = new Counter({
    name: 'ticket_desk_cache_reads_total',
    help: 'Reads of the cache, by what was asked for (ticket, list, mark: its own bookkeeping) and whether it was there.',
    labelNames: ['of', 'result'],
    registers: [registry],
  });
  const writes = new Counter({
    name: 'ticket_desk_cache_writes_total',
    help: 'Writes to the cache: arrived, or uncertain (then nothing is read from it until it is known to be right).',
    labelNames: ['result'],
    registers: [registry],
  });
  return {
    ...cache,
    async get(key) {
      const value = await cache.get(key);
      reads.inc({ of: kindOf(key), result: value === undefined ? 'miss' : 'hit' });
      return value;
    },
    async putIfNewer(key, entry) {
      const arrived = await cache.putIfNewer(key, entry);
      writes.inc({ result: arrived ? 'arrived' : 'uncertain' });
      return arrived;
    },
    async increment(key, options) {
      const count = await cache.increment(key, options);
      writes.inc({ result: count === undefined ? 'uncertain' : 'arrived' });
      return count;
    },
  };
}

/** Keys are `ticket:<id>`, `tickets:<generation>:<list>`, and a few marks. */
function kindOf(key: string): 'ticket' | 'list' | 'mark' {
  if (key.startsWith('ticket:')) return 'ticket';
  return /^tickets:\d/.test(key) ? 'list' : 'mark';
}
