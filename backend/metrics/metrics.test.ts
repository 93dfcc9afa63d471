/** The operator's page and the programs speak of the same numbers; what is counted is what happened. */
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { Registry } from 'prom-client';
import { expect, it, onTestFinished } from 'vitest';
import { memoryCache } from '../adapters/cache-memory.ts';
import type { NewTicket } from '../domain/ticket.ts';
import { DeskError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { generationKey, listKey } from '../ports/cache.ts';
import type { PublishResult } from '../ports/create-queue.ts';
import type { Delivery } from '../ports/create-source.ts';
import type { CreateOutcome, TicketStore } from '../ticket-service/store/ticket-store.ts';
import { startOperationsServer } from './operations-server.ts';
import { createProxyMetrics } from './proxy-metrics.ts';
import { createReadiness } from './readiness.ts';
import { createRegistry } from './registry.ts';
import { createServiceMetrics } from './service-metrics.ts';

const create: NewTicket = {
  requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01',
  title: 'Printer',
  description: '',
  name: 'Ada',
  createdAt: '2026-11-24T14:02:11.123456Z',
};

/** As much of a store as is measured; the database is told elsewhere. */
function storeAnswering(outcomes: CreateOutcome[]): TicketStore {
  const store: Partial<TicketStore> = {
    create: async () => outcomes,
    reject: async () => {},
    find: async () => {
      throw new DeskError('UNAVAILABLE', 'The database is away.');
    },
    comments: {} as never,
    views: {} as never,
    changes: { read: async () => ({ changes: [], heldBack: false, lost: false }) } as never,
  };
  return store as TicketStore;
}

const idleSource = () => ({ connected: () => true, pause() {}, close: async () => {} });
const directQueue = (publish: () => Promise<PublishResult>) => ({ publish, close: async () => {} });
const signal = new AbortController().signal;

/** Each sample as `name{labels} value`, without those of histograms' buckets and sums. */
async function samples(registry: Registry): Promise<string[]> {
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => /^ticket_desk/.test(line) && !/_bucket|_sum/.test(line));
}

it('the operator’s page has each metric that there is, with its type, and no other', async () => {
  const registry = createRegistry({ version: '1.2.3' });
  const proxy = createProxyMetrics(registry);
  proxy.queue(directQueue(async () => ({ state: 'accepted' })));
  proxy.outbox({ waiting: () => ({ waiting: 0, failed: 0 }), longestWaitMs: () => undefined });
  proxy.link(() => true);
  const service = createServiceMetrics(registry);
  service.store(storeAnswering([]));
  service.cache(memoryCache({ maxEntries: 1 }));
  service.source(idleSource)({ onDelivery: () => {}, maxInFlight: 1 });
  service.connections(() => ({ total: 0, idle: 0, waiting: 0 }));
  const all = await registry.getMetricsAsJSON();
  const own = all.filter(({ name }) => name.startsWith('ticket_desk_'));
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(ticket_desk_\w+)` \| (\w+) \|/gm)];
  expect(rows.map(([, name, type]) => `${name} ${type}`).sort()).toEqual(
    own.map(({ name, type }) => `${name} ${type}`).sort(),
  );
  // The page speaks of these by their beginnings.
  for (const { name } of all) expect(name).toMatch(/^(ticket_desk|process|nodejs)_/);
});

it('tells what came of each create that was sent', async () => {
  const registry = new Registry();
  const outcomes: (() => Promise<PublishResult>)[] = [
    async () => ({ state: 'stored', id: 1 }),
    async () => ({ state: 'accepted' }),
    () => Promise.reject(new DeskError('UNAVAILABLE', 'away')),
    () => Promise.reject(new DeskError('UNAUTHENTICATED', 'wrong token')),
    () => Promise.reject(new DeskError('BAD_USER_INPUT', 'too long', { field: 'title' })),
  ];
  const queue = createProxyMetrics(registry).queue(directQueue(() => outcomes.shift()?.() as never));
  for (let left = outcomes.length; left > 0; left -= 1) {
    await queue.publish(create, { signal }).catch(() => {});
  }
  expect(await samples(registry)).toEqual([
    'ticket_desk_publish_duration_seconds_count{result="stored"} 1',
    'ticket_desk_publish_duration_seconds_count{result="accepted"} 1',
    'ticket_desk_publish_duration_seconds_count{result="failed"} 2',
    'ticket_desk_publish_duration_seconds_count{result="refused"} 1',
  ]);
});

it('tells the depth of the outbox and the age of its oldest when it is asked', async () => {
  const registry = new Registry();
  createProxyMetrics(registry).outbox({
    waiting: () => ({ waiting: 7, failed: 2 }),
    longestWaitMs: () => 90_000,
  });
  const [waiting, failed, age = ''] = await samples(registry);
  expect([waiting, failed]).toEqual([
    'ticket_desk_outbox_creates{state="waiting"} 7',
    'ticket_desk_outbox_creates{state="failed"} 2',
  ]);
  expect(Number(age.split(' ')[1])).toBe(90);
});

it('tells what the database made of a batch, and which calls of it failed', async () => {
  const registry = new Registry();
  const store = createServiceMetrics(registry).store(
    storeAnswering([
      { state: 'known', id: 1 },
      { state: 'known', id: 2 },
      { state: 'rejected', reason: 'too long', field: 'title', revision: 0 },
    ]),
  );
  await store.create([create, create, create]);
  await store.reject([{ ...create, reason: 'no', field: undefined, revision: 0, body: Buffer.alloc(0) }]);
  await store.find(1).catch(() => {});
  const told = await samples(registry);
  expect(told).toEqual(
    expect.arrayContaining([
      'ticket_desk_store_duration_seconds_count{operation="create",result="ok"} 1',
      'ticket_desk_store_duration_seconds_count{operation="find",result="failed"} 1',
      'ticket_desk_creates_total{result="known"} 2',
      'ticket_desk_creates_total{result="rejected"} 1',
      'ticket_desk_store_batch_size_count 1',
      'ticket_desk_creates_rejected_total 1',
    ]),
  );
});

it('tells hits from misses, and a cache that can’t be reached from both', async () => {
  const registry = new Registry();
  const memory = memoryCache({ maxEntries: 10 });
  let isAway = false;
  const cache = createServiceMetrics(registry).cache({
    ...memory,
    get: async (key) => (isAway ? { value: undefined, generation: undefined } : memory.get(key)),
    drop: async (entries) => !isAway && memory.drop(entries),
  });
  const { generation = '' } = await cache.get('ticket:1');
  await cache.put('ticket:1', { value: '{}', ttlMs: 60_000, generation });
  await cache.get('ticket:1');
  await cache.get(generationKey);
  await cache.get(listKey(generation, 'all'));
  await cache.drop([{ key: 'ticket:1' }]);
  isAway = true;
  await cache.get('ticket:1');
  await cache.get(generationKey);
  await cache.drop([{ key: 'ticket:1' }]);
  expect(await samples(registry)).toEqual(
    expect.arrayContaining([
      'ticket_desk_cache_reads_total{of="ticket",result="miss"} 1',
      'ticket_desk_cache_reads_total{of="ticket",result="hit"} 1',
      'ticket_desk_cache_reads_total{of="ticket",result="failed"} 1',
      'ticket_desk_cache_reads_total{of="list",result="miss"} 1',
      'ticket_desk_cache_reads_total{of="generation",result="failed"} 1',
      'ticket_desk_cache_drops_total{result="done"} 1',
      'ticket_desk_cache_drops_total{result="uncertain"} 1',
    ]),
  );
});

it('counts a message in from its delivery until it is finished or given back', async () => {
  const registry = new Registry();
  const taken: Delivery[] = [];
  let deliver: (delivery: Delivery) => void = () => {};
  const ends: string[] = [];
  createServiceMetrics(registry).source((options) => {
    deliver = options.onDelivery;
    return idleSource();
  })({ onDelivery: (delivery) => taken.push(delivery), maxInFlight: 10 });
  for (const attempts of [1, 2, 1]) {
    deliver({
      id: `${attempts}`,
      body: Buffer.from('{}'),
      publishedAtMs: 0,
      attempts,
      finish: () => ends.push('finished'),
      requeue: (delayMs) => ends.push(`requeued ${delayMs}`),
    });
  }
  taken[0]?.finish();
  taken[1]?.requeue(5);
  expect(ends).toEqual(['finished', 'requeued 5']);
  expect(await samples(registry)).toEqual(
    expect.arrayContaining([
      'ticket_desk_queue_deliveries_total{delivery="first"} 2',
      'ticket_desk_queue_deliveries_total{delivery="again"} 1',
      'ticket_desk_queue_deliveries_ended_total{result="finished"} 1',
      'ticket_desk_queue_deliveries_ended_total{result="requeued"} 1',
      'ticket_desk_consumer_in_flight 1',
      'ticket_desk_queue_connected 1',
    ]),
  );
});

it('a page that has its own name bound to this computer is told nothing', async () => {
  const server = await startOperationsServer({
    host: '127.0.0.1',
    port: 0,
    registry: createRegistry({ version: '1.2.3' }),
    readiness: createReadiness(),
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  onTestFinished(server.stop);
  const statusFor = (host: string) =>
    new Promise((resolve, reject) => {
      get(`${server.url}/metrics`, { headers: { host } }, (answer) => resolve(answer.resume().statusCode)).on(
        'error',
        reject,
      );
    });
  expect(await statusFor('rebound.example:9464')).toBe(403);
  expect(await statusFor('localhost:9464')).toBe(200);
});
