/** kill -9 of the app, of the ticket service and of Postgres while creates run: none lost, none doubled. */
import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { expectOnlyPostgresLeft } from './desk-processes.ts';
import {
  expectConnected,
  expectNothingWaits,
  freshFolder,
  launchConnectedDesk,
  launchDesk,
  type RunningDesk,
  startedFolder,
} from './harness.ts';

const createTicket = `mutation ($input: NewTicket!) { createTicket(input: $input) { success requestId } }`;

/** Files tickets one after the other until the desk is gone or `stop` is called; remembers which were answered. */
function keepFiling(desk: RunningDesk) {
  const asked: string[] = [];
  const answered: string[] = [];
  let isStopped = false;
  async function run(): Promise<void> {
    while (!isStopped) {
      const requestId = randomUUID();
      asked.push(requestId);
      const input = {
        title: `Ticket ${asked.length}`,
        description: 'filed while something dies',
        name: 'Ada',
        requestId,
      };
      const answer = await desk
        .graphql<{ createTicket: { success: boolean } }>(createTicket, { input })
        .catch(() => undefined);
      if (!answer) return;
      if (answer.data?.createTicket.success) answered.push(requestId);
    }
  }
  const ended = run();
  return {
    asked,
    answered,
    async stop() {
      isStopped = true;
      await ended;
    },
  };
}

/** Waits until the outbox is empty, then answers every stored request id. */
async function storedRequestIds(desk: RunningDesk): Promise<string[]> {
  await expectNothingWaits(desk);
  const { data } = await desk.graphql<{ tickets: { requestId: string }[] }>('{ tickets { requestId } }');
  return data?.tickets.map((ticket) => ticket.requestId) ?? [];
}

function expectNoneLostNoneDoubled(stored: string[], filed: { asked: string[]; answered: string[] }): void {
  expect(filed.answered.length).toBeGreaterThan(0);
  expect(new Set(stored).size, 'doubled').toBe(stored.length);
  expect(
    filed.answered.filter((id) => !stored.includes(id)),
    'answered and lost',
  ).toEqual([]);
  expect(
    stored.filter((id) => !filed.asked.includes(id)),
    'never filed',
  ).toEqual([]);
}

const enough = (filed: { answered: string[] }, count: number) =>
  vi.waitFor(() => expect(filed.answered.length).toBeGreaterThan(count), { timeout: 30_000, interval: 5 });

test('kill -9 of the app while it files: after the restart every answered ticket is there once', async () => {
  const userData = await startedFolder();
  const first = await launchConnectedDesk({ userData });
  const filed = keepFiling(first);
  await enough(filed, 20);
  await first.crash();
  await filed.stop();
  await expectOnlyPostgresLeft(userData);

  const second = await launchConnectedDesk({ userData });
  expectNoneLostNoneDoubled(await storedRequestIds(second), filed);
});

test('kill -9 of the app before its database has ever been up', async () => {
  const userData = await freshFolder();
  const first = await launchDesk({ userData });
  const filed = keepFiling(first);
  await enough(filed, 3);
  await first.crash();
  await filed.stop();

  const second = await launchConnectedDesk({ userData });
  expectNoneLostNoneDoubled(await storedRequestIds(second), filed);
});

test.each(['ticketServicePid', 'postgresPid'] as const)(
  'kill -9 by %s while it files: it comes back by itself',
  async (victim) => {
    const desk = await launchConnectedDesk();
    const filed = keepFiling(desk);
    await enough(filed, 20);
    const before = await desk[victim]();
    process.kill(before, 'SIGKILL');
    await enough(filed, filed.answered.length + 20);
    await filed.stop();

    expectNoneLostNoneDoubled(await storedRequestIds(desk), filed);
    await expectConnected(desk);
    expect(await desk[victim]()).not.toBe(before);
  },
);
