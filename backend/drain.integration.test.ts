/** SIGTERM amid load: within 10 s the program ends by itself, and nothing that it answered or took is dropped. */
import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type ObservedProgram, startObserved } from './metrics/testing/observed-program.ts';
import { makeDataDir, removeDataDir, until } from './testing/desk-process.ts';
import { callerHeaders } from './testing/graphql.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';
import { startRelay } from './testing/relay.ts';
import { findServicePort } from './testing/service-ports.ts';
import { startTestNsqd } from './testing/services.ts';
import { connect } from './ticket-service/testing/service.ts';

/** What a container's engine waits before it kills. */
const limitMs = 10_000;
const clients = 16;

let postgres: TestPostgres;
let postgresUrl: string;

beforeAll(async () => {
  postgres = await startTestPostgres({ overTcp: true });
  postgresUrl = await postgres.createDatabase();
});
afterAll(() => postgres.stop());

async function start(program: 'proxy' | 'ticket-service', env: Record<string, string>) {
  const observed = await startObserved(program, env);
  onTestFinished(async () => void (await observed.stop('SIGKILL')));
  return observed;
}

async function startService(env: Record<string, string> = {}) {
  const address = `127.0.0.1:${await findServicePort()}`;
  const service = await start('ticket-service', { POSTGRES_URL: postgresUrl, GRPC_ADDRESS: address, ...env });
  await service.said(/The ticket service is ready/);
  return { ...service, address };
}

async function startProxy(env: Record<string, string>) {
  const proxy = await start('proxy', { PORT: '0', ...env });
  const [, url = ''] = await proxy.said(/Ticket Desk is ready: (\S+)/);
  return { ...proxy, url };
}

async function makeFolder(): Promise<string> {
  const dataDir = await makeDataDir();
  onTestFinished(() => removeDataDir(dataDir));
  return dataDir;
}

/** The creates of these that are in the database, once each. */
async function stored(requestIds: readonly string[]): Promise<number> {
  const client = new pg.Client(postgresUrl);
  await client.connect();
  try {
    const { rows } = await client.query('select request_id from tickets where request_id = any($1)', [
      requestIds,
    ]);
    return rows.length;
  } finally {
    await client.end();
  }
}

/** Files one after the other until it can't; answers why not. */
async function fileUntilRefused(url: string, answered: string[]): Promise<string> {
  for (;;) {
    const requestId = randomUUID();
    const input = { title: 'Drained', description: '', name: 'Ada', requestId };
    const query = 'mutation ($input: NewTicket!) { createTicket(input: $input) { success } }';
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: callerHeaders,
        body: JSON.stringify({ query, variables: { input } }),
      });
      const { data } = await response.json();
      if (data?.createTicket.success) answered.push(requestId);
    } catch (thrown) {
      return ((thrown as Error).cause as NodeJS.ErrnoException).code ?? String(thrown);
    }
  }
}

it('a proxy answers every request that reached it, and what it answered is stored by the next one', async () => {
  const service = await startService();
  const env = { DATA_DIR: await makeFolder(), GRPC_ADDRESS: service.address };
  const proxy = await startProxy(env);
  const answered: string[] = [];
  const filing = Array.from({ length: clients }, () => fileUntilRefused(proxy.url, answered));
  const subscription = await fetch(`${proxy.url}/graphql`, {
    method: 'POST',
    headers: {
      ...callerHeaders,
      accept: 'multipart/mixed;subscriptionSpec=1.0',
    },
    body: JSON.stringify({ query: 'subscription { linkChanged { state } }' }),
  });
  await until(async () => answered.length > 10 * clients);

  const end = await proxy.stop();
  expect(end.code).toBe(0);
  expect(end.tookMs).toBeLessThan(limitMs);
  // Nobody was cut off: each client was told that it came too late, before it had sent anything.
  expect(new Set(await Promise.all(filing))).toEqual(new Set(['ECONNREFUSED']));
  expect((await subscription.text()).trimEnd()).toMatch(/--$/);

  await startProxy(env);
  await until(async () => (await stored(answered)) === answered.length);
});

it('a ticket service finishes the calls that it has, and refuses the others by what may pass', async () => {
  const service = await startService();
  const caller = connect(service.address);
  onTestFinished(caller.close);
  const watch = caller.watch();
  await watch.nextOfAll();
  const answered: string[] = [];
  const codes = new Set<number>();
  const calling = Array.from({ length: clients }, async () => {
    for (;;) {
      const requestId = randomUUID();
      try {
        await caller.call('CreateTicket', { title: 'Drained', description: '', name: 'Ada', requestId });
        answered.push(requestId);
      } catch (thrown) {
        return void codes.add((thrown as { code: number }).code);
      }
    }
  });
  await until(async () => answered.length > 10 * clients);

  const end = await service.stop();
  expect(end.code).toBe(0);
  expect(end.tookMs).toBeLessThan(limitMs);
  await Promise.all(calling);
  expect(codes).toEqual(new Set([status.UNAVAILABLE]));
  await expect(
    (async () => {
      for (;;) await watch.nextOfAll();
    })(),
  ).rejects.toBeDefined();
  expect(await stored(answered)).toBe(answered.length);
});

it('a ticket service that stops amid the queue leaves the rest to the next one', async () => {
  const nsqd = await startTestNsqd();
  onTestFinished(() => nsqd.stop());
  const env = { NSQD_TCP_ADDRESS: nsqd.tcpAddress };
  const service = await startService(env);
  const proxy = await startProxy({ ...env, DATA_DIR: await makeFolder(), GRPC_ADDRESS: service.address });
  const answered: string[] = [];
  const filing = Array.from({ length: clients }, () => fileUntilRefused(proxy.url, answered));
  await until(async () => answered.length > 10 * clients && (await stored(answered)) > 0);

  const end = await service.stop();
  expect(end.code).toBe(0);
  expect(end.tookMs).toBeLessThan(limitMs);
  await start('ticket-service', { POSTGRES_URL: postgresUrl, GRPC_ADDRESS: service.address, ...env });
  await until(async () => answered.length > 20 * clients);
  await proxy.stop();
  await Promise.all(filing);
  await until(async () => (await stored(answered)) === answered.length);
});

it('a ticket service whose database hangs ends in time as well, and its callers get what may pass', async () => {
  const { host, pathname, username, password } = new URL(postgresUrl);
  const relay = await startRelay({ to: host });
  onTestFinished(() => relay.close());
  const service = await startService({
    POSTGRES_URL: `postgresql://${username}:${password}@${relay.address}${pathname}`,
  });
  const caller = connect(service.address);
  onTestFinished(caller.close);
  await caller.call('HealthCheck', {});
  await relay.cut('silent');
  const call = caller.call('CreateTicket', { title: 'Hung', description: '', name: 'Ada' });
  const refused = expect(call).rejects.toMatchObject({ code: status.UNAVAILABLE });
  refused.catch(() => {});
  // The call is there once it waits for the database.
  await until(async () => /state="used"} [1-9]/.test(await metrics(service)));
  const end = await service.stop();
  expect(end.tookMs).toBeLessThan(limitMs);
  await refused;
});

async function metrics(program: ObservedProgram): Promise<string> {
  return await (await fetch(`${program.operationsUrl}/metrics`)).text();
}
