/**
 * Breaks a whole stack, one fault after the other, while people file, change, delete, comment on and read tickets, one by
 * one and all together, and counts what became of it all. A seed repeats what is broken, how and for how long; what the
 * machine makes of it differs.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type BulkVerdict, startBulkRounds } from './bulk-rounds.ts';
import { until } from './desk-process.ts';
import { compare, type Filing, isOutboxEmpty, type StoredRow, startFiling } from './filing.ts';
import { judgeWrites, type WritesVerdict } from './judge-writes.ts';
import { type Random, seededRandom } from './random.ts';
import { type Fault, faults } from './relay.ts';
import { Traffic, type TrafficReport } from './stack-traffic.ts';
import {
  links,
  parts,
  type StackLink,
  type StackPart,
  serviceCount,
  startTestStack,
  type TestStack,
} from './team-stack.ts';

export type Round =
  | { kind: 'kill'; part: StackPart; which: number; downMs: number }
  | { kind: 'cut'; link: StackLink; fault: Fault; which: number[]; cutMs: number };

export interface FaultOptions {
  dataDir: string;
  rounds: readonly Round[];
  seed: number;
  /** Where the programs are; bundled for this process when left out. */
  bundleDir?: string;
  onRound?: (text: string) => void;
}

export interface FaultReport extends TrafficReport, WritesVerdict, BulkVerdict {
  /** Creates that the proxy answered with success. */
  answered: number;
  /** Request ids that were answered and became no ticket. */
  lost: string[];
  /** Request ids, or titles, of more than one ticket. */
  doubled: string[];
  /** Updates and deletes that had answered and are not in the database. */
  undone: string[];
  /** From the mending of a link to an empty outbox, the longest; no create was filed meanwhile. */
  slowestDrainMs: number;
  slowestDrainAfter: string;
  /** What nsqd still holds at the end. */
  leftInQueue: number;
}

interface Waiting {
  requestId: string;
  ticketRequestId?: string | null;
  state?: string;
}

const filingRate = { writers: 2, pauseMs: 50 };
/** What comes before a fault, so that it hits work under way. */
const longestCalmMs = 400;
const shortMs = { from: 200, below: 1_000 };
/** Beyond every timeout that tells a silent peer, and every pause between two attempts. */
const longMs = 10_000;
const channel = 'Create';

/** Each kind once: every part killed, every link broken in every way, two of them for long; in a random order. */
export function everyKindOfRound(seed: number): Round[] {
  const random = seededRandom(seed);
  const rounds: Round[] = [
    ...parts.map((part) => killRound(part, random)),
    ...links.flatMap((link) => faults.map((fault) => cutRound(link, fault, random))),
    ...(['refuse', 'silent'] as const).map((fault): Round => {
      return { ...cutRound(random.pick(links), fault, random), which: all, cutMs: longMs };
    }),
  ];
  return rounds
    .map((round) => ({ round, place: random.next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ round }) => round);
}

/** As many as wanted, of every kind, mostly short. */
export function randomRounds(seed: number, count: number): Round[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    if (random.below(2) === 0) return killRound(random.pick(parts), random);
    const round = cutRound(random.pick(links), random.pick(faults), random);
    return random.below(8) === 0 ? { ...round, cutMs: longMs } : round;
  });
}

const all = Array.from({ length: serviceCount }, (_, which) => which);

function killRound(part: StackPart, random: Random): Round {
  return { kind: 'kill', part, which: random.below(serviceCount), downMs: random.below(shortMs.below) };
}

function cutRound(link: StackLink, fault: Fault, random: Random): Round & { kind: 'cut' } {
  const some = all.filter(() => random.below(2) === 0);
  // One alone that sees no Redis is what tempts a cache to be stale; all of them hold up the queue.
  const which = some.length === 0 ? all : some;
  return { kind: 'cut', link, fault, which, cutMs: shortMs.from + random.below(shortMs.below) };
}

function describe(round: Round): string {
  if (round.kind === 'cut') return `${round.link} ${round.fault} for ${round.cutMs} ms at ${round.which}`;
  return `${round.part}${round.part === 'ticket-service' ? ` ${round.which}` : ''} killed, ${round.downMs} ms down`;
}

export async function runFaultRounds(options: FaultOptions): Promise<FaultReport> {
  const { rounds, seed, onRound } = options;
  const random = seededRandom(seed);
  const stack = await startTestStack(options);
  const filing = startFiling(() => stack, filingRate);
  const bulk = startBulkRounds(() => stack);
  const traffic = new Traffic(stack, random);
  const drains: { ms: number; after: string }[] = [];
  /** In the outbox when nsqd was killed, which may have lost them: they are sent again after half a minute. */
  const overtaken = new Set<string>();
  try {
    for (const [at, round] of rounds.entries()) {
      await delay(random.below(longestCalmMs));
      await publishOddities(stack, at);
      const drainedMs =
        round.kind === 'kill'
          ? await kill(stack, round, overtaken)
          : await cut(stack, round, { filing, overtaken });
      if (drainedMs !== undefined) drains.push({ ms: drainedMs, after: describe(round) });
      const drained = drainedMs === undefined ? '' : `, drained in ${Math.round(drainedMs)} ms`;
      onRound?.(`${at + 1}/${rounds.length} ${describe(round)}: ${filing.answered.size} answered${drained}`);
    }
    await Promise.all([filing.stop(), traffic.stop(), bulk.stop()]);
    await until(() => isOutboxEmpty(stack), { timeoutMs: 60_000, everyMs: 100 });
    await until(async () => (await leftInQueue(stack)) === 0, { timeoutMs: 60_000, everyMs: 100 }).catch(
      () => {},
    );
    return { ...(await count(stack, { filing, traffic, drains })), ...(await bulk.judge(stack.query)) };
  } catch (thrown) {
    throw new Error(`${thrown}\n${stack.output()}`, { cause: thrown });
  } finally {
    await Promise.all([filing.stop(), traffic.stop(), bulk.stop()]);
    await stack.stop();
  }
}

async function kill(
  stack: TestStack,
  round: Round & { kind: 'kill' },
  overtaken: Set<string>,
): Promise<undefined> {
  await stack.kill(round.part, round.which);
  await delay(round.downMs);
  await stack.start(round.part, round.which);
  if (round.part === 'nsqd') for (const requestId of await waitingFor(stack)) overtaken.add(requestId);
}

/** Answers how long the outbox took to be empty after the link was there again, in milliseconds. */
async function cut(
  stack: TestStack,
  round: Round & { kind: 'cut' },
  { filing, overtaken }: { filing: Filing; overtaken: ReadonlySet<string> },
): Promise<number> {
  await stack.cut(round.link, round.fault, round.which);
  await delay(Math.min(round.cutMs, shortMs.below));
  // What is filed in a short time suffices: how soon it begins to drain is what is measured, not how fast.
  filing.hold();
  await delay(round.cutMs - Math.min(round.cutMs, shortMs.below));
  const mendedAtMs = performance.now();
  await stack.mend(round.link);
  await until(async () => (await waitingFor(stack)).every((requestId) => overtaken.has(requestId)));
  const drainedMs = performance.now() - mendedAtMs;
  filing.release();
  return drainedMs;
}

/** By the request ids of tickets: creates that wait, and whatever waits for one. */
async function waitingFor(stack: TestStack): Promise<string[]> {
  const { data } = await stack.graphql<{ outbox: { entries: Waiting[]; writes: Waiting[] } }>(
    '{ outbox { entries { requestId } writes { requestId ticketRequestId state } } }',
  );
  const { entries = [], writes = [] } = data?.outbox ?? {};
  const queued = writes.filter(({ state }) => state === 'QUEUED');
  return [...entries, ...queued].map(({ requestId, ticketRequestId }) => ticketRequestId ?? requestId);
}

/** Past the proxy, as anybody may: a message that can never succeed, and one of an older producer. */
async function publishOddities(stack: TestStack, at: number): Promise<void> {
  const poison = ['no JSON', '[]', '{"title":"","description":"","name":"x"}', '{"title":1}'];
  const plain = JSON.stringify({ title: `plain ${at}`, description: '', name: 'older producer' });
  for (const body of [poison[at % poison.length] ?? '', plain]) {
    const url = `http://${stack.nsqd.httpAddress}/pub?topic=${stack.topic}`;
    // nsqd may be gone: that such a message is kept is nobody's promise.
    await fetch(url, { method: 'POST', body }).catch(() => {});
  }
}

async function leftInQueue(stack: TestStack): Promise<number> {
  const topic = await stack.nsqd.stats(stack.topic);
  const own = topic?.channels.find((one) => one.channel_name === channel);
  return (topic?.depth ?? 0) + (own ? own.depth + own.in_flight_count + own.deferred_count : 0);
}

async function count(
  stack: TestStack,
  told: { filing: Filing; traffic: Traffic; drains: { ms: number; after: string }[] },
): Promise<Omit<FaultReport, keyof BulkVerdict>> {
  const { filing, traffic } = told;
  const rows = await stack.query<StoredRow & { id: number; version: number; is_deleted: boolean }>(
    `select id, request_id, title, version, false as is_deleted from tickets
     union all select id, request_id, title, version, true from deleted_tickets`,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const undone = [...traffic.outcome()].flatMap(([id, { version, isDeleted }]) => {
    const row = byId.get(id);
    if (row && row.version >= version && (row.is_deleted || !isDeleted)) return [];
    return [
      `ticket ${id}: ${JSON.stringify(row)}, after version ${version}${isDeleted ? ' and its delete' : ''}`,
    ];
  });
  const slowest = told.drains.reduce((one, other) => (other.ms > one.ms ? other : one), { ms: 0, after: '' });
  return {
    ...traffic.report,
    answered: filing.answered.size,
    ...compare(filing, rows),
    ...(await judgeWrites(filing, { desk: stack, query: stack.query })),
    undone,
    wrong: [...filing.wrong, ...traffic.report.wrong],
    slowestDrainMs: slowest.ms,
    slowestDrainAfter: slowest.after,
    leftInQueue: await leftInQueue(stack),
  };
}
