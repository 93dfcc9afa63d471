/** Exports through GraphQL, the disk, gRPC and SQL, compared with what the database holds. */
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { fieldNames, personFieldNames, ticketFields } from '../../../proto/ticket-fields.ts';
import { testFolder } from '../../testing/test-folder.ts';
import type { Caller } from '../caller.ts';
import { callersOf } from '../testing/callers.ts';
import { linkState } from '../testing/link-state.ts';
import { ada, fillWithOddTickets } from '../testing/odd-tickets.ts';
import { ask, type ProxyOn, proxyOn, type RealDesk, startRealDesk } from '../testing/real-proxy.ts';
import { readCsv } from './testing/read-csv.ts';

const tickets = 5_000;

let desk: RealDesk;
let own: ProxyOn;
let dataDir: string;

beforeAll(async () => {
  desk = await startRealDesk({ id: 'bo', name: 'Bo' });
  await fillWithOddTickets(desk.postgresUrl, tickets);
});
afterAll(() => desk.stop());
beforeEach(async () => {
  dataDir = testFolder();
  own = await open();
  return async () => {
    await own.stop();
  };
});

async function open(): Promise<ProxyOn> {
  const opened = await proxyOn({ address: desk.service.address, dataDir, agent: ada });
  await linkState(opened.client);
  return opened;
}

const fields = 'requestId state format done total lastError fileName address';

async function mutate(name: string, type: string, input: object) {
  const { data, errors } = await own.ask(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`,
    { input },
  );
  return data?.[name] ?? errors?.[0];
}
const start = (input: object) => mutate('startExport', 'StartExport', { requestId: uuidv7(), ...input });

function ended(requestId: string, caller?: Caller) {
  return vi.waitUntil(
    async () => {
      const { data } = await askAs(caller, `{ exports { ${fields} } }`);
      const one = data.exports.find((each: { requestId: string }) => each.requestId === requestId);
      return one.state !== 'WAITING' && one.state !== 'RUNNING' && one;
    },
    { timeout: 60_000, interval: 20 },
  );
}

const get = (address: string) => own.proxy.handle(new Request(`http://127.0.0.1${address}`));

async function exported(input: object): Promise<string> {
  const { requestId } = await start(input);
  const done = await ended(requestId);
  expect(done).toMatchObject({ state: 'DONE', lastError: null });
  expect(done.done).toBe(done.total);
  return (await get(done.address)).text();
}

/** As the lists answer them, by their numbers. */
async function listed(): Promise<Map<number, Record<string, unknown>>> {
  const agents = personFieldNames.map((name) => `${ticketFields[name].agent} { id name }`);
  const asked = ['id', ...fieldNames.filter((name) => !personFieldNames.some((each) => each === name))];
  const found = new Map<number, Record<string, unknown>>();
  for (let after: string | null = null; ; ) {
    const { data } = await own.ask(
      `query ($after: String) { ticketPage(first: 200, after: $after, order: { by: NUMBER, direction: ASC }) {
         edges { node { ${[...asked, ...agents].join(' ')} createdAt updatedAt version requestId } }
         pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    for (const { node } of data.ticketPage.edges) found.set(node.id, node);
    if (!data.ticketPage.pageInfo.hasNextPage) return found;
    after = data.ticketPage.pageInfo.endCursor;
  }
}

it('writes every field of every ticket as JSON Lines and as CSV', async () => {
  const wanted = await listed();
  expect(wanted.size).toBe(tickets);
  const lines = (await exported({ format: 'JSON_LINES' })).trimEnd().split('\n');
  const objects = lines.map((line) => JSON.parse(line));
  expect(objects.map(({ id }) => id)).toEqual([...wanted.keys()]);
  for (const { comments, history, assigneeId, ...ticket } of objects) {
    expect(ticket).toEqual(wanted.get(ticket.id));
    expect(assigneeId).toBe(ticket.assignee?.id ?? null);
    expect(comments).toHaveLength(ticket.id % 7 === 0 ? 1 : 0);
    expect(history[0]).toMatchObject({ field: 'CREATED', by: null });
  }
  expect(objects[6].comments).toMatchObject([{ body: 'It said: "7",\n=1', author: ada, kind: 'NOTE' }]);

  const [head = [], ...rows] = readCsv(await exported({ format: 'CSV' }));
  expect(rows).toHaveLength(tickets);
  rows.forEach((row, at) => {
    const cells = Object.fromEntries(head.map((name, column) => [name, row[column] ?? '']));
    const { comments, history, ...one } = objects[at];
    for (const [name, value] of Object.entries({ ...one, assignee: one.assignee?.name ?? null })) {
      expect(cells[name]).toBe(Array.isArray(value) ? value.join(', ') : String(value ?? ''));
    }
    expect([cells.comments, cells.history].map((cell) => JSON.parse(cell ?? ''))).toEqual([
      comments,
      history,
    ]);
  });
});

it('writes what a search, numbers and exceptions let through', async () => {
  const ids = async (input: object) => {
    const text = await exported({ format: 'JSON_LINES', withThreads: false, ...input });
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).id]));
  };
  expect(await ids({ filter: { query: 'tag:vpn assignee:me status:new' } })).toHaveLength(
    Math.floor(tickets / 12),
  );
  expect(await ids({ ids: [9, 3, 9], except: [9] })).toEqual([3]);
  expect(await ids({ filter: { query: 'nothinghasthis' } })).toEqual([]);
  const many = Array.from({ length: 3_000 }, (_, n) => n + 1);
  expect(await ids({ ids: many })).toEqual(many);
});

it('fails when its search can not be read whole, rather than write more than was meant', async () => {
  const { requestId } = await start({ format: 'CSV', filter: { query: 'tag:vpn status:gone' } });
  expect(await ended(requestId)).toMatchObject({
    state: 'FAILED',
    lastError: expect.stringContaining("The search can't be read whole"),
    address: null,
  });
});

it('answers the file for its secret address alone, as a download that runs nothing', async () => {
  const { requestId } = await start({ format: 'HTML', ids: [7], timeZone: 'Europe/Berlin' });
  const { address } = await ended(requestId);
  const answer = await get(address);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-disposition': expect.stringMatching(/^attachment; filename="tickets-[\d-]+\.html"$/),
    'content-security-policy': expect.stringContaining('sandbox'),
    'x-content-type-options': 'nosniff',
  });
  expect(await answer.text()).toContain('&lt;i&gt;');
  for (const other of [`${address}x`, `/exports/${requestId}/`, '/exports/../outbox/x']) {
    expect((await get(other)).status).toBe(404);
  }
});

const askAs = (caller: Caller | undefined, query: string, input?: object) =>
  ask((request) => own.proxy.handle(request, caller), query, { input });

const startAs = (caller: Caller | undefined, requestId: string) =>
  askAs(caller, `mutation ($input: StartExport!) { startExport(input: $input) { state } }`, {
    requestId,
    format: 'JSON_LINES',
  });

it('breaks a download off when the token of whoever exported is withdrawn', async () => {
  const { tokens, callers } = callersOf('is-withdrawn', 'stays-good');
  const requestId = uuidv7();
  await startAs(callers[0], requestId);
  const { address } = await ended(requestId, callers[0]);
  expect((await (await get(address)).text()).length).toBeGreaterThan(1_000_000);
  const reader = (await get(address)).body?.getReader();
  expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
  tokens.replace(['stays-good']);
  const rest = async () => {
    while (!(await reader?.read())?.done);
  };
  await expect(rest()).rejects.toThrow('no more');
});

it('is the one of its token alone, and ends and leaves nothing once that is withdrawn', async () => {
  const { tokens, callers } = callersOf('is-withdrawn', 'stays-good');
  const [going, staying] = callers;
  const [done, waiting] = [uuidv7(), uuidv7()];
  await startAs(going, done);
  const { address } = await ended(done, going);
  expect((await askAs(staying, '{ exports { requestId } }')).data.exports).toEqual([]);
  const cancel = `mutation ($input: CancelExport!) { cancelExport(input: $input) { state } }`;
  expect((await askAs(staying, cancel, { requestId: done })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  expect((await startAs(staying, done)).errors?.[0]?.extensions.code).toBe('CONFLICT');
  expect((await get(address)).status).toBe(200);
  await startAs(going, waiting);
  tokens.replace(['stays-good']);
  expect((await get(address)).status).toBe(404);
  expect(await ended(waiting, going)).toMatchObject({ state: 'CANCELLED' });
  await vi.waitFor(async () => expect(await readdir(join(dataDir, 'exports'))).toEqual([]));
});

it('leaves no file of one that is cancelled, and is one export whatever is sent again', async () => {
  const requestId = uuidv7();
  const input = { requestId, format: 'CSV' };
  const all = await Promise.all([start(input), start(input)]);
  expect(all.map((one) => one.requestId)).toEqual([requestId, requestId]);
  expect(await start({ ...input, format: 'HTML' })).toMatchObject({ extensions: { code: 'CONFLICT' } });
  await vi.waitUntil(async () => (await own.ask('{ exports { done } }')).data.exports[0].done > 0, {
    timeout: 30_000,
    interval: 1,
  });
  expect(await mutate('cancelExport', 'CancelExport', { requestId })).toMatchObject({ state: 'CANCELLED' });
  // The next one begins when nothing of it is written any more.
  await exported({ format: 'CSV', ids: [1] });
  const files = await readdir(join(dataDir, 'exports'));
  expect(files.filter((name) => name.includes(requestId))).toEqual([]);
});

it('says that the disk is full, and leaves what was exported before', async () => {
  const before = await start({ format: 'CSV' });
  const { address } = await ended(before.requestId);
  const requestId = uuidv7();
  // What is written to it finds the disk full.
  await symlink('/dev/full', join(dataDir, 'exports', `${requestId}.csv.part`));
  await start({ requestId, format: 'CSV' });
  expect(await ended(requestId)).toMatchObject({
    state: 'FAILED',
    lastError: expect.stringContaining('The disk is full'),
    address: null,
  });
  expect(await readdir(join(dataDir, 'exports'))).toEqual([`${before.requestId}.csv`]);
  expect(readCsv(await (await get(address)).text())).toHaveLength(tickets + 1);
});

it('forgets at the next start what an earlier one left', async () => {
  await own.stop();
  await mkdir(join(dataDir, 'exports'), { recursive: true });
  await writeFile(join(dataDir, 'exports', 'old.csv'), 'old');
  own = await open();
  await exported({ format: 'CSV', ids: [1] });
  expect(await readdir(join(dataDir, 'exports'))).not.toContain('old.csv');
});
