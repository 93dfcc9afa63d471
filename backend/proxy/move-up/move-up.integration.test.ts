/** A desk in use is moved to another ticket service, with links that break and a move that is killed. */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { MoveStatus } from '../../../proto/desktop-bridge.ts';
import { postgresOfFile } from '../../testing/postgres-of-file.ts';
import { type Relay, startRelay } from '../../testing/relay.ts';
import { seedDatabase } from '../../testing/seed/load.ts';
import { readPlan } from '../../testing/seed/plan.ts';
import { queryAt } from '../../testing/test-database.ts';
import { testFolder } from '../../testing/test-folder.ts';
import { silent, startTestService, type TestService } from '../../ticket-service/testing/service.ts';
import type { ExportedTicket } from '../client/types.ts';
import { linkState } from '../testing/link-state.ts';
import { createTicketClient, type TicketClient } from '../ticket-client.ts';
import { type MoveUp, openMoveUp } from './move-up.ts';

/** More than five chunks, and no whole number of them. */
const seeded = 520;
const ada = { id: 'ada', name: 'Ada' };

const postgres = postgresOfFile();
let desk: TestService;
let source: TicketClient;
let team: TestService;
let target: TicketClient;
let relay: Relay;
let folder: string;
let isIdle: boolean;

function clientOf(address: string): TicketClient {
  return createTicketClient({ address, version: '1.2.3', logger: silent });
}

beforeAll(async () => {
  const postgresUrl = await postgres.createDatabase();
  const plan = readPlan({ tickets: String(seeded), seed: '7', until: '2026-11-28' });
  await seedDatabase({ postgresUrl, plan, logger: silent });
  await queryAt(
    postgresUrl,
    `insert into tickets (title, description, name, status) values ('By an older peer', '', 'Cy', 'New')`,
  );
  desk = await startTestService({ postgresUrl });
  source = clientOf(desk.address);
});
afterAll(async () => {
  await source.close();
  await desk.stop();
});
beforeEach(async () => {
  team = await startTestService({ postgresUrl: await postgres.createDatabase() });
  relay = await startRelay({ to: team.address });
  target = clientOf(team.address);
  await linkState(target);
  folder = testFolder();
  isIdle = true;
  return async () => {
    await target.close();
    await relay.close();
    await team.stop();
  };
});

async function open(name: string, where: string | null | (() => string) = relay.address): Promise<MoveUp> {
  const move = await openMoveUp({
    folder: join(folder, name),
    source,
    target() {
      const address = typeof where === 'function' ? where() : where;
      return address === null ? null : { address, connect: () => clientOf(address) };
    },
    isIdle: () => isIdle,
    agent: () => ada,
    logger: silent,
  });
  onTestFinished(() => move.stop());
  return move;
}

function reached(move: MoveUp, isSo: (status: MoveStatus) => boolean): Promise<MoveStatus> {
  return new Promise((resolve) => {
    const look = () => {
      const status = move.status();
      if (status && isSo(status)) {
        unsubscribe();
        resolve(status);
      }
    };
    const unsubscribe = move.onChange(look);
    look();
  });
}
const isOver = ({ state }: MoveStatus) => state !== 'RUNNING';

async function all(client: TicketClient): Promise<ExportedTicket[]> {
  const found: ExportedTicket[] = [];
  const signal = new AbortController().signal;
  const request = { filter: {}, ids: undefined, except: [], withThreads: true, me: undefined, signal };
  for await (const { tickets } of client.exportTickets(request)) found.push(...tickets);
  return found;
}

/** All that is told of a ticket, without the ids that each desk gives. */
function told({ ticket: { id: _, requestId, ...ticket }, comments, changes }: ExportedTicket) {
  const names = new Map(comments.map((comment) => [String(comment.id), comment.requestId]));
  return {
    ...ticket,
    requestId: ticket.title === 'By an older peer' ? 'made for it' : requestId,
    comments: comments.map(({ id: __, ...comment }) => comment),
    changes: changes
      .filter(({ field }) => field !== 'IMPORTED')
      .map(({ id: __, to, ...change }) => ({
        ...change,
        to: change.field === 'COMMENTED' ? names.get(to ?? '') : to,
      })),
  };
}

it('is there whole and once, after links that broke and a kill, and told to be the same', async () => {
  // Their numbers are two of those that come, the second of one that can be restored.
  for (const title of ['Theirs', 'Theirs, deleted']) {
    await team.call('CreateTicket', { title, name: 'Di', requestId: uuidv7() });
  }
  await team.call('DeleteTicket', { id: 2 });

  const first = await open('first');
  await first.start();
  for (const [sent, fault] of [
    [100, 'drop'],
    [200, 'refuse'],
  ] as const) {
    await reached(first, (status) => status.sent >= sent);
    await relay.cut(fault);
    await reached(first, ({ problem }) => problem !== null);
    await relay.mend();
  }
  await reached(first, ({ sent }) => sent >= 300);
  // As it is on the disk at this moment, and so after a kill: behind what was sent.
  await cp(join(folder, 'first'), join(folder, 'after-kill'), { recursive: true });
  await reached(first, ({ sent }) => sent >= 400);
  await first.stop();

  const second = await open('after-kill');
  expect(second.status()).toMatchObject({ state: 'RUNNING', tickets: seeded + 1 });
  const status = await reached(second, isOver);
  expect(status).toMatchObject({ state: 'DONE', sent: seeded + 1, compared: seeded + 1, problem: null });
  expect(status).toMatchObject({ refused: { count: 0 }, different: [] });

  const [here, there] = [await all(source), await all(target)];
  const theirs = there.filter(({ ticket }) => ticket.title !== 'Theirs');
  expect(there).toHaveLength(theirs.length + 1);
  const byTitle = (one: ExportedTicket) => one.ticket.requestId ?? 'made for it';
  const told1 = new Map(here.map((one) => [byTitle(one), told(one)]));
  expect(theirs).toHaveLength(here.length);
  for (const one of theirs) {
    const { requestId } = told(one);
    expect(told(one)).toEqual({ ...told1.get(requestId ?? ''), requestId });
  }
  const count = (of: (one: ExportedTicket) => number) => here.reduce((sum, one) => sum + of(one), 0);
  expect(status.comparison.map(({ part, sent }) => [part, sent.count])).toEqual([
    ['tickets', here.length],
    ['comments', count(({ comments }) => comments.length)],
    ['history', count(({ changes }) => changes.length)],
  ]);
  for (const { sent, answered } of status.comparison) expect(answered).toEqual(sent);

  // Each has its number, but for those that were not free, which are found by both.
  expect(status.renumbered).toEqual({
    count: 2,
    first: [1, 2].map((number) => ({ number, id: expect.any(Number) })),
  });
  for (const { number, id } of status.renumbered.first) {
    const { tickets } = await target.page({
      filter: { query: `#${number}` },
      pageSize: 9,
      after: undefined,
      order: 'NUMBER_ASC',
    });
    expect(tickets.map((ticket) => ticket.id)).toContain(id);
    expect(id).toBeGreaterThan(seeded + 1);
  }
  const imported = there.flatMap(({ changes }) => changes.filter(({ field }) => field === 'IMPORTED'));
  expect(imported).toHaveLength(here.length);
  expect(imported.every(({ by }) => by?.id === 'ada')).toBe(true);
});

it('is told to differ where somebody has changed it there before it was compared', async () => {
  const move = await open('move');
  await move.start();
  await reached(move, ({ sent }) => sent >= 100);
  await team.call('UpdateTicket', { id: 507, title: 'Changed meanwhile' });
  const status = await reached(move, isOver);
  expect(status).toMatchObject({ state: 'DONE', different: [507] });
  const [tickets, comments, history] = status.comparison;
  expect(tickets?.answered.checksum).not.toBe(tickets?.sent.checksum);
  expect(comments?.answered).toEqual(comments?.sent);
  expect(history?.answered.count).toBe((history?.sent.count ?? 0) + 1);
});

it('names a ticket that was deleted here before its turn came', async () => {
  const move = await open('move');
  await move.start();
  await reached(move, ({ sent }) => sent >= 100);
  await desk.call('DeleteTicket', { id: 1 });
  onTestFinished(async () => void (await desk.call('RestoreTicket', { id: 1 })));
  expect(await reached(move, isOver)).toMatchObject({
    state: 'DONE',
    refused: { count: 1, first: [{ number: 1, reason: 'It was deleted here after the move had begun.' }] },
    different: [],
  });
});

it('is not begun while something waits to be sent, or where no server is named, and can be stopped and gone on with', async () => {
  await expect((await open('nowhere', null)).start()).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  const move = await open('move');
  isIdle = false;
  await expect(move.start()).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/waits to be sent/),
  });
  expect(move.status()).toBeNull();
  isIdle = true;
  await move.start();
  await expect(move.start()).rejects.toMatchObject({ code: 'CONFLICT' });
  await reached(move, ({ sent }) => sent >= 100);
  await move.pause();
  const { sent } = await reached(move, ({ state }) => state === 'STOPPED');
  expect(sent).toBeLessThan(seeded);
  // As it is on the disk, for other tickets to be put here.
  await cp(join(folder, 'move'), join(folder, 'restored'), { recursive: true });
  const restored = await open('restored');
  expect(restored.status()).toMatchObject({ state: 'STOPPED', sent });
  await restored.forget();
  expect(restored.status()).toBeNull();
  await restored.stop();
  expect((await open('restored')).status()).toBeNull();
  await move.start();
  const done = await reached(move, isOver);
  expect(done).toMatchObject({ state: 'DONE', different: [], renumbered: { count: 0 } });
  // It is told at the next start as well.
  await move.stop();
  expect((await open('move')).status()).toEqual(done);
});

it('waits for room on a full disk of its own, and goes on by itself', async (context) => {
  const small = join(folder, 'small');
  await mkdir(small);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small], { stdio: 'ignore' });
  } catch {
    return context.skip('only root may mount the small disk that this needs');
  }
  try {
    const move = await open('small');
    await move.start();
    const filler = join(small, 'filler');
    await expect(writeFile(filler, Buffer.alloc(2_000_000))).rejects.toThrow('ENOSPC');
    await reached(move, ({ problem }) => problem?.includes('The disk is full') ?? false);
    expect(move.status()).toMatchObject({ state: 'RUNNING' });
    await rm(filler);
    expect(await reached(move, isOver)).toMatchObject({ state: 'DONE', different: [], problem: null });
  } finally {
    execFileSync('umount', ['--lazy', small]);
  }
});

it('is begun anew to another server after it was stopped, with all tickets', async () => {
  let address = relay.address;
  const move = await open('move', () => address);
  await move.start();
  await reached(move, ({ sent }) => sent >= 100);
  await move.pause();
  address = team.address;
  await move.start();
  const done = await reached(move, isOver);
  expect(done).toMatchObject({
    state: 'DONE',
    address,
    tickets: seeded + 1,
    compared: seeded + 1,
    different: [],
  });
});
