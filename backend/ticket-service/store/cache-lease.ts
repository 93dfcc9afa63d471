/**
 * The leases of all services on their caches: advisory locks of Postgres, each held by the connection that hears
 * of recalls. So a lease ends with its service, with its link to Postgres, and with Postgres itself.
 *
 * Who fences asks for the lock alone, for a moment: that is granted once nobody holds a lease. A holder that was cut
 * off counts its lease as over when Postgres has confirmed nothing for leaseMs, by its own clock at each look, so
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
/** Waits for at most the lock_timeout of the pool's connections, which is longer than leaseMs and the clock's second. */
const fence: Record<LeaseKind, string> = {
  shared: `select pg_advisory_xact_lock_shared(${lockKey})`,
  alone: `select pg_advisory_xact_lock(${lockKey})`,
};

interface Lease {
  /** When the last statement was sent that Postgres has answered. */
  confirmedAtMs: number;
  isGranted: boolean;
}

export interface HostedLease extends CacheLease {
  stop(): void;
}

/** @param options.listening the connection that holds the lease, asked for when it is needed */
export function createCacheLease(options: { database: Database; listening: () => Listening }): HostedLease {
  const { database, listening } = options;
  /** Asked for or held. */
  let lease: Lease | undefined;
  let givenBack: Promise<void> | undefined;
  const timer = setInterval(confirm, confirmEveryMs);

  async function confirm(): Promise<void> {
    const held = lease;
    if (!held?.isGranted) return;
    const sentAtMs = nowMs();
    const isConfirmed = await listening()
      .query('select')
      .then(
        () => true,
        () => false,
      );
    if (held !== lease) return;
    // Over is over: a fence may have passed it meanwhile.
    if (isConfirmed && isFresh(held)) held.confirmedAtMs = sentAtMs;
    else void giveBack();
  }

  async function giveBack(): Promise<void> {
    if (lease) {
      lease = undefined;
      // When this fails the connection ends, and the lock with it.
      givenBack = listening()
        .query('select pg_advisory_unlock_all()')
        .then(
          () => {},
          () => {},
        );
    }
    await givenBack;
  }

  return {
    isHeld: () => lease?.isGranted === true && isFresh(lease),
    async take(kind) {
      const asked = { confirmedAtMs: nowMs(), isGranted: false };
      lease = asked;
      const [row] = await listening().query<{ got: boolean }>(tryLock[kind]);
      if (lease !== asked) return false;
      asked.isGranted = row?.got === true;
      return asked.isGranted;
    },
    giveBack,
    async fence(kind) {
      const [row] = await database.query<{ got: boolean }>(tryFence[kind]);
      if (row?.got) return false;
      await database.query(`notify ${recallChannel}`);
      try {
        await database.query(fence[kind]);
      } catch (thrown) {
        if (!isLockTimeout(thrown)) throw thrown;
      }
      return true;
    },
    stop: () => clearInterval(timer),
  };
}

/** By the clock that goes on while the process is frozen and the computer sleeps; by the second on some systems. */
function nowMs(): number {
  return os.uptime() * 1_000;
}

function isFresh({ confirmedAtMs }: Lease): boolean {
  return nowMs() - confirmedAtMs < leaseMs;
}

function isLockTimeout(thrown: unknown): boolean {
  const { cause } = thrown instanceof DeskError ? thrown : {};
  return cause instanceof pg.DatabaseError && cause.code === lockTimeout;
}
