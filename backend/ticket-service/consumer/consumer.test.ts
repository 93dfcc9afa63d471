/** When the consumer stores, tries again and hands back, beside a store that does what the test says. */
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NewTicket } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import type { CreateOutcome, TicketStore } from '../store/ticket-store.ts';
import { controllableSource, type TestDelivery } from '../testing/controllable-source.ts';
import { silent, soleCache } from '../testing/service.ts';
import { Consumer } from './consumer.ts';

interface Asked {
  creates: readonly NewTicket[];
  commit(): void;
  fail(): void;
}

let asked: Asked[];
let source: ReturnType<typeof controllableSource>;
let consumer: Consumer;
/** Whether the store answers a ping, and fails every create at once. */
let isThere: boolean;
let tries: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  asked = [];
  isThere = true;
  tries = 0;
  source = controllableSource();
  const store = {
    async create(creates: readonly NewTicket[]) {
      tries += 1;
      if (!isThere) throw gone();
      return new Promise<CreateOutcome[]>((resolve, reject) => {
        const commit = () => resolve(creates.map((_, at) => ({ state: 'known', id: at + 1 })));
        asked.push({ creates, commit, fail: () => reject(gone()) });
      });
    },
    async ping() {
      if (!isThere) throw gone();
    },
  } as unknown as TicketStore;
  const storage = { store, cache: soleCache() };
  consumer = new Consumer({ storage, openSource: source.open, topic: 'ticketCreate', logger: silent });
});
afterEach(async () => {
  const stopped = consumer.stop();
  await passing(10_000);
  await stopped;
  vi.useRealTimers();
});

const gone = () => new DeskError('UNAVAILABLE', 'The database does not answer.');

function deliver(count: number, attempts = 1): TestDelivery[] {
  return Array.from({ length: count }, () =>
    source.deliver({ title: 'T', description: '', name: 'N', requestId: uuidv7() }, { attempts }),
  );
}
/** Lets what can happen now happen. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}
async function passing(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await vi.advanceTimersByTimeAsync(100);
    await settle();
  }
}
const endsOf = (deliveries: readonly TestDelivery[]) => deliveries.map(({ ends }) => ends);
const finished = (count: number) => Array.from({ length: count }, () => ['finished']);

describe('a batch', () => {
  it('holds all that came while the one before was under way, up to a limit, and waits for none', async () => {
    const first = deliver(1);
    await settle();
    const rest = deliver(300);
    await settle();
    expect(asked.map(({ creates }) => creates.length)).toEqual([1]);
    asked[0]?.commit();
    await settle();
    expect(endsOf(first)).toEqual(finished(1));
    expect(asked.map(({ creates }) => creates.length)).toEqual([1, 256]);
    asked[1]?.commit();
    await settle();
    asked[2]?.commit();
    await settle();
    expect(asked.map(({ creates }) => creates.length)).toEqual([1, 256, 44]);
    expect(endsOf(rest)).toEqual(finished(300));
  });
});

describe('while the database is gone', () => {
  it('holds what it has, tries ever more rarely, and stores it all once it is back', async () => {
    isThere = false;
    const deliveries = deliver(100);
    await passing(25_000);
    expect(endsOf(deliveries).flat()).toEqual([]);
    expect(tries).toBeLessThan(30);
    isThere = true;
    for (let round = 0; round < 20; round += 1) {
      await passing(300);
      for (const { commit } of asked) commit();
    }
    expect(endsOf(deliveries)).toEqual(finished(100));
  });

  it('does not take for one that fails alone what failed while the database came back', async () => {
    isThere = false;
    const [delivery] = deliver(1);
    await passing(500);
    isThere = true;
    await passing(2_000);
    asked[0]?.fail();
    await settle();
    expect(delivery?.ends).toEqual([]);
    asked[1]?.commit();
    await settle();
    expect(delivery?.ends).toEqual(['finished']);
  });

  it('hands back what it has held long: another service may reach the database', async () => {
    isThere = false;
    const deliveries = deliver(3);
    await passing(35_000);
    expect(endsOf(deliveries)).toEqual(Array.from({ length: 3 }, () => [{ requeuedMs: expect.any(Number) }]));
  });

  it('does not hold up a stop, and hands back everything', async () => {
    isThere = false;
    const deliveries = deliver(3);
    await passing(5_000);
    const stopped = consumer.stop();
    await settle();
    await stopped;
    expect(endsOf(deliveries)).toEqual(Array.from({ length: 3 }, () => [{ requeuedMs: 0 }]));
    expect(source).toMatchObject({ isPaused: true, isClosed: true });
  });
});

it('sends one back for ever later that fails while the database answers', async () => {
  const delays: number[] = [];
  for (const attempts of [1, 4, 50]) {
    const [delivery] = deliver(1, attempts);
    await settle();
    asked.at(-1)?.fail();
    const end = await delivery?.ended;
    if (typeof end === 'object') delays.push(end.requeuedMs);
  }
  expect(delays[0]).toBeGreaterThanOrEqual(1_000);
  expect(delays[1]).toBeGreaterThan(delays[0] as number);
  expect(delays[2]).toBeGreaterThanOrEqual(150_000);
  expect(delays[2]).toBeLessThanOrEqual(300_000);
});

describe('a stop', () => {
  it('takes nothing more, and stores what is in hand before the connection closes', async () => {
    const deliveries = deliver(2);
    await settle();
    const late = deliver(3);
    const stopped = consumer.stop();
    await settle();
    expect(source).toMatchObject({ isPaused: true, isClosed: false });
    asked[0]?.commit();
    await settle();
    asked[1]?.commit();
    await stopped;
    expect(endsOf([...deliveries, ...late])).toEqual(finished(5));
    expect(source.isClosed).toBe(true);
  });

  it('hands back what is not stored in time, and does not finish it when it is stored after all', async () => {
    const deliveries = deliver(2);
    await settle();
    const stopped = consumer.stop();
    await passing(5_000);
    await stopped;
    const handedBack = Array.from({ length: 2 }, () => [{ requeuedMs: 0 }]);
    expect(endsOf(deliveries)).toEqual(handedBack);
    asked[0]?.commit();
    await settle();
    expect(endsOf(deliveries)).toEqual(handedBack);
  });

  it('hands back at once what comes after it', async () => {
    await consumer.stop();
    const deliveries = deliver(1);
    await settle();
    expect(endsOf(deliveries)).toEqual([[{ requeuedMs: 0 }]]);
    expect(asked).toEqual([]);
  });
});
