/** A team's whole stack is broken, part by part and link by link, while people work on it by the proxy and by each service. */
import { until } from '../testing/desk-process.ts';
import { seededRandom } from '../testing/random.ts';
import { startTestStack, type TestStack } from '../testing/team-stack.ts';
import type { SoakOptions } from './desk-run.ts';
import { createJumpingClock, type Fault, stackFaults } from './faults.ts';
import { readAll } from './final-reads.ts';
import { History } from './history.ts';
import { tapMessages } from './message-tap.ts';
import { startPeople } from './people.ts';
import { emptyOutbox, planRounds, type Round, runRounds, type SoakReport, verdict } from './rounds.ts';
import { answerOf, waysInto } from './ways-in.ts';

const channel = 'Create';

/** @param options.plan which rounds there are; left out: as many as are asked, of all faults */
export async function runStackRounds(
  options: SoakOptions & { plan?: (faults: readonly Fault[]) => Round[] },
): Promise<SoakReport> {
  const { dataDir, disk, folder, seed, onRound, rounds } = options;
  const plan = options.plan ?? ((faults) => planRounds(faults, seed, rounds));
  const clock = await createJumpingClock(folder);
  const stack = await startTestStack({
    dataDir,
    nodeArgs: clock.nodeArgs,
    ...(options.bundleDir && { bundleDir: options.bundleDir }),
  });
  const history = new History();
  const tap = tapMessages(stack.nsqd, stack.topic, seededRandom(seed));
  const people = startPeople({
    desk: () => stack,
    services: stack.services,
    history,
    random: seededRandom(seed),
  });
  const sentLater = new Set<string>();
  const emptyQueue = () =>
    until(async () => (await leftInQueue(stack)) === 0, { timeoutMs: 60_000, everyMs: 100 });
  /** Nobody begins anything that waits, until it is done. */
  async function held<Done>(ready: () => Promise<void>, act: () => Promise<Done>): Promise<Done> {
    people.hold();
    await ready();
    const done = await act();
    people.release();
    return done;
  }
  const faults = stackFaults({
    stack,
    tap,
    clock,
    disk,
    whileQuiet: (act) => held(() => emptyOutbox(stack).then(emptyQueue), act),
    whileDelivered: (act) => held(emptyQueue, act),
    async overtake() {
      for (const requestId of await waitingFor(stack)) sentLater.add(requestId);
    },
  });
  try {
    const late = await runRounds({
      rounds: plan(faults),
      history,
      people,
      onRound,
      calm: (at) => publishOddities(stack, at),
      drained: () => until(async () => (await waitingFor(stack)).every((one) => sentLater.has(one))),
      mended: async () => {},
    });
    await people.stop();
    await emptyOutbox(stack);
    await emptyQueue().catch(() => {});
    const left = await leftInQueue(stack);
    const ways = waysInto(() => stack, stack.services);
    return verdict(history, await readAll(stack.query, { desk: stack, ways }), { late, leftInQueue: left });
  } catch (thrown) {
    throw new Error(`${thrown}\n${stack.output()}`, { cause: thrown });
  } finally {
    await people.stop();
    await tap.stop();
    await stack.stop();
  }
}

interface Waiting {
  requestId: string;
  ticketRequestId?: string | null;
  state?: string;
}

/** By the request ids of tickets: creates that wait, and whatever waits for one. */
async function waitingFor(stack: TestStack): Promise<string[]> {
  const { outbox } = await answerOf<{ outbox: { entries: Waiting[]; writes: Waiting[] } }>(
    () => stack,
    '{ outbox { entries { requestId } writes { requestId ticketRequestId state } } }',
  );
  const { entries, writes } = outbox;
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
