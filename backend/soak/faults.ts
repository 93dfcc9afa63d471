/** What can be broken of a desk and of a team's stack: a fault is one entry of one of these tables. */
import { execFileSync } from 'node:child_process';
import { copyFile, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { DeskPart, TestDesk } from '../testing/desk-process.ts';
import { connectOldProxy, startOldService } from '../testing/older-peers.ts';
import type { Random } from '../testing/random.ts';
import { faults as linkFaults } from '../testing/relay.ts';
import { links, parts, type StackPart, serviceCount, type TestStack } from '../testing/team-stack.ts';
import type { MessageTap } from './message-tap.ts';

export interface Fault {
  /** What is broken: a lane of the report. */
  lane: string;
  what: string;
  /**
   * @param random repeats the same choices for the same round. @param forLong beyond every timeout
   * @returns what mends it
   */
  begin(random: Random, forLong: boolean): Promise<() => Promise<unknown>>;
  /** Whether all that waits has to go out soon after it is mended. */
  drains?: boolean;
  /** Whether it takes too long for the tests that everybody runs each time. */
  isLong?: boolean;
}

/** Where the data folder is a disk of its own, and a clock that a program believes. */
export interface Surroundings {
  disk: SmallDisk | undefined;
  clock: JumpingClock;
}

const deskParts = ['desk', 'ticket-service', 'postgres'] as const satisfies readonly DeskPart[];

export interface BrokenDesk extends Surroundings {
  desk(): TestDesk;
  /** Starts it again after a kill. */
  start(): Promise<void>;
}

export function deskFaults(broken: BrokenDesk): Fault[] {
  const killed = (...victims: DeskPart[]): Fault => ({
    lane: victims.join(' and '),
    what: 'killed',
    async begin() {
      await Promise.all(victims.map((part) => broken.desk().kill(part)));
      // The others are started again by the desk itself.
      return async () => (victims.includes('desk') ? await broken.start() : undefined);
    },
  });
  return [
    ...deskParts.map((part) => killed(part)),
    killed('ticket-service', 'postgres'),
    ...deskParts.flatMap((lane): Fault[] => [
      { lane, what: 'silent', begin: async () => frozen(() => broken.desk().pidOf(lane)) },
      { lane, what: 'slow', begin: async () => slowed(() => broken.desk().pidOf(lane)) },
    ]),
    ...surrounding(broken),
  ];
}

export interface BrokenStack extends Surroundings {
  stack: TestStack;
  tap: MessageTap;
  /** Does it while nothing waits in the outbox nor in the queue. */
  whileQuiet<Done>(act: () => Promise<Done>): Promise<Done>;
  /** Does it while nothing waits in the queue. */
  whileDelivered<Done>(act: () => Promise<Done>): Promise<Done>;
  /** What waits now may be sent again only after half a minute. */
  overtake(): Promise<void>;
}

const freezable = ['proxy', 'ticket-service', 'nsqd', 'redis'] as const satisfies readonly StackPart[];
const services = Array.from({ length: serviceCount }, (_, which) => which);

export function stackFaults(broken: BrokenStack): Fault[] {
  const { stack, tap } = broken;
  return [
    ...parts.map(
      (part): Fault => ({
        lane: part,
        what: 'killed',
        async begin(random) {
          const which = random.below(serviceCount);
          await stack.kill(part, which);
          return async () => {
            await stack.start(part, which);
            // nsqd may have lost what it had answered for.
            if (part === 'nsqd') await broken.overtake();
          };
        },
      }),
    ),
    ...freezable.map(
      (part): Fault => ({
        lane: part,
        what: 'silent',
        async begin(random) {
          const which = random.below(serviceCount);
          await stack.freeze(part, which);
          return () => stack.thaw(part, which);
        },
      }),
    ),
    ...links.flatMap((link) =>
      linkFaults.map(
        (fault): Fault => ({
          lane: link,
          what: fault,
          drains: true,
          async begin(random, forLong) {
            // One alone that sees no Redis is what tempts a cache to be stale; all of them hold up the queue.
            const some = services.filter(() => !forLong && random.below(2) === 0);
            await stack.cut(link, fault, some.length === 0 ? services : some);
            return () => stack.mend(link);
          },
        }),
      ),
    ),
    { lane: 'nsqd', what: 'delivers again', begin: async () => tap.publishAgain },
    { lane: 'older peers', what: 'at work', isLong: true, begin: () => olderPeers(broken) },
    ...operated(stack),
    ...surrounding(broken),
  ];
}

const endSessions = `
  select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
/** As what is done once a day, at any time and with all that may be forgotten. */
const forgetChanges = `
  with gone as (delete from ticket_changes where xact < pg_snapshot_xmin(pg_current_snapshot()) returning xact)
  update ticket_feed set pruned_through = mark from (select max(xact::text::bigint)::text::xid8 as mark from gone) as newest
  where mark > pruned_through`;

/** What operators and upkeep do to a team's databases. */
function operated({ databaseUrl, redisUrl, query }: TestStack): Fault[] {
  const onRedis = async (act: (redis: Redis) => Promise<unknown>) => {
    const redis = new Redis(redisUrl);
    await act(redis);
    redis.disconnect();
  };
  const limited = (bytes: string) => onRedis((redis) => redis.config('SET', 'maxmemory', bytes));
  return [
    {
      lane: 'postgres',
      what: 'ends sessions',
      begin: async () => repeated(() => query(endSessions).then(() => delay(betweenEndsMs))),
    },
    {
      lane: 'postgres',
      what: 'has a long transaction',
      async begin() {
        const operator = new pg.Client(databaseUrl);
        await operator.connect();
        await operator.query('begin; select pg_current_xact_id()');
        return () => operator.end();
      },
    },
    {
      lane: 'postgres',
      what: 'forgets and is packed',
      begin: async () => {
        await query(forgetChanges);
        await query('vacuum full');
        return () => query(forgetChanges);
      },
    },
    {
      lane: 'redis',
      what: 'emptied',
      begin: async () =>
        repeated(() => onRedis((redis) => redis.flushall()).then(() => delay(betweenEndsMs))),
    },
    {
      lane: 'redis',
      what: 'full',
      async begin() {
        await limited('1');
        return () => limited('0');
      },
    },
  ];
}

function surrounding({ disk, clock }: Surroundings): Fault[] {
  const clocks = (['ahead', 'back'] as const).map((what): Fault => {
    const byMs = (what === 'ahead' ? 1 : -1) * 26 * 60 * 60 * 1000;
    return { lane: 'clock', what, begin: async () => clock.jump(byMs) };
  });
  return disk ? [...clocks, { lane: 'disk', what: 'full', begin: () => disk.fill() }] : clocks;
}

/** While it is stopped its connections stand; one that has ended meanwhile needs no waking. */
function frozen(pidOf: () => number | undefined): () => Promise<void> {
  const pid = pidOf();
  signal(pid, 'SIGSTOP');
  return async () => signal(pid, 'SIGCONT');
}

/** Does it again and again. @returns what ends that */
function repeated(act: () => Promise<unknown>): () => Promise<void> {
  let goesOn = true;
  const going = (async () => {
    while (goesOn) await act();
  })();
  return async () => {
    goesOn = false;
    await going;
  };
}

const betweenEndsMs = 100;
const stoppedMs = 80;
const goingMs = 20;

/** A fifth of its speed. */
function slowed(pidOf: () => number | undefined): () => Promise<void> {
  return repeated(async () => {
    const wake = frozen(pidOf);
    await delay(stoppedMs);
    await wake();
    await delay(goingMs);
  });
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}

/**
 * An older service takes creates from the queue as one more of the consumers, and an older proxy files and changes tickets.
 * Neither knows a request id: what nsqd delivers twice they would store twice, so nothing is on its way when they come
 * and go.
 */
async function olderPeers({
  stack,
  whileQuiet,
  whileDelivered,
  overtake,
}: BrokenStack): Promise<() => Promise<void>> {
  const { nsqd, topic, databaseUrl: postgresUrl } = stack;
  const service = await whileQuiet(() =>
    startOldService({ postgresUrl, nsqdTcpAddress: nsqd.tcpAddress, topic }),
  );
  const proxy = connectOldProxy({ address: service.address, nsqdHttpAddress: nsqd.httpAddress, topic });
  const title = `older ${service.address} ${performance.now()}`;
  const id = await proxy.create({ title, description: '', name: 'older' });
  await proxy.publish({ title: `${title} by queue`, description: '', name: 'older' });
  await proxy.update(id, 'On Hold');
  return async () => {
    // What it has stored the proxy sends once more after half a minute: by then it has to be gone.
    await whileDelivered(() => service.stop());
    proxy.close();
    await overtake();
  };
}

export interface SmallDisk {
  /** @returns what makes room again */
  fill(): Promise<() => Promise<void>>;
  remove(): void;
}

const diskSize = '3g';

/** A disk in memory under this folder; undefined where this user may mount none. */
export function mountSmallDisk(folder: string): SmallDisk | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const mount = (options: string) =>
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
  try {
    mount(`size=${diskSize},mode=0700`);
  } catch {
    return undefined;
  }
  return {
    async fill() {
      for (let isFull = false; !isFull; ) {
        const { blocks, bfree, bsize } = await statfs(folder);
        try {
          mount(`remount,size=${(blocks - bfree) * bsize}`);
          isFull = true;
        } catch {
          // More was written meanwhile, and it is never made smaller than what is in it.
        }
      }
      return async () => void mount(`remount,size=${diskSize}`);
    },
    remove: () => void execFileSync('umount', ['--lazy', folder]),
  };
}

export interface JumpingClock {
  /** For Node, of a program that is to believe it. */
  readonly nodeArgs: readonly string[];
  /** @returns what sets it right */
  jump(byMs: number): Promise<() => Promise<void>>;
}

/** A calendar's clock that is set while programs run; what measures how long something takes goes on. */
export async function createJumpingClock(folder: string): Promise<JumpingClock> {
  const [script, offset] = [path.join(folder, 'jumping-clock.cjs'), path.join(folder, 'clock-offset')];
  await writeFile(offset, '0');
  await copyFile(path.join(import.meta.dirname, 'jumping-clock.cjs'), script);
  return {
    nodeArgs: ['--require', script],
    async jump(byMs) {
      await writeFile(offset, String(byMs));
      return () => writeFile(offset, '0');
    },
  };
}
