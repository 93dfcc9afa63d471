/** The clock of the computer is set while creates wait: nothing waits longer for it, and the order of filing holds. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { testFolder } from '../testing/test-folder.ts';
import type { TicketStore } from '../ticket-service/store/ticket-store.ts';
import { startTestService, type TestService } from '../ticket-service/testing/service.ts';
import { linkState } from './testing/link-state.ts';
import { type ProxyOn, proxyOn } from './testing/real-proxy.ts';

const hourMs = 3_600_000;
const titles = Array.from({ length: 10 }, (_, at) => `Waiting ${at}`);

const postgres = postgresOfFile();
let postgresUrl: string;
let service: TestService;
let dataDir: string;
let proxy: ProxyOn;
/** Titles, in the order in which the service was given them to store. */
let arrived: string[];

beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
  service = await startTestService({ postgresUrl });
  dataDir = testFolder();
  proxy = await proxyOn({ address: service.address, dataDir });
  await linkState(proxy.client, 'CONNECTED');
});
afterEach(async () => {
  vi.useRealTimers();
  await proxy.stop();
  await service.stop();
});

/** Sets the calendar's clock; what counts how long something takes goes on. */
function setClock(byMs: number): void {
  vi.useRealTimers();
  if (byMs !== 0) vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs });
}

async function file(title: string): Promise<void> {
  const answer = await proxy.ask(
    'mutation ($input: NewTicket!) { createTicket(input: $input) { success state } }',
    { input: { title, description: '', name: 'Ada' } },
  );
  expect(answer.data?.createTicket).toEqual({ success: true, state: 'QUEUED' });
}

async function fileWhileAway(): Promise<void> {
  await service.stop();
  for (const title of titles) await file(title);
  await linkState(proxy.client, 'OFFLINE');
}

async function serviceReturns(): Promise<void> {
  arrived = [];
  const wrap = (store: TicketStore): TicketStore => ({
    ...store,
    create(creates) {
      arrived.push(...creates.map(({ title }) => title));
      return store.create(creates);
    },
  });
  service = await startTestService({ postgresUrl, grpcAddress: service.address, wrap });
}

describe.each([
  { how: 'an hour back', before: hourMs },
  { how: 'an hour forth', before: -hourMs },
])('a clock that is set $how', ({ before }) => {
  it('keeps nothing waiting, and newer ones do not overtake what waits', async () => {
    setClock(before);
    await fileWhileAway();
    setClock(0);
    await file('Newer');
    await serviceReturns();
    await proxy.drained();
    expect(arrived).toEqual([...titles, 'Newer']);
  });

  it('keeps nothing waiting over a restart of the desk', async () => {
    setClock(before);
    await fileWhileAway();
    await proxy.stop();
    setClock(0);
    proxy = await proxyOn({ address: service.address, dataDir });
    await file('Newer');
    await serviceReturns();
    await proxy.drained();
    expect(arrived).toEqual([...titles, 'Newer']);
    const { data } = await proxy.ask('{ tickets { createdAt } }');
    for (const { createdAt } of data.tickets) expect(Date.parse(createdAt)).toBeLessThanOrEqual(Date.now());
  });

  it('tells the next try and the age of what waits as they are', async () => {
    setClock(before);
    await fileWhileAway();
    setClock(0);
    const { data } = await proxy.ask('{ outbox { entries { nextAttemptAt } } }');
    // One of them may be on its way just now, and has none.
    const entries: { nextAttemptAt: string | null }[] = data.outbox.entries;
    const tries = entries.flatMap(({ nextAttemptAt }) => nextAttemptAt ?? []);
    expect(tries.length).toBeGreaterThanOrEqual(titles.length - 1);
    for (const at of tries) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
    expect(proxy.proxy.outbox.longestWaitMs()).toBeLessThan(60_000);
  });
});
