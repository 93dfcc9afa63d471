/**
 * The leases of all services on their caches: advisory locks of Postgres, each held by the connection that hears
 * of recalls. So a lease ends with its service, with its link to Postgres, and with Postgres itself.
 *
 * Who fences asks for the lock alone, for a moment: that is granted once nobody holds a lease. A holder that was cut
 * off counts its lease as over when Postgres has confirmed nothing for leaseMs, by its own clocks at each look, so
 * that it holds for one that was frozen or slept too. The fence waits longer than that at most.
 *
 * What this leaves open: a session that Postgres has ended, without its service noticing (frozen or cut off in the
 * same moment), may be trusted for the rest of leaseMs while a fence finds nobody.
 */
import os from 'node:os';
import pg from 'pg';
import { DeskError } from '../../errors.ts';
import type { Database } from './database.ts';
import type { Listening } from './listen.ts';
import type { CacheLease, LeaseKind } from './ticket-store.ts';

export const recallChannel = 'ticket_cache_recall';
/** 'ticket desk cache', in a number of its own. */
const lockKey = 7_364_012_550;
const leaseMs = 2_000;
const confirmEveryMs = 700;
const lockTimeout = '55P03';

const tryLock: Record<LeaseKind, string> = {
  shared: `select pg_try_advisory_lock_shared(${lockKey}) as got`,
  alone: `select pg_try_advisory_lock(${lockKey}) as got`,
};
/** What keeps a lease of the other kind away for a moment. */
const tryFence: Record<LeaseKind, string> = {
  shared: `select pg_try_advisory_xact_lock_shared(${lockKey}) as got`,
  alone: `select pg_try_advisory_xact_lock(${lockKey}) as got`,
};
/** Waits for at most the lock_timeout of the pool's connections, which is longer than leaseMs. */
const fence: Record<LeaseKind, string> = {
  shared: `select pg_advisory_xact_lock_shared(${lockKey})`,
  alone: `select pg_advisory_xact_lock(${lockKey})`,
};

interface Held {
  /** When the last statement was sent that Postgres has answered. */
  confirmedAt: Moment;
}

export interface HostedLease extends CacheLease {
  /** Somebody fences, or the connection is gone. */
  recall(): void;
  stop(): void;
}

/** @param options.listening the connection that holds the lease, asked for when it is needed */
export function createCacheLease(options: { database: Database; listening: () => Listening }): HostedLease {
  const { database } = options;
  const listeners = new Set<() => void>();
  let held: Held | undefined;
  let takings = 0;
  /** Undefined: something may have to be given back. */
  let givenBack: Promise<void> | undefined = Promise.resolve();
  const timer = setInterval(confirm, confirmEveryMs);

  function confirm(): void {
    const lease = held;
    if (!lease) return;
    const sentAt = now();
    options
      .listening()
      .query('select')
      .then(() => {
        if (lease !== held) return;
        // Over is over: a fence may have passed it meanwhile.
        if (!isFresh(lease)) recall();
        else lease.confirmedAt = sentAt;
      }, recall);
  }

  function recall(): void {
    held = undefined;
    takings += 1;
    for (const listener of listeners) listener();
  }

  async function ask(text: string): Promise<boolean> {
    const [row] = await database.query<{ got: boolean }>(text);
    return row?.got === true;
  }

  return {
    isHeld: () => held !== undefined && isFresh(held),
    async take(kind) {
      takings += 1;
      const taking = takings;
      givenBack = undefined;
      const sentAt = now();
      const rows = await options.listening().query<{ got: boolean }>(tryLock[kind]);
      if (taking !== takings || rows[0]?.got !== true) return false;
      held = { confirmedAt: sentAt };
      return true;
    },
    giveBack() {
      takings += 1;
      held = undefined;
      // When this fails the connection ends, and the lock with it.
      givenBack ??= options
        .listening()
        .query('select pg_advisory_unlock_all()')
        .then(
          () => {},
          () => {},
        );
      return givenBack;
    },
    async fence(kind) {
      if (await ask(tryFence[kind])) return false;
      await database.query(`notify ${recallChannel}`);
      try {
        await database.query(fence[kind]);
      } catch (thrown) {
        if (!isLockTimeout(thrown)) throw thrown;
      }
      return true;
    },
    onRecall(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    recall,
    stop: () => clearInterval(timer),
  };
}

/**
 * By both clocks that only go forward: the fine one rests while the computer sleeps; the one since its boot goes on,
 * but by the second on some systems.
 */
interface Moment {
  awakeMs: number;
  sinceBootMs: number;
}

function now(): Moment {
  return { awakeMs: performance.now(), sinceBootMs: os.uptime() * 1_000 };
}

function isFresh({ confirmedAt }: Held): boolean {
  const { awakeMs, sinceBootMs } = now();
  return Math.max(awakeMs - confirmedAt.awakeMs, sinceBootMs - confirmedAt.sinceBootMs) < leaseMs;
}

function isLockTimeout(thrown: unknown): boolean {
  const { cause } = thrown instanceof DeskError ? thrown : {};
  return cause instanceof pg.DatabaseError && cause.code === lockTimeout;
}
