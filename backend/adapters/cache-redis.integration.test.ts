/** The Redis cache on a real Redis, in good and in bad times. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createLogger } from '../logger.ts';
import { cacheContract } from '../ports/cache.contract.ts';
import { type Cache, generationKey } from '../ports/cache.ts';
import { startTestRedis, type TestRedis } from '../testing/services.ts';
import { redisCache } from './cache-redis.ts';

let server: TestRedis;
let direct: Redis;

beforeAll(async () => {
  server = await startTestRedis();
  direct = new Redis(server.url);
  direct.on('error', () => {});
});
afterAll(async () => {
  direct.disconnect();
  await server.stop();
});
beforeEach(async () => {
  await vi.waitFor(() => direct.ping(), 10_000);
  await direct.flushall();
});

/** With what it logs. */
function openLogged(url = server.url) {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const cache = redisCache({ url, logger: createLogger({ name: 'test', level: 'debug', destination }) });
  onTestFinished(() => cache.close());
  return { cache, log: () => lines.join('') };
}

async function open(url = server.url): Promise<Cache> {
  const { cache } = openLogged(url);
  await reachable(cache);
  return cache;
}

const reachable = (cache: Cache) => vi.waitFor(async () => expect(await cache.drop([])).toBe(true), 15_000);

async function put(cache: Cache, key: string, value: string): Promise<void> {
  const { generation = '' } = await cache.get(generationKey);
  await cache.put(key, { value, ttlMs: 60_000, generation });
}

/** Every call, with the answers of a cache that is not there. */
async function expectAway(cache: Cache): Promise<void> {
  const nothing = { value: undefined, generation: undefined };
  expect(await cache.get('ticket:1')).toEqual(nothing);
  expect(await cache.get(generationKey)).toEqual(nothing);
  await cache.put('ticket:1', { value: 'x', ttlMs: 60_000, generation: '1' });
  expect(await cache.drop([{ key: 'ticket:1' }])).toBe(false);
  expect(await cache.clear()).toBe(false);
}

cacheContract('The Redis cache', async () => {
  await direct.flushall();
  const cache = redisCache({ url: server.url, logger: createLogger({ name: 'test', level: 'silent' }) });
  await reachable(cache);
  return cache;
});

it('keeps the keys of the contract: a ticket by its id, a generation that every write counts up, 300 s', async () => {
  const cache = await open();
  await put(cache, 'ticket:7', '{"id":7}');
  expect(await direct.get('ticket:7')).toBe('{"id":7}');
  const before = Number(await direct.get('tickets:generation'));
  await cache.drop([]);
  expect(Number(await direct.get('tickets:generation'))).toBeGreaterThan(before);
  expect(await direct.pttl('tickets:generation')).toBeGreaterThan(290_000);
});

for (const [event, breakIt, mendIt] of [
  ['killed', () => server.kill(), () => server.start()],
  ['frozen', () => server.freeze(), () => server.thaw()],
] as const) {
  it(`a Redis that is ${event} is a miss, at once after the first, and is used again by itself`, async () => {
    const { cache, log } = openLogged();
    await reachable(cache);
    await put(cache, 'ticket:1', 'one');
    const before = cache.connection();
    await breakIt();
    await expectAway(cache);
    // Nothing of these waits for Redis: a hundred thousand timeouts would take hours.
    for (let n = 0; n < 100_000; n += 1) await cache.get('ticket:1');
    await expectAway(cache);
    expect(log()).toContain('REDIS_URL');
    await mendIt();
    await reachable(cache);
    expect(cache.connection()).not.toBe(before);
    await put(cache, 'ticket:2', 'two');
    expect((await cache.get('ticket:2')).value).toBe('two');
  });
}

it('has another connection before anything is read from it again', async () => {
  const cache = await open();
  await put(cache, 'ticket:1', 'one');
  const before = cache.connection();
  await direct.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  const read = await vi.waitUntil(async () => {
    const { value } = await cache.get('ticket:1');
    return cache.connection() === before ? undefined : { value };
  }, 10_000);
  expect(read).toBeDefined();
});

it('begins above every earlier generation after a restart, an emptying, and a snapshot brought back', async () => {
  const cache = await open();
  const numbers: number[] = [];
  const note = async () => numbers.push(Number((await cache.get(generationKey)).generation));
  for (let n = 0; n < 50; n += 1) await cache.drop([]);
  const snapshot = await direct.get('tickets:generation');
  for (let n = 0; n < 50; n += 1) await cache.drop([]);
  await note();
  await direct.flushall();
  await note();
  await direct.set('tickets:generation', snapshot ?? '');
  await cache.drop([]);
  await note();
  await server.kill();
  await server.start();
  await reachable(cache);
  await note();
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
});

it('goes on when Redis has forgotten the scripts', async () => {
  const cache = await open();
  await put(cache, 'ticket:1', 'one');
  await direct.script('FLUSH');
  expect(await cache.drop([])).toBe(true);
  expect((await cache.get(generationKey)).generation).toBeDefined();
});

it('replaces and drops whatever others left under its keys', async () => {
  const cache = await open();
  const garbage: [string, () => Promise<unknown>][] = [
    ['an older peer’s JSON', () => direct.set('ticket:1', '{"id":1,"title":"T"}')],
    ['no JSON', () => direct.set('ticket:1', '\u0000{')],
    ['a list', () => direct.rpush('ticket:1', 'a')],
    ['a hash', () => direct.hset('ticket:1', 'version', '9')],
  ];
  for (const [what, leave] of garbage) {
    await direct.del('ticket:1');
    await leave();
    await put(cache, 'ticket:1', 'ours');
    expect((await cache.get('ticket:1')).value, what).toBe('ours');
    await direct.del('ticket:1');
    await leave();
    expect(await cache.drop([{ key: 'ticket:1', unless: 'ours' }]), what).toBe(true);
    expect(await direct.exists('ticket:1'), what).toBe(0);
  }
});

it('gets over whatever others left as its generation', async () => {
  const cache = await open();
  for (const leave of [
    () => direct.set('tickets:generation', 'no number'),
    () => direct.set('tickets:generation', '9e99'),
    () => direct.set('tickets:generation', '-1'),
    () => direct.rpush('tickets:generation', 'a'),
  ]) {
    await direct.del('tickets:generation');
    await leave();
    expect((await cache.get(generationKey)).generation).toBeDefined();
    expect(await cache.drop([])).toBe(true);
    const { generation } = await cache.get(generationKey);
    await cache.drop([]);
    expect((await cache.get(generationKey)).generation).not.toBe(generation);
    await put(cache, 'ticket:1', 'one');
    expect((await cache.get('ticket:1')).value).toBe('one');
  }
});

it('drops all the same when Redis is full, and takes nothing in', async () => {
  const cache = await open();
  await put(cache, 'ticket:1', 'one');
  const { generation = '' } = await cache.get('ticket:1');
  await direct.config('SET', 'maxmemory-policy', 'noeviction');
  await direct.config('SET', 'maxmemory', '1');
  onTestFinished(async () => void (await direct.config('SET', 'maxmemory', '0')));
  for (let round = 0; round < 2; round += 1) {
    expect(await cache.drop([{ key: 'ticket:1' }])).toBe(true);
    await put(cache, 'ticket:1', 'newer');
    expect((await cache.get('ticket:1')).value).toBeUndefined();
    expect((await cache.get('tickets:1:all')).value).toBeUndefined();
  }
  await direct.config('SET', 'maxmemory', '0');
  await cache.put('ticket:1', { value: 'older', ttlMs: 60_000, generation });
  expect((await cache.get('ticket:1')).value).toBeUndefined();
});

it('a replica that may not be written to counts as away for writes, and is left for another', async () => {
  const cache = await open();
  await direct.replicaof('127.0.0.1', 1);
  onTestFinished(async () => void (await direct.replicaof('NO', 'ONE')));
  const before = cache.connection();
  expect(await cache.drop([{ key: 'ticket:1' }])).toBe(false);
  await vi.waitFor(() => expect(cache.connection()).not.toBe(before), 10_000);
  await direct.replicaof('NO', 'ONE');
  await reachable(cache);
});

it.each<[string, string, (isBroken: boolean) => Promise<unknown>]>([
  [
    'is a replica by now',
    'READONLY',
    (isBroken) => (isBroken ? direct.replicaof('127.0.0.1', 1) : direct.replicaof('NO', 'ONE')),
  ],
  [
    'lets its user write nothing',
    'NOPERM',
    (isBroken) => direct.call('ACL', 'SETUSER', 'default', isBroken ? '-evalsha' : '+evalsha'),
  ],
  ['is full', 'maxmemory', (isBroken) => direct.config('SET', 'maxmemory', isBroken ? '1' : '0')],
])('one that %s is told of once, and that it serves again once it does', async (_what, reason, turn) => {
  const { cache, log } = openLogged();
  await reachable(cache);
  const lines = () => log().trim().split('\n').filter(Boolean);
  await turn(true);
  onTestFinished(async () => void (await turn(false)));
  for (let time = 1; time <= 5; time += 1) {
    const before = cache.connection();
    await cache.drop([]);
    if (reason === 'READONLY') await vi.waitFor(() => expect(cache.connection()).not.toBe(before), 10_000);
  }
  const told = reason === 'READONLY' ? [reason, 'the connection ended'] : [reason];
  expect(lines()).toEqual(told.map((text) => expect.stringContaining(text)));
  await turn(false);
  await vi.waitFor(async () => expect(await cache.clear()).toBe(true), 10_000);
  expect(lines().slice(told.length)).toEqual([expect.stringContaining('Redis serves as a cache')]);
});

it('a wrong password is a cache that is away, and a warning that names REDIS_URL and no password', async () => {
  await direct.config('SET', 'requirepass', 'the-right-one');
  onTestFinished(async () => void (await direct.config('SET', 'requirepass', '')));
  const { cache, log } = openLogged(server.url.replace('://', '://:the-wrong-one@'));
  await vi.waitFor(() => expect(log()).toContain('REDIS_URL'), 10_000);
  await expectAway(cache);
  expect(log()).toContain('WRONGPASS');
  expect(log()).not.toContain('the-wrong-one');
  await direct.config('SET', 'requirepass', 'the-wrong-one');
  await reachable(cache);
});

it('one without the database that REDIS_URL names is away: in another one may be the tickets of another desk', async () => {
  await direct.set('ticket:1', 'of another desk');
  const clientsSeen = async () =>
    Number(/total_connections_received:(\d+)/.exec(await direct.info('stats'))?.[1]);
  const before = await clientsSeen();
  const { cache, log } = openLogged(`${server.url}/16`);
  await vi.waitFor(() => expect(log()).toContain('DB index is out of range'), 10_000);
  await expectAway(cache);
  // It is tried again all the same.
  await vi.waitFor(async () => expect(await clientsSeen()).toBeGreaterThan(before + 1), 10_000);
  await expectAway(cache);
  expect(await direct.get('ticket:1')).toBe('of another desk');
});

it('that a full one has room again is told, and so is the next time that it is full', async () => {
  const { cache, log } = openLogged();
  await reachable(cache);
  expect(await cache.clear()).toBe(true);
  await direct.config('SET', 'maxmemory-policy', 'noeviction');
  onTestFinished(async () => void (await direct.config('SET', 'maxmemory', '0')));
  const nowMs = vi.spyOn(performance, 'now');
  onTestFinished(() => nowMs.mockRestore());
  const words = () =>
    log()
      .trim()
      .split('\n')
      .map((line) => (line.includes('does not serve') ? 'full' : 'serves'));
  for (const told of [
    ['serves', 'full'],
    ['serves', 'full', 'serves', 'full'],
  ]) {
    await direct.config('SET', 'maxmemory', '1');
    // As in a service that trusts it: nobody clears it meanwhile.
    for (let time = 0; time < 3; time += 1) expect(await cache.drop([])).toBe(true);
    expect(words()).toEqual(told);
    await direct.config('SET', 'maxmemory', '0');
    expect(await cache.drop([])).toBe(true);
    // At the brink of its limit it would be full and not full with each write.
    expect(words()).toEqual(told);
    // A whole number, so that no rounding makes the difference less than a minute.
    nowMs.mockReturnValue(Math.ceil(performance.now()) + 60_000);
    expect(await cache.drop([])).toBe(true);
    expect(words()).toEqual([...told, 'serves']);
  }
});

it('an address where nobody is, or that leads nowhere, is a cache that is away', async () => {
  for (const url of ['redis://127.0.0.1:1', 'redis://nowhere.invalid:6379', 'rediss://127.0.0.1:1/3']) {
    const { cache, log } = openLogged(url);
    await vi.waitFor(() => expect(log()).toContain('REDIS_URL'), 10_000);
    await expectAway(cache);
  }
});
