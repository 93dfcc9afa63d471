/** What an operator sees of the two programs: live or ready, what is missing, the numbers, and the way of a create in the logs. */
import { randomUUID } from 'node:crypto';
import { Client, credentials } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { checkHealth, type ObservedProgram, startObserved } from './metrics/testing/observed-program.ts';
import { makeDataDir, removeDataDir, until } from './testing/desk.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';
import { startRelay } from './testing/relay.ts';
import { findServicePort } from './testing/service-ports.ts';
import { startTestNsqd } from './testing/services.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startTestPostgres({ overTcp: true });
});
afterAll(() => postgres.stop());

async function start(
  name: 'proxy' | 'ticket-service',
  env: Record<string, string>,
): Promise<ObservedProgram> {
  const program = await startObserved(name, env);
  onTestFinished(async () => void (await program.stop('SIGKILL')));
  return program;
}

async function startProxy(env: Record<string, string>) {
  const dataDir = await makeDataDir();
  onTestFinished(() => removeDataDir(dataDir));
  const proxy = await start('proxy', { DATA_DIR: dataDir, PORT: '0', ...env });
  const [, url = ''] = await proxy.said(/Ticket Desk is ready: (\S+)/);
  const graphql = async (query: string, variables: object = {}, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return await response.text();
  };
  return { ...proxy, url, graphql };
}

async function startService(env: Record<string, string> = {}) {
  const address = `127.0.0.1:${await findServicePort()}`;
  const service = await start('ticket-service', {
    POSTGRES_URL: await postgres.createDatabase(),
    GRPC_ADDRESS: address,
    ...env,
  });
  return { ...service, address };
}

async function ask(program: ObservedProgram, path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(program.operationsUrl + path);
  return { status: response.status, text: (await response.text()).trim() };
}

/** Waits for this answer to /ready; a message of what it was instead. */
async function becomes(program: ObservedProgram, missing: readonly string[]): Promise<void> {
  const body = missing.length === 0 ? { status: 'ready' } : { status: 'not ready', missing };
  const wanted = { status: missing.length === 0 ? 200 : 503, text: JSON.stringify(body) };
  await until(async () => JSON.stringify(await ask(program, '/ready')) === JSON.stringify(wanted));
}

/** grpc.health.v1: SERVING or NOT_SERVING of one of the server's services. */
async function health(address: string, service: string): Promise<string> {
  const { path, requestSerialize, responseDeserialize } = healthService.Check as never as {
    path: string;
    requestSerialize(request: object): Buffer;
    responseDeserialize(bytes: Buffer): { status: string };
  };
  const client = new Client(address, credentials.createInsecure());
  return await new Promise<string>((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (error, answer) =>
      error || !answer ? reject(error) : resolve(answer.status),
    );
  }).finally(() => client.close());
}

const createTicket = /* GraphQL */ `
  mutation ($input: NewTicket!) { createTicket(input: $input) { success requestId } }
`;
const aTicket = () => ({ title: 'Printer', description: '', name: 'Ada', requestId: randomUUID() });

it('a ticket service is live from its first moment, and ready while its database answers', async () => {
  const { host, pathname, username, password } = new URL(await postgres.createDatabase());
  const relay = await startRelay({ to: host });
  onTestFinished(() => relay.close());
  await relay.cut('refuse');
  const service = await startService({
    POSTGRES_URL: `postgresql://${username}:${password}@${relay.address}${pathname}`,
  });
  expect(await ask(service, '/live')).toMatchObject({ status: 200 });
  await becomes(service, ['start']);
  await relay.mend();
  await becomes(service, []);

  const metricsPort = new URL(service.operationsUrl).port;
  expect((await checkHealth({ METRICS_PORT: metricsPort })).code).toBe(0);
  await relay.cut('silent');
  await becomes(service, ['database', 'changes']);
  expect(await ask(service, '/live')).toMatchObject({ status: 200 });
  const checked = await checkHealth({ METRICS_PORT: metricsPort, METRICS_HOST: '0.0.0.0' });
  expect(checked.code).toBe(1);
  expect(checked.output).toContain('database');
  await until(async () => (await health(service.address, '')) === 'NOT_SERVING');
  expect(await health(service.address, 'TicketService')).toBe('NOT_SERVING');
  await relay.mend();
  await becomes(service, []);
  await until(async () => (await health(service.address, '')) === 'SERVING');
});

it('without its queue a ticket service is not ready, and still answers reads', async () => {
  const nsqd = await startTestNsqd();
  onTestFinished(() => nsqd.stop());
  const service = await startService({ NSQD_TCP_ADDRESS: nsqd.tcpAddress });
  await becomes(service, []);
  await nsqd.kill();
  await becomes(service, ['queue']);
  await until(async () => (await health(service.address, '')) === 'NOT_SERVING');
  expect(await health(service.address, 'TicketService')).toBe('SERVING');
  await nsqd.start();
  await becomes(service, []);
});

it('a proxy is ready once its outbox is open, linked or not', async () => {
  const proxy = await startProxy({ GRPC_ADDRESS: '127.0.0.1:1' });
  await becomes(proxy, []);
  expect(await ask(proxy, '/live')).toMatchObject({ status: 200 });
  expect((await fetch(`${proxy.url}/health`)).status).toBe(200);
});

it('one requestId follows a create from the form to its row, through NSQ, in both logs', async () => {
  const nsqd = await startTestNsqd();
  onTestFinished(() => nsqd.stop());
  const env = { NSQD_TCP_ADDRESS: nsqd.tcpAddress, LOG_LEVEL: 'debug' };
  const service = await startService(env);
  const proxy = await startProxy({ ...env, GRPC_ADDRESS: service.address });
  const input = aTicket();
  expect(await proxy.graphql(createTicket, { input })).toContain('"success":true');
  await proxy.said(new RegExp(`${input.requestId}.*"msg":"create stored"`));
  expect(legs(proxy, input.requestId)).toEqual([
    'create filed',
    'create sent, not seen stored yet',
    'create stored',
  ]);
  expect(legs(service, input.requestId)).toContain('create stored');
});

it('one requestId follows a create by gRPC too', async () => {
  const service = await startService({ LOG_LEVEL: 'debug' });
  const proxy = await startProxy({ GRPC_ADDRESS: service.address, LOG_LEVEL: 'debug' });
  const input = aTicket();
  await proxy.graphql(createTicket, { input });
  await proxy.said(new RegExp(`${input.requestId}.*"msg":"create stored"`));
  expect(legs(proxy, input.requestId)).toEqual(['create filed', 'create stored']);
  expect(legs(service, input.requestId)).toEqual(['RPC answered']);
});

/** What a program's log says of one create, in order. */
function legs(program: Pick<ObservedProgram, 'output'>, requestId: string): string[] {
  return program
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter((entry) => entry.requestId === requestId)
    .map((entry) => entry.msg);
}
