/**
 * A cache that is read only while nothing in it can be older than what any service has answered.
 *
 * A service trusts the cache while it holds a lease (store/cache-lease.ts). A shared one is leased beside others, one
 * within the process alone: two services that each have their own can't both trust it.
 *
 * 1. To trust, it takes the lease and then clears the cache. What was committed before is gone from it, and whoever
 *    still carries an older row to it finds the generation over.
 * 2. From then on every writer drops what it changed after its commit and before its answer. When it is not certain
 *    that this reached everyone who trusts, it fences first: all give their leases back, and begin again with 1.
 * 3. A cache that was away may come back as it was at any earlier time: trust does not outlast its connection. Nor
 *    does it outlast a change that the feed tells of and that could not be dropped; its writer may have died before
 *    it did.
 *
 * Each case in which a read could return less than a writer has answered is one of: the writer's drop reached the
 * cache (2, the entry is gone); it did not (2, nobody reads from it before it is cleared); the cache lost or brought
 * back entries meanwhile (3, or a generation that is over). What stays open is what a cache does that answers "done"
 * and is not: a Redis failing over to a replica without that drop. The feed then mends it within moments.
 */
import { inBatches } from '../../in-batches.ts';
import type { Logger } from '../../logger.ts';
import { pause } from '../../pause.ts';
import type { Cache } from '../../ports/cache.ts';
import type { CacheLease, LeaseKind } from '../store/ticket-store.ts';

/** How long after the end of its trust, or a try that failed, a service tries again. */
const retryMs = 300;

export interface TrustedCache extends Pick<Cache, 'get' | 'put'> {
  /** Drops as well as it can, for changes that nobody waits to see. */
  drop: Cache['drop'];
  /**
   * After the commit of a write and before its answer: resolves once no service can read the old value from a cache.
   * @throws DeskError UNAVAILABLE: a service still might, so the write must not be answered as done.
   */
  dropForAnswer(...keys: readonly string[]): Promise<void>;
  /** Changes may have been missed. */
  distrust(): void;
  /** Ends trust and the attempts at it. The cache itself stays the caller's. */
  stop(): Promise<void>;
}

export function trustedCache(options: { cache: Cache; lease: CacheLease; logger: Logger }): TrustedCache {
  const { cache, lease, logger } = options;
  const stopping = new AbortController();
  /** On which connection the cache was cleared under the lease that was taken last. */
  let clearedOn: number | undefined;
  const isTrusted = () => clearedOn === cache.connection() && lease.isHeld();

  async function begin(): Promise<void> {
    clearedOn = undefined;
    await lease.giveBack();
    const connection = cache.connection();
    // Nothing is held, for a fence to wait for, on account of a cache that is away.
    if (!(await cache.drop([]))) return;
    try {
      if (!(await lease.take(cache.isShared ? 'shared' : 'alone'))) return;
      if (await cache.clear()) clearedOn = connection;
      else await lease.giveBack();
    } catch (err) {
      logger.debug({ err }, 'no lease on the cache');
    }
  }

  async function keepTrust(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (!isTrusted()) await begin();
      await pause(retryMs, signal);
    }
  }
  const keeping = keepTrust(stopping.signal);

  async function drop(entries: Parameters<Cache['drop']>[0]): Promise<boolean> {
    const done = await cache.drop(entries);
    if (!done) void lease.giveBack();
    return done;
  }

  /** Writes that come while one fences share the next fence, which begins after all of their commits. */
  function fenceOf(kind: LeaseKind): () => Promise<void> {
    const fence = inBatches(
      async (writes: undefined[]) => {
        const asked = await lease.fence(kind);
        if (asked) logger.debug({ kind }, 'other services were asked to clear their caches');
        return writes;
      },
      { maxSize: Number.POSITIVE_INFINITY },
    );
    return () => fence(undefined).then(() => {});
  }
  const fence = { shared: fenceOf('shared'), alone: fenceOf('alone') };

  return {
    get: async (key) => (isTrusted() ? cache.get(key) : { value: undefined, generation: undefined }),
    put: (key, entry) => cache.put(key, entry),
    drop,
    async dropForAnswer(...keys) {
      const done = await drop(keys.map((key) => ({ key })));
      // Whoever else trusts reads the same cache, or is nobody.
      if (done && isTrusted()) return;
      // It reached those who share the cache. One that has its own may trust it only while none of these does.
      if (done && cache.isShared) return fence.shared();
      await lease.giveBack();
      await fence.alone();
    },
    distrust: () => void lease.giveBack(),
    async stop() {
      stopping.abort();
      await keeping;
      await lease.giveBack();
    },
  };
}
