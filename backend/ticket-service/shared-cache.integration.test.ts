/** Three services, one Postgres, one Redis: what a write has answered, every read shows, whatever breaks. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { memoryCache } from '../adapters/cache-memory.ts';
import { redisCache } from '../adapters/cache-redis.ts';
import type { Cache } from '../ports/cache.ts';
import { runFreshReads } from '../testing/fresh-reads.ts';
import { startTestPostgres, type TestPostgres } from '../testing/postgres.ts';
import { seededRandom } from '../testing/random.ts';
import { faults, type Relay, startRelay } from '../testing/relay.ts';
import { startTestRedis, type TestRedis } from '../testing/services.ts';
import type { TicketStore } from './store/ticket-store.ts';
import { silent, startTestService, type TestService } from './testing/service.ts';

// FRESH_SEED repeats what a failed run did.
const seed = Number(process.env.FRESH_SEED ?? Date.now() % 2 ** 32);
const rounds = Number(process.env.FRESH_ROUNDS ?? 12);
const operationsPerRound = 60;

let postgres: TestPostgres;
let redis: TestRedis;
let postgresUrl: string;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startTestPostgres({ overTcp: true }), startTestRedis()]);
});
afterAll(async () => {
  await Promise.all([postgres.stop(), redis.stop()]);
});
beforeEach(async () => {
  await redis.flush();
  postgresUrl = await postgres.createDatabase();
});

interface Watched extends TestService {
  /** How often a ticket was read from the database, and how often others were fenced off. */
  counts: { finds: number; fences: number; waits: number };
}

async function start(cache: Cache, url = postgresUrl): Promise<Watched> {
  const counts = { finds: 0, fences: 0, waits: 0 };
  const wrap = (store: TicketStore): TicketStore => ({
    ...store,
    find(id) {
      counts.finds += 1;
      return store.find(id);
    },
    cacheLease: {
      ...store.cacheLease,
      async fence(kind) {
        counts.fences += 1;
        const hadToWait = await store.cacheLease.fence(kind);
        if (hadToWait) counts.waits += 1;
        return hadToWait;
      },
    },
  });
  const service = await startTestService({ postgresUrl: url, cache, wrap });
  onTestFinished(async () => {
    await service.stop();
    await cache.close();
  });
  return { ...service, counts };
}

/** With a link of its own to Redis. */
async function startLinked(): Promise<{ service: Watched; link: Relay }> {
  const link = await startRelay({ to: new URL(redis.url).host });
  onTestFinished(() => link.close());
  return { service: await start(redisCache({ url: `redis://${link.address}`, logger: silent })), link };
}

/** Resolves once reads of this ticket come from the cache, which they do only while it is trusted. */
async function trusts(service: Watched, id: number): Promise<void> {
  await vi.waitFor(
    async () => {
      await service.call('GetTicketList', { id });
      const { finds } = service.counts;
      await service.call('GetTicketList', { id });
      expect(service.counts.finds).toBe(finds);
    },
    { timeout: 20_000, interval: 20 },
  );
}

const create = async (service: TestService) =>
  (await service.call('CreateTicket', { title: 'Old', description: '', name: 'N' })).id;
const titleOf = async (service: TestService, id: number) =>
  (await service.call('GetTicketList', { id })).tickets[0]?.title;
const titlesOf = async (service: TestService) =>
  (await service.call('GetTicketList', {})).tickets.map(({ title }) => title);

it(`shows no older version over ${rounds} faults of Redis and its links (FRESH_SEED=${seed})`, async (context) => {
  const random = seededRandom(seed);
  const linked = [await startLinked(), await startLinked(), await startLinked()];
  const services = linked.map(({ service }) => service);
  const work = await runFreshReads(services, random);
  const untouched = await create(services[0] as Watched);
  const someLink = () => linked[random.below(linked.length)]?.link as Relay;
  const log: string[] = [];
  for (let round = 0; round < rounds && !context.signal.aborted; round += 1) {
    const event = random.pick(['kill', 'freeze', 'flush', 'cut', 'cut', 'cut', 'cut']);
    const [link, fault] = [someLink(), random.pick(faults)];
    log.push(event === 'cut' ? `${event} ${fault}` : event);
    for (const service of services) await trusts(service, untouched);
    if (event === 'kill') await redis.kill();
    if (event === 'freeze') await redis.freeze();
    if (event === 'flush') await redis.flush();
    if (event === 'cut') await link.cut(fault);
    await work.after(operationsPerRound);
    if (event === 'kill') await redis.start();
    if (event === 'freeze') await redis.thaw();
    if (event === 'cut') await link.mend();
    await work.after(operationsPerRound);
  }
  const { faults: found, ...done } = await work.stop();
  const counts = services.map((service) => service.counts);
  console.log(JSON.stringify({ seed, ...done, counts, log }));
  expect(found.slice(0, 5)).toEqual([]);
  for (const service of services) await trusts(service, untouched);
}, 180_000);

it('a service that is cut off from Redis makes the others show what it has written', async () => {
  const [writer, reader] = [await startLinked(), await startLinked()];
  const id = await create(writer.service);
  await trusts(reader.service, id);
  await trusts(writer.service, id);
  await writer.link.cut('silent');
  for (let round = 0; round < 5; round += 1) {
    await titlesOf(reader.service);
    await titleOf(reader.service, id);
    await writer.service.call('UpdateTicket', { id, title: `New ${round}` });
    expect(await titleOf(reader.service, id)).toBe(`New ${round}`);
    expect(await titlesOf(reader.service)).toEqual([`New ${round}`]);
  }
});

it('does not go on trusting what it can not be told about any more', async () => {
  const toPostgres = await startRelay({ to: new URL(postgresUrl).host });
  onTestFinished(() => toPostgres.close());
  const url = Object.assign(new URL(postgresUrl), { host: toPostgres.address }).href;
  const reader = await start(redisCache({ url: redis.url, logger: silent }), url);
  const writer = await startLinked();
  const id = await create(writer.service);
  await trusts(reader, id);
  await writer.link.cut('refuse');
  await toPostgres.cut('silent');
  await writer.service.call('UpdateTicket', { id, title: 'New' });
  const shown = titleOf(reader, id);
  await toPostgres.mend();
  // It waits for the database, or says that it can't be asked.
  expect(await shown.catch(({ code }) => code)).toSatisfy((title) => title === 'New' || title === 14);
  await trusts(reader, id);
});

it('does not believe a Redis that comes back with what it held before', async () => {
  const { service, link } = await startLinked();
  const id = await create(service);
  await trusts(service, id);
  const snapshot = await dump(redis);
  await service.call('UpdateTicket', { id, title: 'New' });
  await link.cut('drop');
  await restore(redis, snapshot);
  await link.mend();
  await trusts(service, id);
  expect(await titleOf(service, id)).toBe('New');
});

it('asks nobody and waits for nobody while Redis is gone for all', async () => {
  const [one, other] = [await startLinked(), await startLinked()];
  const id = await create(one.service);
  await trusts(other.service, id);
  await redis.kill();
  onTestFinished(() => redis.start());
  // The first finds out for itself and tells the other; from then on nobody is left to be asked.
  await one.service.call('UpdateTicket', { id, title: 'First' });
  await other.service.call('UpdateTicket', { id, title: 'Second' });
  const waited = one.service.counts.waits + other.service.counts.waits;
  for (let n = 0; n < 50; n += 1) await one.service.call('UpdateTicket', { id, title: `T${n}` });
  expect(one.service.counts.waits + other.service.counts.waits).toBe(waited);
});

it('never fences while every write reaches Redis', async () => {
  const [one, other] = [await startLinked(), await startLinked()];
  const id = await create(one.service);
  for (const { service } of [one, other]) await trusts(service, id);
  for (let n = 0; n < 20; n += 1) {
    const [writer, reader] = n % 2 ? [one, other] : [other, one];
    await writer.service.call('UpdateTicket', { id, title: `T${n}` });
    expect(await titleOf(reader.service, id)).toBe(`T${n}`);
  }
  expect(one.service.counts.fences + other.service.counts.fences).toBe(0);
});

it('fences nothing when it is alone with a cache of its own', async () => {
  const service = await start(memoryCache({ maxEntries: 100 }));
  const id = await create(service);
  await trusts(service, id);
  for (let n = 0; n < 20; n += 1) await service.call('UpdateTicket', { id, title: `T${n}` });
  expect(service.counts.fences).toBe(0);
  await trusts(service, id);
});

it('shows what any other has written when each has a cache of its own, or one of them', async () => {
  const own = [await start(memoryCache({ maxEntries: 100 })), await start(memoryCache({ maxEntries: 100 }))];
  const services = [...own, (await startLinked()).service];
  const work = await runFreshReads(services, seededRandom(seed));
  await work.after(1_500);
  const { faults: found } = await work.stop();
  expect(found.slice(0, 5), `FRESH_SEED=${seed}`).toEqual([]);
});

it('serves from the database, and writes, without Redis from the start', async () => {
  const service = await start(redisCache({ url: 'redis://127.0.0.1:1', logger: silent }));
  const id = await create(service);
  await service.call('UpdateTicket', { id, title: 'New' });
  expect(await titleOf(service, id)).toBe('New');
  expect(await titlesOf(service)).toEqual(['New']);
});

it('shows what others write while Postgres is killed under them', async () => {
  const [one, other] = [await startLinked(), await startLinked()];
  const id = await create(one.service);
  await trusts(other.service, id);
  await postgres.kill();
  await vi.waitFor(() => one.service.call('UpdateTicket', { id, title: 'New' }), 20_000);
  expect(await titleOf(other.service, id)).toBe('New');
  await trusts(other.service, id);
});

async function dump(server: TestRedis): Promise<Map<string, string>> {
  return await withRedis(server, async (client) => {
    const keys = await client.keys('*');
    return new Map(await Promise.all(keys.map(async (key) => [key, (await client.get(key)) ?? ''] as const)));
  });
}

async function restore(server: TestRedis, entries: ReadonlyMap<string, string>): Promise<void> {
  await withRedis(server, async (client) => {
    await client.flushall();
    for (const [key, value] of entries) await client.set(key, value, 'PX', 300_000);
  });
}

async function withRedis<Value>(server: TestRedis, use: (client: Redis) => Promise<Value>): Promise<Value> {
  const client = new Redis(server.url);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}
