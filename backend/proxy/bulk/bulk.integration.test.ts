/** Bulk changes through GraphQL, the disk, gRPC and SQL, with links that break and desks that are started again. */
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Relay, startRelay } from '../../testing/relay.ts';
import { queryAt } from '../../testing/test-database.ts';
import { testFolder } from '../../testing/test-folder.ts';
import type { Caller } from '../caller.ts';
import { type BulkJobTold, bulkEnded, bulkFields, bulkReached } from '../testing/bulk-job.ts';
import { callersOf } from '../testing/callers.ts';
import { linkState } from '../testing/link-state.ts';
import { ask, type ProxyOn, proxyOn, type RealDesk, startRealDesk } from '../testing/real-proxy.ts';

const ada = { id: 'ada', name: 'Ada' };
/** More than one chunk, and no whole number of them. */
const tickets = 600;

let desk: RealDesk;
let relay: Relay;
let own: ProxyOn;
let dataDir: string;

beforeAll(async () => {
  desk = await startRealDesk({ id: 'bo', name: 'Bo' });
  relay = await startRelay({ to: desk.service.address });
});
afterAll(async () => {
  await relay.close();
  await desk.stop();
});
beforeEach(async () => {
  dataDir = testFolder();
  await relay.mend();
  await queryAt(
    desk.postgresUrl,
    `insert into tickets (title, description, status, name, request_id, version, created_at, updated_at)
     select 'Ticket ' || n, '', 'New', 'Cy', gen_random_uuid(), 1, now(), now() from generate_series(1, ${tickets}) n`,
  );
  own = await open();
  return async () => {
    await own.stop();
    await queryAt(desk.postgresUrl, 'truncate tickets');
  };
});

async function open(link: 'CONNECTED' | 'OFFLINE' = 'CONNECTED'): Promise<ProxyOn> {
  const opened = await proxyOn({ address: relay.address, dataDir, agent: ada });
  await linkState(opened.client, link);
  return opened;
}

async function mutate(name: string, type: string, input: object) {
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${bulkFields} } }`;
  const { data, errors } = await own.ask(query, { input });
  return data?.[name] ?? errors?.[0];
}
const prepare = (input: object, id = uuidv7()) =>
  mutate('prepareBulk', 'PrepareBulk', { id, filter: {}, ...input });
const start = (id: string) => mutate('startBulk', 'BulkJobInput', { id });
const stop = (id: string) => mutate('stopBulk', 'BulkJobInput', { id });
const undo = (undoes: string, id = uuidv7()) => mutate('undoBulk', 'UndoBulk', { id, undoes });

async function job(id: string) {
  const { data } = await own.ask(`{ bulkJobs(id: "${id}") { ${bulkFields} } }`);
  return data.bulkJobs[0];
}

const reached = (id: string, isSo: (job: BulkJobTold) => boolean) => bulkReached(own, id, isSo);
const ended = (id: string) => bulkEnded(own, id);

async function began(input: object): Promise<string> {
  const { id } = await prepare(input);
  await start(id);
  return id;
}

async function counted(): Promise<Record<string, number>> {
  const rows = await queryAt<{ status: string; n: number }>(
    desk.postgresUrl,
    'select status, count(*)::integer as n from tickets group by status',
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
}
/** How often the tickets were written to. */
async function versions(): Promise<number[]> {
  const rows = await queryAt<{ version: number }>(
    desk.postgresUrl,
    'select distinct version from tickets order by 1',
  );
  return rows.map(({ version }) => version);
}

describe('a bulk change', () => {
  it('says how many before, and changes those, as they were found, but for the ones left out', async () => {
    const all = await desk.service.store.ids({}, 1_000);
    const prepared = await prepare({ except: all.slice(0, 10), changes: { status: 'On Hold' } });
    expect(prepared).toMatchObject({ state: 'READY', total: tickets - 10, done: 0 });
    expect(await counted()).toEqual({ New: tickets });
    await desk.service.call('CreateTicket', { title: 'Later', name: 'Cy' });
    await start(prepared.id);
    expect(await ended(prepared.id)).toMatchObject({
      state: 'DONE',
      done: tickets - 10,
      changed: tickets - 10,
      failed: 0,
    });
    expect(await counted()).toEqual({ New: 11, 'On Hold': tickets - 10 });
  });

  it('is undone as one, and that in turn', async () => {
    const id = await began({ changes: { status: 'On Hold' }, addTags: ['moved'] });
    await ended(id);
    const undone = await undo(id);
    expect(await ended(undone.id)).toMatchObject({
      state: 'DONE',
      total: tickets,
      changed: tickets,
      undoes: id,
    });
    expect(await counted()).toEqual({ New: tickets });
    const again = await undo(undone.id);
    await ended(again.id);
    expect(await counted()).toEqual({ 'On Hold': tickets });
  });

  it('lists what failed and why, in the change and in its undo', async () => {
    const all = await desk.service.store.ids({}, 1_000);
    const [changed = 0, deleted = 0] = all;
    const prepared = await prepare({ filter: null, ids: all, changes: { status: 'On Hold' } });
    await desk.ask(`mutation { deleteTicket(input: { id: ${deleted} }) { success } }`);
    await start(prepared.id);
    expect(await ended(prepared.id)).toMatchObject({
      total: tickets,
      done: tickets - 1,
      failed: 1,
      failures: [{ id: deleted, code: 'NOT_FOUND', message: 'Bo has deleted it.', by: { name: 'Bo' } }],
    });
    await desk.ask(`mutation { updateTicket(input: { id: ${changed}, status: "Completed" }) { success } }`);
    const undone = await undo(prepared.id);
    expect(await ended(undone.id)).toMatchObject({
      done: tickets - 2,
      failures: [
        { id: changed, code: 'CONFLICT', field: 'status', message: 'Bo has changed "Status" since.' },
      ],
    });
  });

  it('deletes, and its undo brings all back', async () => {
    const id = await began({ isDelete: true });
    await ended(id);
    expect(await counted()).toEqual({});
    await ended((await undo(id)).id);
    expect(await counted()).toEqual({ New: tickets });
  });

  it('tells of each ticket that nobody is there whom they are given to', async () => {
    const id = await began({ changes: { assigneeId: 'nobody-known' } });
    const { failed, failures } = await ended(id);
    expect([failed, failures[0]]).toEqual([
      tickets,
      expect.objectContaining({ code: 'NOT_FOUND', field: 'assigneeId' }),
    ]);
  });

  it('is one job of one id, and another text under it a conflict', async () => {
    const id = uuidv7();
    const input = { changes: { status: 'On Hold' } };
    const [one, other] = await Promise.all([prepare(input, id), prepare(input, id)]);
    expect(one).toEqual(other);
    expect(await prepare({ changes: { status: 'New' } }, id)).toMatchObject({
      extensions: { code: 'CONFLICT', field: 'id' },
    });
  });

  it('waits for another one to end', async () => {
    const [first, second] = [
      await prepare({ changes: { status: 'On Hold' } }),
      await prepare({ changes: { status: 'Completed' } }),
    ];
    await relay.cut('refuse');
    await linkState(own.client, 'OFFLINE');
    await start(first.id);
    expect(await start(second.id)).toMatchObject({
      state: 'WAITING',
      reason: expect.stringContaining('another bulk change'),
    });
    await relay.mend();
    await ended(second.id);
    expect((await job(first.id)).state).toBe('DONE');
    expect(await counted()).toEqual({ Completed: tickets });
  });

  it('bad input names its field, and nothing is kept', async () => {
    const changes = { status: 'On Hold' };
    const refused: [string, object][] = [
      ['changes', {}],
      ['status', { changes: { status: 'Gone' } }],
      ['addTags', { addTags: ['x'.repeat(41)] }],
      ['isDelete', { changes, isDelete: true }],
      ['filter', { changes, ids: [1] }],
      ['ids', { changes, filter: null, ids: [0] }],
      ['except', { changes, except: [-1] }],
      ['statuses', { changes, filter: { statuses: ['Gone'] } }],
      ['id', { changes, id: 'x' }],
    ];
    for (const [field, input] of refused)
      expect(await prepare(input), field).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', field } });
    for (const unknown of [start(uuidv7()), stop(uuidv7())])
      expect(await unknown).toMatchObject({ extensions: { code: 'NOT_FOUND', field: 'id' } });
    expect(await undo(uuidv7())).toMatchObject({ extensions: { code: 'NOT_FOUND', field: 'undoes' } });
    expect((await own.ask('{ bulkJobs { id } }')).data.bulkJobs).toEqual([]);
  });
});

describe('a bulk change that is broken off', () => {
  it('goes on by itself after a lost link, and changes nothing twice', async () => {
    const id = await began({ changes: { status: 'On Hold' } });
    await relay.cut('silent');
    await reached(id, ({ state }) => state === 'WAITING');
    expect(own.proxy.isIdle()).toBe(false);
    await relay.mend();
    expect(await ended(id)).toMatchObject({ state: 'DONE', changed: tickets });
    expect(own.proxy.isIdle()).toBe(true);
    expect(await versions()).toEqual([2]);
  });

  it('goes on after a stop of the desk in the middle of a chunk', async () => {
    const id = await began({ changes: { status: 'On Hold' } });
    await reached(id, ({ done }) => done > 0);
    await own.stop();
    own = await open();
    expect(await ended(id)).toMatchObject({ state: 'DONE', changed: tickets });
    expect(await versions()).toEqual([2]);
  });

  it('stops on demand, tells exactly what was done, and is undone or gone on with', async () => {
    const id = await began({ changes: { status: 'On Hold' } });
    await stop(id);
    const stopped = await ended(id);
    expect(stopped.state).toBe('STOPPED');
    expect((await counted())['On Hold'] ?? 0).toBe(stopped.done);
    await own.stop();
    own = await open();
    expect(await job(id)).toEqual(stopped);
    await ended((await undo(id)).id);
    expect(await counted()).toEqual({ New: tickets });
    await start(id);
    await ended(id);
    expect((await counted())['On Hold']).toBe(tickets - stopped.done);
  });

  it('stops with the token that began it, over a restart too, and goes on by another', async () => {
    const { tokens, callers } = callersOf('is-withdrawn', 'stays-good');
    const startAs = (caller: Caller, id: string) =>
      ask(
        (request) => own.proxy.handle(request, caller),
        `mutation { startBulk(input: { id: "${id}" }) { id } }`,
      );
    own.proxy.admitBy((token) => tokens.isGood(token));
    const { id } = await prepare({ changes: { status: 'On Hold' } });
    await relay.cut('refuse');
    await linkState(own.client, 'OFFLINE');
    await startAs(callers[0], id);
    await own.stop();
    tokens.replace(['stays-good']);
    own = await open('OFFLINE');
    own.proxy.admitBy((token) => tokens.isGood(token));
    await relay.mend();
    const reason = expect.stringContaining('withdrawn');
    expect(await ended(id)).toMatchObject({ state: 'STOPPED', changed: 0, reason });
    await startAs(callers[1], id);
    expect(await ended(id)).toMatchObject({ state: 'DONE', changed: tickets, reason: null });
  });

  it('is not undone before it has stopped', async () => {
    const { id } = await prepare({ changes: { status: 'On Hold' } });
    expect(await undo(id)).toMatchObject({ extensions: { code: 'CONFLICT', field: 'undoes' } });
    await relay.cut('refuse');
    await linkState(own.client, 'OFFLINE');
    await start(id);
    expect(await undo(id)).toMatchObject({ extensions: { code: 'CONFLICT', field: 'undoes' } });
  });

  it('that was stopped while it is not known what became of a chunk, ends with that chunk', async () => {
    const id = await began({ changes: { status: 'On Hold' } });
    await relay.cut('silent');
    await reached(id, ({ state }) => state === 'WAITING');
    expect(await stop(id)).toMatchObject({ state: 'WAITING', isStopping: true });
    await relay.mend();
    const stopped = await ended(id);
    expect([stopped.state, (await counted())['On Hold']]).toEqual(['STOPPED', stopped.done]);
  });
});

it('single changes are undone and done again at once', async () => {
  const [id = 0] = await desk.service.store.ids({}, 1_000);
  const [changed, deleted, restored, back] = Array.from({ length: 4 }, () => uuidv7());
  const ask = async (mutation: string) => (await own.ask(`mutation { ${mutation} }`)).data;
  const undoChange = async (requestId = '', undoes = '') =>
    (
      await ask(
        `undoChange(input: { requestId: "${requestId}", undoes: "${undoes}" }) { requestId success failures { message } }`,
      )
    ).undoChange;
  await ask(`updateTicket(input: { id: ${id}, status: "On Hold", requestId: "${changed}" }) { success }`);
  await ask(`deleteTicket(input: { id: ${id}, requestId: "${deleted}" }) { success }`);
  expect(await undoChange(restored, deleted)).toEqual({ requestId: restored, success: true, failures: [] });
  await desk.ask(`mutation { updateTicket(input: { id: ${id}, title: "Other" }) { success } }`);
  expect(await undoChange(back, restored)).toMatchObject({
    success: false,
    failures: [{ message: 'Bo has changed "Title" since.' }],
  });
  expect(await undoChange(uuidv7(), changed)).toMatchObject({ success: true });
  expect((await own.ask(`{ ticket(id: ${id}) { status title } }`)).data.ticket).toEqual({
    status: 'New',
    title: 'Other',
  });
});
