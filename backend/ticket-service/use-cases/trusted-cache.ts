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
 * 3. A cache that was away may come back as it was at any earlier time: on its return trust ends, to begin with 1.
 *    So it does when a change that the feed tells of could not be dropped; its writer may have died before it did.
 *
 * Each case in which a read could return less than a writer has answered is one of: the writer's drop reached the
 * cache (2, the entry is gone); it did not (2, nobody reads from it before it is cleared); the cache lost or brought
 * back entries meanwhile (3, or a generation that is over). What stays open is what a cache does that answers "done"
 * and is not: a Redis failing over to a replica without that drop. The feed then mends it within moments.
 */
import type { Logger } from '../../logger.ts';
import type { Cache } from '../../ports/cache.ts';
import type { CacheLease, LeaseKind } from '../store/ticket-store.ts';

const leastPauseMs = 50;
const mostPauseMs = 2_000;
/** Trust that has lasted this long begins again soon after its end. */
const settledMs = 5_000;

export interface TrustedCache extends Pick<Cache, 'get' | 'getList' | 'put'> {
  /** Drops as far as it can; for what nobody waits for to be visible. */
  drop: Cache['drop'];
  /**
   * After a commit and before its answer: resolves once no service can read from a cache what was before.
   * @throws DeskError UNAVAILABLE: that is not certain, and it must not be answered that it is done.
   */
  dropForAnswer(entries: Parameters<Cache['drop']>[0]): Promise<void>;
  /** Changes may have been missed. */
  distrust(): void;
  /** Ends trust and the attempts at it. The cache itself stays the caller's. */
  stop(): Promise<void>;
}

export function trustedCache(options: { cache: Cache; lease: CacheLease; logger: Logger }): TrustedCache {
  const { cache, lease, logger } = options;
  const trust = keepTrust(options);
  const fence = { alone: joined(() => lease.fence('alone')), shared: joined(() => lease.fence('shared')) };
  const miss = { value: undefined, generation: undefined };

  async function drop(entries: Parameters<Cache['drop']>[0]): Promise<boolean> {
    const done = await cache.drop(entries);
    if (!done) void trust.end();
    return done;
  }

  async function fenceOff(kind: LeaseKind): Promise<void> {
    const asked = await fence[kind]();
    if (asked) logger.debug({ kind }, 'other services were asked to clear their caches');
  }

  return {
    get: async (key) => (trust.isGiven() ? cache.get(key) : miss),
    getList: async (name) => (trust.isGiven() ? cache.getList(name) : miss),
    put: (key, entry) => cache.put(key, entry),
    drop,
    async dropForAnswer(entries) {
      const done = await drop(entries);
      // Whoever else trusts reads the same cache, or is nobody.
      if (done && trust.isGiven()) return;
      // It reached those who share the cache. One that has its own may trust it only while none of these does.
      if (done && cache.isShared) return fenceOff('shared');
      await trust.end();
      await fenceOff('alone');
    },
    distrust: () => void trust.end(),
    stop: trust.stop,
  };
}

/** Trusts whenever that is possible, and tries again for ever. */
function keepTrust({ cache, lease, logger }: { cache: Cache; lease: CacheLease; logger: Logger }) {
  let trustedSince: number | undefined;
  let ends = 0;
  let pauseMs = leastPauseMs;
  let timer: NodeJS.Timeout | undefined;
  let beginning: Promise<void> | undefined;
  let stopped = false;

  /** Answers whether trust began. Trust that ended meanwhile has not begun. */
  async function begin(): Promise<boolean> {
    const endsBefore = ends;
    // Nothing is held, for a fence to wait for, on account of a cache that is away.
    if (!(await cache.drop([]))) return false;
    try {
      if (!(await lease.take(cache.isShared ? 'shared' : 'alone'))) return false;
      const isCleared = await cache.clear();
      if (isCleared && ends === endsBefore && !stopped) {
        trustedSince = performance.now();
        return true;
      }
    } catch (err) {
      logger.debug({ err }, 'no lease on the cache');
    }
    await lease.giveBack();
    return false;
  }

  function beginLater(): void {
    if (stopped || timer || beginning) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        beginning = begin().then((begun) => {
          beginning = undefined;
          if (begun) return;
          pauseMs = Math.min(pauseMs * 2, mostPauseMs);
          beginLater();
        });
      },
      pauseMs * (0.5 + Math.random() / 2),
    );
  }

  async function end(): Promise<void> {
    ends += 1;
    if (trustedSince !== undefined) {
      const isSettled = performance.now() - trustedSince > settledMs;
      pauseMs = isSettled ? leastPauseMs : Math.min(pauseMs * 2, mostPauseMs);
      trustedSince = undefined;
    }
    beginLater();
    await lease.giveBack();
  }

  const stopHearing = [
    lease.onRecall(() => void end()),
    cache.onReachable(() => {
      // Not at the end of a pause that was meant for a cache that is away.
      clearTimeout(timer);
      timer = undefined;
      trustedSince = undefined;
      pauseMs = leastPauseMs;
      void end();
    }),
  ];
  beginLater();
  return {
    isGiven: () => trustedSince !== undefined && lease.isHeld(),
    end,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      for (const stop of stopHearing) stop();
      await beginning;
      await end();
    },
  };
}

/** Calls made while one runs share the next, which begins after all of them were made. */
function joined<Value>(run: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Value> | undefined;
  return () => {
    if (!next) {
      next = running.then(() => {
        next = undefined;
        return run();
      });
      running = next.catch(() => {});
    }
    return next;
  };
}
