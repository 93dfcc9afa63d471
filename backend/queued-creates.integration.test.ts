/** Creates on their whole way through a real nsqd: proxy, topic, ticket services on one channel, Postgres. */
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { nsqQueue } from './adapters/queue-nsq.ts';
import { composeTicketService } from './compose-ticket-service.ts';
import { readTicketServiceConfig } from './config.ts';
import { encodeCreate } from './domain/create-message.ts';
import { createLogger } from './logger.ts';
import type { CreateQueue } from './ports/create-queue.ts';
import { linkState } from './proxy/testing/link-state.ts';
import { type ProxyOn, proxyOn } from './proxy/testing/real-proxy.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';
import { startTestNsqd, type TestNsqd, unfinished } from './testing/services.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let postgres: TestPostgres;
let nsqd: TestNsqd;
let postgresUrl: string;
let topic: string;
let topics = 0;
let stops: (() => Promise<unknown>)[];

beforeAll(async () => {
  [postgres, nsqd] = await Promise.all([startTestPostgres(), startTestNsqd()]);
});
afterAll(() => Promise.all([postgres.stop(), nsqd.stop()]));
beforeEach(async () => {
  topics += 1;
  topic = `creates_${topics}`;
  postgresUrl = await postgres.createDatabase();
  stops = [];
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const stop of stops.reverse()) await stop();
});

/** @param from what the service takes creates from, beside gRPC */
async function startService(from: 'queue' | 'gRPC alone' = 'queue') {
  const service = await composeTicketService({
    ...readTicketServiceConfig({
      POSTGRES_URL: postgresUrl,
      GRPC_ADDRESS: '127.0.0.1:0',
      ...(from === 'queue' && { NSQD_TCP_ADDRESS: nsqd.tcpAddress, NSQ_TOPIC: topic }),
    }),
    version: '1.2.3',
    logger,
    signal: new AbortController().signal,
  });
  stops.push(() => service.stop());
  return service;
}

function openQueue(): CreateQueue {
  const queue = nsqQueue({
    nsqdAddress: nsqd.tcpAddress,
    topic,
    tls: undefined,
    authSecret: undefined,
    logger,
  });
  stops.push(() => queue.close());
  return queue;
}

async function startProxy(address: string): Promise<ProxyOn> {
  const proxy = await proxyOn({ address, queue: openQueue() });
  stops.push(() => proxy.stop());
  await linkState(proxy.client, 'CONNECTED');
  return proxy;
}

/** As an older producer, or any other, does. */
async function post(bodies: readonly string[]): Promise<void> {
  await fetch(`http://${nsqd.httpAddress}/mpub?topic=${topic}`, { method: 'POST', body: bodies.join('\n') });
}

async function rows(statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(postgresUrl);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
const titles = async () => (await rows('select title from tickets order by title')).map(({ title }) => title);

/** Resolves once nsqd has nothing more of the topic, in no state. */
async function emptied(): Promise<void> {
  await expect.poll(async () => unfinished(await nsqd.stats(topic)), { timeout: 30_000 }).toBe(0);
}

const text = { title: 'Printer', description: 'Second floor.', name: 'Ada' };
const aCreate = (fields: object = {}) => ({
  ...text,
  requestId: uuidv7(),
  createdAt: '2026-03-04T05:06:07.123456Z',
  ...fields,
});
const many = (count: number) => Array.from({ length: count }, (_, at) => aCreate({ title: `${at}` }));

const fileMutation = `mutation ($input: NewTicket!) { createTicket(input: $input) { requestId } }`;
async function file(proxy: ProxyOn, title: string): Promise<string> {
  const { data } = await proxy.ask(fileMutation, { input: { ...text, title } });
  return data.createTicket.requestId;
}
const outboxQuery =
  '{ outbox { entries { state description lastError lastErrorField conflict { requestId ticketId } } } }';
/** Resolves once the only entry of the outbox has these. */
async function entry(proxy: ProxyOn, fields: object): Promise<void> {
  const read = async () => (await proxy.ask(outboxQuery)).data.outbox.entries;
  await expect.poll(read, { timeout: 10_000 }).toMatchObject([fields]);
}
/** Lets 31 s pass for what looks at the clock, which makes what was accepted overdue. */
function passOverdue(): void {
  const nowMs = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs() + 31_000);
}

describe('a create', () => {
  it('goes from the proxy through the queue to one ticket, and leaves the outbox', async () => {
    const proxy = await startProxy((await startService()).address);
    await startService();
    const filed = await Promise.all(Array.from({ length: 50 }, (_, at) => file(proxy, `${at}`)));
    await proxy.drained();
    const stored = await rows('select request_id::text as id from tickets');
    expect(stored.map(({ id }) => id).sort()).toEqual([...filed].sort());
    await emptied();
  });

  it('becomes one ticket, however many copies come, in whatever order, to whichever of two services', async () => {
    await Promise.all([startService(), startService()]);
    const bodies = many(100).map(encodeCreate);
    const shuffled = [...bodies, ...bodies, ...bodies].sort(() => Math.random() - 0.5);
    await post(shuffled);
    await emptied();
    expect(await titles()).toEqual(bodies.map((_, at) => `${at}`).sort());
  });

  it('of an older producer becomes a ticket, and so do those around one that never can', async () => {
    await startService();
    await post([
      JSON.stringify(text),
      'not JSON',
      JSON.stringify({ ...text, title: undefined }),
      JSON.stringify(text),
    ]);
    await emptied();
    expect(await titles()).toEqual(['Printer', 'Printer']);
    expect(await rows('select field from rejected_creates order by field')).toEqual([
      { field: 'title' },
      { field: null },
    ]);
  });

  it('that the service rejects goes back to its author, who mends it', async () => {
    const proxy = await startProxy((await startService()).address);
    await rows(`alter table tickets add check (title <> 'Unfit')`);
    const requestId = await file(proxy, 'Unfit');
    await entry(proxy, { state: 'FAILED', lastError: expect.stringContaining('can not hold this text') });
    await proxy.ask('mutation ($input: EditCreate!) { editCreate(input: $input) { state } }', {
      input: { requestId, ...text, title: 'Mended' },
    });
    await proxy.drained();
    expect(await rows('select title, request_id::text from tickets')).toEqual([
      { title: 'Mended', request_id: requestId },
    ]);
    expect(await rows('select * from rejected_creates')).toEqual([]);
  });
});

describe('another text under the request id of a ticket', () => {
  const input = { ...text, description: 'Second floor, and it smells.' };
  const fileAs = (proxy: ProxyOn, requestId: string) =>
    proxy.ask(fileMutation, { input: { ...input, requestId } });
  const failed = (requestId: string) => ({
    state: 'FAILED',
    lastError: expect.stringContaining('#1'),
    description: input.description,
    conflict: { requestId, ticketId: 1 },
  });

  it('comes back to its author as a failed create, though the queue took it, and becomes a ticket when tried again', async () => {
    const service = await startService();
    const create = aCreate();
    await post([encodeCreate(create)]);
    await expect.poll(titles).toEqual([create.title]);
    const proxy = await startProxy(service.address);
    await fileAs(proxy, create.requestId);
    await entry(proxy, failed(create.requestId));
    await emptied();
    expect(await rows('select description, request_id::text from tickets')).toEqual([
      { description: create.description, request_id: create.requestId },
    ]);
    const { data } = await proxy.ask('{ outbox { entries { requestId } } }');
    await proxy.ask('mutation ($input: RetryCreate!) { retryCreate(input: $input) { state } }', {
      input: data.outbox.entries[0],
    });
    await proxy.drained();
    expect(await rows('select description from tickets order by id')).toEqual([
      { description: create.description },
      { description: input.description },
    ]);
  });

  it('does so too when the first text comes by the queue while the second waits in it', async () => {
    const proxy = await startProxy((await startService('gRPC alone')).address);
    const create = aCreate();
    await fileAs(proxy, create.requestId);
    await entry(proxy, { state: 'SENT' });
    await proxy.client.createTicket(create, { signal: new AbortController().signal });
    await entry(proxy, failed(create.requestId));
    await startService();
    await emptied();
    expect(await titles()).toEqual([create.title]);
    const kept = await rows('select body, request_id::text as id from rejected_creates');
    expect(kept).toHaveLength(1);
    expect(String(kept[0]?.body)).toContain(input.description);
  });

  it('is kept for the operator where its producer has no outbox, once, however often it comes', async () => {
    await startService();
    await startService();
    const create = aCreate();
    await post([encodeCreate(create)]);
    await expect.poll(titles).toEqual([create.title]);
    const other = encodeCreate({ ...create, name: 'Bo' });
    await post([other, encodeCreate(create), other, encodeCreate(create), other]);
    await emptied();
    expect(await titles()).toEqual([create.title]);
    const kept = await rows('select body, field from rejected_creates');
    expect(kept).toEqual([{ body: Buffer.from(other), field: 'requestId' }]);
  });
});

describe('a create that the queue has accepted and nobody has stored', () => {
  it('goes past the queue when it is overdue, and its copy in the queue makes no second ticket', async () => {
    const proxy = await startProxy((await startService('gRPC alone')).address);
    const requestId = await file(proxy, 'Overdue');
    await entry(proxy, { state: 'SENT' });
    passOverdue();
    await proxy.drained();
    vi.restoreAllMocks();
    await startService();
    await emptied();
    expect(await rows('select request_id::text as id from tickets')).toEqual([{ id: requestId }]);
  });

  it('finds the ticket that an older service has made of it', async () => {
    const proxy = await startProxy((await startService('gRPC alone')).address);
    const requestId = await file(proxy, 'Twins');
    await entry(proxy, { state: 'SENT' });
    await rows(
      `insert into tickets (title, description, status, name) values ('Twins', '${text.description}', 'New', '${text.name}')`,
    );
    passOverdue();
    await proxy.drained();
    expect(await rows('select id, request_id::text from tickets')).toEqual([
      { id: 1, request_id: requestId },
    ]);
  });
});

describe('nothing is lost or doubled', () => {
  it('when Postgres is killed while the queue empties', async () => {
    await Promise.all([startService(), startService()]);
    const bodies = many(300).map(encodeCreate);
    await post(bodies.slice(0, 100));
    const killed = postgres.kill();
    await post(bodies.slice(100));
    await killed;
    await emptied();
    expect(await titles()).toEqual(bodies.map((_, at) => `${at}`).sort());
  });

  it('when services are stopped and started while the queue empties', async () => {
    const bodies = many(600).map(encodeCreate);
    await post(bodies);
    let before = 0;
    for (let round = 0; round < 3 && before < bodies.length; round += 1) {
      const service = await startService();
      const stored = async () => (await titles()).length;
      await expect.poll(stored, { interval: 1, timeout: 10_000 }).toBeGreaterThan(before);
      await service.stop();
      before = await stored();
    }
    await startService();
    await emptied();
    expect(await titles()).toEqual(bodies.map((_, at) => `${at}`).sort());
  });
});
