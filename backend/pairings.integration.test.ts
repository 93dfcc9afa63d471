/** New and old proxies before new and old services, each pairing by itself and all of them on one queue. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { composeDesk, type DeskBackend } from './compose.ts';
import { composeTicketService } from './compose-ticket-service.ts';
import type { NsqConfig } from './config.ts';
import { ask } from './proxy/testing/real-proxy.ts';
import { connectOldProxy, type OldProxy, startOldService } from './testing/older-peers.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';
import { startTestNsqd, type TestNsqd, unfinished } from './testing/services.ts';
import { openPool } from './testing/test-database.ts';
import { connect, silent } from './ticket-service/testing/service.ts';

let postgres: TestPostgres;
let nsqd: TestNsqd;
let postgresUrl: string;
let topic: string;
let topics = 0;
let database: pg.Pool;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  [postgres, nsqd] = await Promise.all([startTestPostgres(), startTestNsqd()]);
});
beforeEach(async () => {
  topics += 1;
  topic = `ticketCreate_${topics}`;
  // A topic keeps what comes before its first channel, and a later channel misses it.
  await fetch(`http://${nsqd.httpAddress}/topic/create?topic=${topic}`, { method: 'POST' });
  await fetch(`http://${nsqd.httpAddress}/channel/create?topic=${topic}&channel=Create`, { method: 'POST' });
  await useDatabase();
  // Our service makes the tables, as it does where an older one shares them.
  await (await newService()).stop();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(async () => {
  await Promise.all([postgres.stop(), nsqd.stop()]);
});

/** An empty one, from here on. */
async function useDatabase(): Promise<void> {
  postgresUrl = await postgres.createDatabase();
  const pool = openPool({ connectionString: postgresUrl, max: 2 });
  database = pool;
  stops.push(() => pool.end());
}

function nsq(): NsqConfig {
  return {
    nsqdAddress: nsqd.tcpAddress,
    lookupdAddresses: [],
    topic,
    channel: 'Create',
    tls: undefined,
    authSecret: undefined,
  };
}

async function newService(): Promise<{ address: string; stop(): Promise<void> }> {
  return composeTicketService({
    postgresUrl,
    redisUrl: undefined,
    nsq: nsq(),
    grpcAddress: '127.0.0.1:0',
    grpcTls: undefined,
    apiTokens: [],
    apiTokensFile: undefined,
    logLevel: 'silent',
    metrics: undefined,
    tracesTo: undefined,
    version: '1.0.0',
    logger: silent,
    signal: new AbortController().signal,
  });
}

async function kept<Part extends { stop(): Promise<unknown> }>(starting: Promise<Part>): Promise<Part> {
  const part = await starting;
  stops.push(() => part.stop());
  return part;
}

const oldService = () => kept(startOldService({ postgresUrl, nsqdTcpAddress: nsqd.tcpAddress, topic }));

function oldProxy(address: string): OldProxy {
  const proxy = connectOldProxy({ address, nsqdHttpAddress: nsqd.httpAddress, topic });
  stops.push(async () => proxy.close());
  return proxy;
}

interface NewProxy {
  desk: DeskBackend;
  ask<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>;
  file(title: string): Promise<void>;
}

/** Linked, by queue and gRPC. */
async function newProxy(address: string): Promise<NewProxy> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'pairing-'));
  stops.push(() => rm(dataDir, { recursive: true, force: true }));
  const desk = await kept(
    composeDesk({
      dataDir,
      service: { kind: 'remote', grpcAddress: address, grpcTls: undefined, apiToken: undefined, nsq: nsq() },
      logger: silent,
      appVersion: '1.0.0',
    }),
  );
  const asked = async <Data>(query: string, variables?: Record<string, unknown>): Promise<Data> => {
    const { data, errors } = await ask(desk.handle, query, variables);
    if (errors) throw new Error(errors[0]?.message);
    return data as Data;
  };
  const linked = async () => (await asked<{ link: { state: string } }>('{ link { state } }')).link.state;
  await vi.waitFor(async () => expect(await linked()).toBe('CONNECTED'), { timeout: 10_000 });
  return {
    desk,
    ask: asked,
    async file(title) {
      const query = 'mutation($input: NewTicket!) { createTicket(input: $input) { success } }';
      const { createTicket } = await asked<{ createTicket: { success: boolean } }>(query, {
        input: { title, description: 'As it is.', name: 'Ada' },
      });
      expect(createTicket.success).toBe(true);
    },
  };
}

const filed = (title: string) => ({ title, description: 'As it is.', name: 'Ada' });
const titles = (kind: string, count: number) => Array.from({ length: count }, (_, at) => `${kind} ${at}`);

async function stored(): Promise<string[]> {
  const { rows } = await database.query<{ title: string }>('select title from tickets order by title');
  return rows.map(({ title }) => title);
}

const becomes = (expected: readonly string[]) =>
  vi.waitFor(async () => expect(await stored()).toEqual([...expected].sort()), { timeout: 20_000 });

const drained = ({ desk }: NewProxy) =>
  vi.waitFor(() => expect(desk.outbox.waiting()).toEqual({ waiting: 0, failed: 0 }), { timeout: 20_000 });

/** Nothing is left anywhere in the queue. */
const queueEmpty = () =>
  vi.waitFor(async () => expect(unfinished(await nsqd.stats(topic))).toBe(0), { timeout: 20_000 });

describe('an older proxy', () => {
  it.each([
    ['our service', async () => kept(newService())],
    ['an older service', oldService],
  ])('files by queue and by gRPC, lists, updates and deletes with %s', async (_name, start) => {
    const proxy = oldProxy((await start()).address);
    await proxy.publish(filed('by queue'));
    expect(await proxy.create(filed('by gRPC'))).toBeGreaterThan(0);
    await becomes(['by queue', 'by gRPC']);
    const [first] = (await proxy.list()).filter(({ title }) => title === 'by queue');
    expect(first).toMatchObject({ ...filed('by queue'), status: 'New' });
    const id = first?.id ?? 0;
    expect(await proxy.update(id, 'Completed')).toBe(true);
    expect(await proxy.list({ id })).toMatchObject([{ id, status: 'Completed' }]);
    expect((await proxy.list({ status: 'New' })).map(({ title }) => title)).toEqual(['by gRPC']);
    expect(await proxy.delete(id)).toBe(true);
    expect(await proxy.delete(id)).toBe(false);
    expect(await stored()).toEqual(['by gRPC']);
    await queueEmpty();
  });
});

describe('our proxy before an older service', () => {
  it('files by queue, counts as sent what the service does not confirm, and says so', async () => {
    const proxy = await newProxy((await oldService()).address);
    const { link } = await proxy.ask<{ link: { serviceVersion: string | null; reason: string } }>(
      '{ link { serviceVersion reason } }',
    );
    expect(link.serviceVersion).toBeNull();
    expect(link.reason).toContain('does not confirm');
    for (const title of titles('ours', 5)) await proxy.file(title);
    await becomes(titles('ours', 5));
    await drained(proxy);
    await queueEmpty();
    expect(await stored()).toHaveLength(5);
  });

  it('lists, pages, searches, counts, updates the status and deletes', async () => {
    const proxy = await newProxy((await oldService()).address);
    for (const title of ['one', 'two', 'three']) await proxy.file(title);
    await becomes(['one', 'two', 'three']);
    type Tickets = { tickets: { id: number; title: string; version: number | null }[] };
    const { tickets } = await proxy.ask<Tickets>('{ tickets { id title version } }');
    expect(tickets.map(({ title }) => title).sort()).toEqual(['one', 'three', 'two']);
    expect(tickets.map(({ version }) => version)).toEqual([null, null, null]);
    const found = await proxy.ask(
      '{ ticketPage(filter: { text: "TH" }, first: 1) { edges { node { title } } } }',
    );
    expect(found).toEqual({ ticketPage: { edges: [{ node: { title: 'three' } }] } });
    const id = tickets[0]?.id;
    const update =
      'mutation($id: Int!) { updateTicket(input: { id: $id, status: "Completed" }) { success } }';
    expect(await proxy.ask(update, { id })).toEqual({ updateTicket: { success: true } });
    expect(await proxy.ask('{ ticketCounts { status count } }')).toMatchObject({
      ticketCounts: expect.arrayContaining([
        { status: 'New', count: 2 },
        { status: 'Completed', count: 1 },
      ]),
    });
    const remove = 'mutation($id: Int!) { deleteTicket(input: { id: $id }) { success } }';
    expect(await proxy.ask(remove, { id })).toEqual({ deleteTicket: { success: true } });
    await expect(
      proxy.ask('mutation($id: Int!) { updateTicket(input: { id: $id, title: "new" }) { success } }', { id }),
    ).rejects.toThrow('older version');
  });
});

describe('tables that an older service has made', () => {
  const counts = '{ ticketCounts { status count } }';
  const countsOf = (New: number, Completed: number) => ({
    ticketCounts: [
      { status: 'New', count: New },
      { status: 'In Progress', count: 0 },
      { status: 'On Hold', count: 0 },
      { status: 'Completed', count: Completed },
    ],
  });

  it('are read through it by our proxy: what it leaves empty is New, and no question stops it', async () => {
    await useDatabase();
    const old = await oldService();
    const before = oldProxy(old.address);
    const ids = [];
    for (const title of titles('old', 5)) ids.push(await before.create(filed(title)));
    await before.update(ids[0] ?? 0, 'Completed');
    expect(await before.list({ id: ids[1] ?? 0 })).toMatchObject([{ status: '' }]);
    const proxy = await newProxy(old.address);
    expect(await proxy.ask(counts)).toEqual(countsOf(4, 1));
    const both = 'query($id: Int!) { tickets(input: { id: $id, status: "New" }) { id status } }';
    expect(await proxy.ask(both, { id: ids[1] })).toEqual({ tickets: [{ id: ids[1], status: 'New' }] });
    expect(await proxy.ask(both, { id: ids[0] })).toEqual({ tickets: [] });
    expect(await proxy.ask('{ tickets(input: { status: "New" }) { status } }')).toEqual({
      tickets: Array(4).fill({ status: 'New' }),
    });
    expect(await before.list()).toHaveLength(5);
  });

  it('are taken over by ours while it goes on, and none is lost, doubled or out of view', async () => {
    await useDatabase();
    const old = await oldService();
    const before = oldProxy(old.address);
    for (const title of titles('found', 10)) await before.create(filed(title));
    const beside = (async () => {
      for (const title of titles('beside', 30)) await before.create(filed(title));
    })();
    const ours = await kept(newService());
    const proxy = await newProxy(ours.address);
    for (const title of titles('ours', 10)) await proxy.file(title);
    await beside;
    const all = [...titles('found', 10), ...titles('beside', 30), ...titles('ours', 10)];
    await becomes(all);
    // What the older service took is asked for again once it is overdue.
    const nowMs = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs() + 31_000);
    await drained(proxy);
    await becomes(all);
    expect(await proxy.ask(counts)).toEqual(countsOf(50, 0));
    expect(await oldProxy(ours.address).list({ status: 'New' })).toHaveLength(50);
  });
});

describe('our proxy before our service', () => {
  it('files by queue and learns the id of each ticket', async () => {
    const proxy = await newProxy((await kept(newService())).address);
    const { link } = await proxy.ask<{ link: object }>('{ link { serviceVersion reason } }');
    expect(link).toEqual({ serviceVersion: '1.0.0', reason: null });
    for (const title of titles('ours', 5)) await proxy.file(title);
    await drained(proxy);
    expect(await stored()).toEqual(titles('ours', 5));
  });

  it('says so when the service reads another queue', async () => {
    const service = await kept(newService());
    topic = `${topic}_other`;
    const { link } = await (await newProxy(service.address)).ask<{ link: { reason: string } }>(
      '{ link { reason } }',
    );
    expect(link.reason).toContain(`"${topic}"`);
  });
});

describe('one queue for all', () => {
  it('makes one ticket of each create, whoever files it and whoever takes it', async () => {
    const ours = await kept(newService());
    const old = await oldService();
    const proxy = await newProxy(ours.address);
    const olderProxy = oldProxy(old.address);
    for (let at = 0; at < 20; at += 1) {
      await Promise.all([proxy.file(`ours ${at}`), olderProxy.publish(filed(`old ${at}`))]);
    }
    const all = [...titles('ours', 20), ...titles('old', 20)];
    await becomes(all);
    await queueEmpty();
    expect(old.consumed()).toBeGreaterThan(0);
    expect(old.consumed()).toBeLessThan(40);
    // What the older service took is not confirmed by itself: it is asked for again once it is overdue.
    const nowMs = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs() + 31_000);
    await drained(proxy);
    expect(await stored()).toEqual([...all].sort());
    const { rows } = await database.query(
      `select count(request_id)::integer as known from tickets where title like 'ours%'`,
    );
    expect(rows).toEqual([{ known: 20 }]);
  });

  it('makes two tickets of two creates of the same text, one at each kind of service', async () => {
    const old = await oldService();
    const twice = filed('The same words');
    await oldProxy(old.address).publish(twice);
    await becomes(['The same words']);
    await old.stop();
    const ours = await kept(newService());
    const proxy = oldProxy(ours.address);
    await proxy.publish(twice);
    await becomes(['The same words', 'The same words']);
    await proxy.create(twice);
    await becomes(['The same words', 'The same words', 'The same words']);
  });

  it('shows through either kind of service what the other has done', async () => {
    const ours = await kept(newService());
    const old = await oldService();
    const [before, behind] = [oldProxy(old.address), oldProxy(ours.address)];
    const id = await before.create(filed('shared'));
    expect(await behind.list({ id })).toMatchObject([{ id, status: 'New' }]);
    expect(await behind.update(id, 'On Hold')).toBe(true);
    expect(await before.list({ id })).toMatchObject([{ status: 'On Hold' }]);
    const watcher = connect(ours.address);
    stops.push(async () => watcher.close());
    const watch = watcher.watch();
    await watch.nextOfAll();
    const told = async (kind: string, status?: string) => {
      for (;;) {
        const event = await watch.next();
        if (event.kind === kind && event.ticket?.status === status) return;
      }
    };
    const [{ version = 0 } = {}] = (await watcher.call('GetTicketList', { id })).tickets ?? [];
    expect(await before.update(id, 'Completed')).toBe(true);
    await told('UPDATED', 'Completed');
    expect(await behind.list({ id })).toMatchObject([{ status: 'Completed' }]);
    // Whoever had read it before meets a clash, as with any other change.
    const late = { id, status: 'New', expectedVersion: version };
    expect(await watcher.call('UpdateTicket', late)).toMatchObject({ success: false, conflict: true });
    expect(await before.delete(id)).toBe(true);
    await told('DELETED');
    expect(await behind.list({ id })).toEqual([]);
  });
});
