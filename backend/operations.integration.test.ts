/** What an operator sees of the two programs: live or ready, what is missing, the numbers, and the way of a create in the logs. */
import { randomUUID } from 'node:crypto';
import { Client, credentials } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { checkHealth, type ObservedProgram, startObserved } from './metrics/testing/observed-program.ts';
import { makeDataDir, removeDataDir, until } from './testing/desk-process.ts';
import { callerHeaders } from './testing/graphql.ts';
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
      headers: { ...callerHeaders, ...headers },
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
  // Filed before, it would wait for the link, and say so.
  await proxy.said(/linked to the ticket service/);
  const input = aTicket();
  await proxy.graphql(createTicket, { input });
  await proxy.said(new RegExp(`${input.requestId}.*"msg":"create stored"`));
  expect(legs(proxy, input.requestId)).toEqual(['create filed', 'create stored']);
  expect(legs(service, input.requestId)).toEqual(['RPC answered']);
});

it('the numbers of three creates through NSQ are those of three creates, and hold no text and no id', async () => {
  const nsqd = await startTestNsqd();
  onTestFinished(() => nsqd.stop());
  const env = { NSQD_TCP_ADDRESS: nsqd.tcpAddress };
  const service = await startService(env);
  const proxy = await startProxy({ ...env, GRPC_ADDRESS: service.address });
  await until(async () => (await ask(proxy, '/metrics')).text.includes('ticket_desk_link_connected 1'));
  const inputs = [aTicket(), aTicket(), aTicket()];
  for (const input of inputs) await proxy.graphql(createTicket, { input });
  await proxy.graphql('{ tickets(input: { status: "Nonsense" }) { id } }');
  const emptied = 'ticket_desk_outbox_creates{state="waiting"} 0';
  await until(async () => (await ask(proxy, '/metrics')).text.includes(emptied));
  const [ofProxy, ofService] = [(await ask(proxy, '/metrics')).text, (await ask(service, '/metrics')).text];
  for (const line of [
    'ticket_desk_publish_duration_seconds_count{result="accepted"} 3',
    'ticket_desk_graphql_operation_duration_seconds_count{type="mutation",outcome="ok"} 3',
    'ticket_desk_graphql_operation_duration_seconds_count{type="query",outcome="BAD_USER_INPUT"} 1',
    'ticket_desk_outbox_oldest_age_seconds 0',
  ]) {
    expect(ofProxy).toContain(line);
  }
  for (const line of [
    'ticket_desk_queue_deliveries_total{delivery="first"} 3',
    'ticket_desk_queue_deliveries_ended_total{result="finished"} 3',
    'ticket_desk_consumer_in_flight 0',
    'ticket_desk_creates_total{result="created"} 3',
    'ticket_desk_grpc_open_streams{method="WatchTickets"} 1',
    'ticket_desk_grpc_request_duration_seconds_count{method="GetServerInfo",code="OK"} 1',
  ]) {
    expect(ofService).toContain(line);
  }
  for (const { title, name, requestId } of inputs) {
    expect(ofProxy + ofService).not.toMatch(new RegExp(`${title}|"${name}"|${requestId}`));
  }
});

it('no log line holds a ticket’s text, a token or a password, whatever fails', async () => {
  const secret = (of: string) => `hush-${of}-${randomUUID()}`;
  const token = secret('token');
  const database = new URL(await postgres.createDatabase());
  const relay = await startRelay({ to: database.host });
  onTestFinished(() => relay.close());
  database.host = relay.address;
  const service = await startService({
    LOG_LEVEL: 'trace',
    POSTGRES_URL: database.href,
    REDIS_URL: `redis://:${secret('redis')}@127.0.0.1:1`,
    NSQD_TCP_ADDRESS: '127.0.0.1:1',
    NSQ_AUTH_SECRET: secret('nsq'),
    API_TOKENS: token,
  });
  await service.said(/The ticket service is ready/);
  const env = { LOG_LEVEL: 'trace', GRPC_ADDRESS: service.address, API_TOKENS: token };
  const proxy = await startProxy({ ...env, API_TOKEN: token });
  const strange = await startProxy({ ...env, API_TOKEN: secret('wrong-token') });
  const lost = await startProxy({
    ...env,
    API_TOKEN: token,
    NSQD_TCP_ADDRESS: '127.0.0.1:1',
    NSQ_AUTH_SECRET: secret('nsq'),
  });
  const refused = await startService({
    LOG_LEVEL: 'trace',
    POSTGRES_URL: `postgresql://desk:${secret('password')}@${database.host}/none`,
  });
  await refused.said(/Postgres refuses the connection/);

  const bearer = { authorization: `Bearer ${token}` };
  const aSecretTicket = () => ({
    title: secret('title'),
    description: `${secret('description')}\u0000`,
    name: secret('name'),
  });
  const file = (to: typeof proxy, headers = bearer) =>
    to.graphql(createTicket, { input: aSecretTicket() }, headers);
  for (const to of [proxy, strange, lost]) {
    await file(to);
    await to.graphql(createTicket, { input: { ...aSecretTicket(), description: secret('plain') } }, bearer);
    await file(to, { authorization: `Bearer ${secret('guess')}` });
    await to.graphql(
      createTicket,
      { input: { ...aSecretTicket(), title: '', extra: secret('extra') } },
      bearer,
    );
    await to.graphql(
      `{ ticketPage(filter: { text: "${secret('search')}" }) { edges { cursor } } }`,
      {},
      bearer,
    );
    await to.graphql(`{ tickets(input: { status: "${secret('status')}" }) { id } }`, {}, bearer);
    await to.graphql(`{ tickets { ${secret('query')} }`, {}, bearer);
  }
  // The database goes while a create is on its way, then the service.
  await relay.cut('drop');
  await file(proxy);
  await proxy.graphql(
    `mutation { updateTicket(input: { id: 1, title: "${secret('update')}" }) { success } }`,
    {},
    bearer,
  );
  await service.stop();
  await file(proxy);
  await proxy.said(/no link to the ticket service/);
  for (const program of [proxy, strange, lost]) await program.stop();

  for (const program of [proxy, strange, lost, service, refused]) {
    expect(program.output()).toContain('"level":30');
    expect(program.output()).not.toContain('hush-');
    expect(program.output()).not.toContain(database.password);
  }
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
