/** Breaks one thing after the other while people work. A seed repeats what is broken, how and for how long; what the machine makes of it differs. */
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../testing/desk-process.ts';
import type { GraphqlServer } from '../testing/graphql.ts';
import { type Random, seededRandom } from '../testing/random.ts';
import { type Complaint, check, type Rule, rules } from './check.ts';
import type { Fault } from './faults.ts';
import type { FinalReads, History } from './history.ts';
import type { People } from './people.ts';
import { answerOf } from './ways-in.ts';

export interface Round {
  fault: Fault;
  calmMs: number;
  holdMs: number;
  /** Of the choices that the fault makes. */
  seed: number;
}

/** What comes before a fault, so that it hits work under way. */
const longestCalmMs = 400;
const shortMs = { from: 200, below: 1_000 };
/** Beyond every timeout that tells a silent peer, and every pause between two attempts. */
const longMs = 10_000;
const oneInLong = 8;
/** From the mending of a link to an empty outbox. */
const drainWithinMs = 5_000;

const planOf = (fault: Fault, random: Random): Round => ({
  fault,
  calmMs: random.below(longestCalmMs),
  holdMs: shortMs.from + random.below(shortMs.below),
  seed: random.below(2 ** 32),
});

/** As many as wanted: each fault once, in an order of the seed's, then any of them; of those that hold, some for long. */
export function planRounds(faults: readonly Fault[], seed: number, count: number): Round[] {
  const random = seededRandom(seed);
  const [first] = faults;
  if (!first) return [];
  const each = faults
    .map((fault) => ({ fault, place: random.next() }))
    .sort((one, other) => one.place - other.place);
  return Array.from({ length: count }, (_, at) => {
    const fault = each[at]?.fault ?? random.pick([first, ...faults]);
    const round = planOf(fault, random);
    const isLong = at >= each.length && random.below(oneInLong) === 0 && fault.what !== 'killed';
    return isLong ? { ...round, holdMs: longMs } : round;
  });
}

/** Each that takes no long time once, and two links that break for long, in a random order. */
export function planTest(faults: readonly Fault[], seed: number): Round[] {
  const each = planRounds(
    faults.filter(({ isLong }) => !isLong),
    seed,
    faults.filter(({ isLong }) => !isLong).length,
  );
  const long = ['refuse', 'silent'].flatMap(
    (what) => each.find(({ fault }) => fault.drains && fault.what === what) ?? [],
  );
  return [...each, ...long.map((round) => ({ ...round, holdMs: longMs }))];
}

export interface Breaking {
  rounds: readonly Round[];
  history: History;
  people: People;
  /** Before each fault. */
  calm(at: number): Promise<void>;
  /** Resolves once the next fault may come, after one is mended. */
  mended(random: Random): Promise<void>;
  /** Resolves once all that waits has gone out. */
  drained(): Promise<void>;
  onRound?: ((text: string) => void) | undefined;
}

/** @returns what has drained too late, in words */
export async function runRounds(breaking: Breaking): Promise<string[]> {
  const { rounds, history, people, onRound } = breaking;
  const late: string[] = [];
  for (const [at, { fault, calmMs, holdMs, seed }] of rounds.entries()) {
    const random = seededRandom(seed);
    await delay(calmMs);
    await breaking.calm(at);
    const fromMs = history.nowMs();
    const mend = await fault.begin(random, holdMs >= longMs);
    await delay(Math.min(holdMs, shortMs.below));
    // What is filed in a short time suffices: how soon it begins to drain is what is measured, not how fast.
    if (fault.drains) people.hold();
    await delay(holdMs - Math.min(holdMs, shortMs.below));
    await mend();
    const toMs = history.nowMs();
    history.breakages.push({ lane: fault.lane, what: fault.what, fromMs, toMs });
    if (fault.drains) await breaking.drained();
    const drainedMs = history.nowMs() - toMs;
    if (fault.drains) people.release();
    const words = `${fault.lane} ${fault.what} for ${Math.round(toMs - fromMs)} ms`;
    const tail = fault.drains ? `, drained in ${Math.round(drainedMs)} ms` : '';
    if (fault.drains && drainedMs > drainWithinMs) late.push(words + tail);
    onRound?.(`${at + 1}/${rounds.length} ${words}${tail}: ${history.operations.length} asked`);
    await breaking.mended(random);
  }
  return late;
}

export interface SoakReport {
  history: History;
  final: FinalReads;
  complaints: Complaint[];
  /** Links after whose mending the outbox was not empty soon, in words. */
  late: string[];
  /** What nsqd still held at the end. */
  leftInQueue: number;
}

export function verdict(history: History, final: FinalReads, rest: Partial<SoakReport> = {}): SoakReport {
  const proxyKilled = history.breakages.filter(
    ({ lane, what }) => (lane === 'desk' || lane === 'proxy') && what === 'killed',
  );
  const complaints = check(
    history.operations,
    final,
    proxyKilled.map(({ fromMs }) => fromMs),
  );
  return { late: [], leftInQueue: 0, ...rest, history, final, complaints };
}

/** How many of each kind was done, and what must not have happened, the first of each kind in full. */
export function inWords({ history, complaints, late, leftInQueue }: SoakReport): {
  done: string;
  complaints: string[];
} {
  const done = Object.entries(history.done()).map(([kind, count]) => `${kind} ${count}`);
  const told = Object.keys(rules).flatMap((rule) => {
    const [first, ...more] = complaints.filter((one) => one.rule === rule);
    if (!first) return [];
    const { kind = '', texts: [text = ''] = [], by = '' } = first.operation ?? {};
    return [
      `${more.length + 1} ${rules[rule as Rule]}: ${[by, kind, text, first.words].filter(Boolean).join(' ')}`,
    ];
  });
  return {
    done: done.join(', '),
    complaints: [
      ...told,
      ...late.map((words) => `too late: ${words}`),
      ...(leftInQueue > 0 ? [`${leftInQueue} left in the queue`] : []),
    ],
  };
}

/** Resolves when nothing waits. Comments and changes that failed stay for their author. */
export async function emptyOutbox(desk: GraphqlServer): Promise<void> {
  const query = '{ outbox { waiting entries { requestId } } }';
  const isEmpty = async () => {
    const { outbox } = await answerOf<{ outbox: { waiting: number; entries: object[] } }>(() => desk, query);
    return outbox.waiting === 0 && outbox.entries.length === 0;
  };
  await until(isEmpty, { timeoutMs: 90_000, everyMs: 100 });
}
