/**
 * Writes and reads tickets through several services, and compares each read with what had been answered before it
 * began. There is one writer, so that a ticket's states come one after the other, and so that a reader has the time
 * to fill a cache between two writes.
 */
import type { TestCaller } from '../ticket-service/testing/service.ts';
import type { Random } from './random.ts';

const ticketCount = 3;

/** A version, or that there is no such ticket. */
type State = number | 'gone';

interface History {
  id: number;
  /** Each state that a write was to lead to, in order. */
  states: State[];
  /** How many of these had been answered. */
  answered: number;
  /** Of the last write, a deletion included. */
  version: number;
}

export interface FreshReads {
  /** Resolves after this many more operations. */
  after(operations: number): Promise<void>;
  /** Ends the work, and answers what was found wrong. */
  stop(): Promise<{ writes: number; reads: number; readsById: number; faults: string[] }>;
}

/** Works until it is stopped. */
export async function runFreshReads(services: readonly TestCaller[], random: Random): Promise<FreshReads> {
  const [first] = services;
  if (!first) throw new Error('no service');
  const histories: History[] = [];
  for (let n = 0; n < ticketCount; n += 1) {
    const { id } = await first.call('CreateTicket', { title: `T${n}`, description: '', name: 'N' });
    histories.push({ id, states: [1], answered: 1, version: 1 });
  }
  const faults: string[] = [];
  const counts = { writes: 0, reads: 0, readsById: 0 };
  const waiting: { at: number; resolve: () => void }[] = [];
  let stopped = false;

  const someTicket = () => histories[random.below(histories.length)] as History;
  const someService = () => services[random.below(services.length)] ?? first;

  function count(what: 'writes' | 'reads'): void {
    counts[what] += 1;
    const all = counts.writes + counts.reads;
    for (const { at, resolve } of waiting) if (all >= at) resolve();
  }

  /** Whether what was read is a state between the last one answered before and the last one begun by now. */
  function check(history: History, answeredBefore: number, seen: State, how: string): void {
    const allowed = history.states.slice(answeredBefore - 1);
    if (!allowed.includes(seen)) {
      faults.push(`${how} showed ticket ${history.id} as ${seen}, not as one of ${allowed.join(', ')}`);
    }
  }

  async function readOne(service: TestCaller, history: History): Promise<void> {
    const before = history.answered;
    const { tickets } = await service.call('GetTicketList', { id: history.id });
    check(history, before, tickets[0]?.version ?? 'gone', `service ${services.indexOf(service)} by id`);
    count('reads');
    counts.readsById += 1;
  }

  async function readAll(service: TestCaller): Promise<void> {
    const before = histories.map(({ answered }) => answered);
    const { tickets } = await service.call('GetTicketList', {});
    for (const [index, history] of histories.entries()) {
      const seen = tickets.find(({ id }) => id === history.id)?.version ?? 'gone';
      check(history, before[index] ?? 1, seen, `service ${services.indexOf(service)} in a list`);
    }
    count('reads');
  }

  async function write(service: TestCaller, history: History): Promise<void> {
    const { id } = history;
    const isGone = history.states.at(-1) === 'gone';
    history.version += 1;
    const isDeletion = !isGone && random.below(4) === 0;
    history.states.push(isDeletion ? 'gone' : history.version);
    const rpc = isGone ? 'RestoreTicket' : isDeletion ? 'DeleteTicket' : 'UpdateTicket';
    const answer = await service.call(
      rpc,
      rpc === 'UpdateTicket' ? { id, title: `T${history.version}` } : { id },
    );
    if (!answer.success) faults.push(`${rpc} of ticket ${id} was not done`);
    history.answered = history.states.length;
    count('writes');
  }

  /** Reads at once what it has written: by then every service must show it. Then it fills their caches with it. */
  async function keepWriting(): Promise<void> {
    while (!stopped) {
      const history = someTicket();
      await write(someService(), history);
      for (let round = 0; round < 3; round += 1) {
        await Promise.all(services.flatMap((service) => [readOne(service, history), readAll(service)]));
      }
    }
  }

  async function keepReading(): Promise<void> {
    while (!stopped) {
      const service = someService();
      if (random.below(3) === 0) await readAll(service);
      else await readOne(service, someTicket());
    }
  }

  const guarded = (work: Promise<void>) =>
    work.catch((thrown) => {
      faults.push(`a call failed: ${thrown}`);
      stopped = true;
      for (const { resolve } of waiting) resolve();
    });
  const works = [guarded(keepWriting()), guarded(keepReading())];

  return {
    after: (operations) =>
      new Promise((resolve) => {
        waiting.push({ at: counts.writes + counts.reads + operations, resolve });
        if (stopped) resolve();
      }),
    async stop() {
      stopped = true;
      await Promise.all(works);
      return { ...counts, faults };
    },
  };
}
