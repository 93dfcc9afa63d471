/** Who gets in, by which address, and how the service leaves. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, credentials, status } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { memoryCache } from '../adapters/cache-memory.ts';
import { ApiTokens } from '../secrets.ts';
import { startTestPostgres, type TestPostgres } from '../testing/postgres.ts';
import { startTicketService } from './server.ts';
import { connect, refusal, silent, startTestService } from './testing/service.ts';

let postgres: TestPostgres;
let postgresUrl: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  postgresUrl = await postgres.createDatabase();
});
afterAll(() => postgres.stop());

async function start(options: { apiTokens?: string[]; grpcAddress?: string } = {}) {
  const service = await startTestService({ postgresUrl, ...options });
  onTestFinished(() => service.stop());
  return service;
}

function callOther(address: string, rpcPath: string, request: Buffer): Promise<Buffer> {
  const client = new Client(address, credentials.createInsecure());
  const same = (bytes: Buffer) => bytes;
  return new Promise<Buffer>((resolve, reject) => {
    client.makeUnaryRequest(rpcPath, same, same, request, (error, response) =>
      error || !response ? reject(error) : resolve(response),
    );
  }).finally(() => client.close());
}

it('lets in whoever has one of the tokens, and nobody else, to any RPC', async () => {
  const { address, call } = await start({ apiTokens: ['first', 'second'] });
  expect(await call('HealthCheck', {})).toEqual({ success: true });
  for (const [token, welcome] of [
    ['second', true],
    ['third', false],
    ['firs', false],
    ['', false],
  ] as const) {
    const caller = connect(address, token);
    onTestFinished(caller.close);
    if (welcome) {
      expect(await caller.call('HealthCheck', {})).toEqual({ success: true });
      continue;
    }
    const calls = [
      caller.call('HealthCheck', {}),
      caller.call('CreateTicket', { title: 'a', name: 'b' }),
      caller.watch().nextOfAll(),
    ];
    for (const each of calls) expect((await refusal(each)).code).toBe(status.UNAUTHENTICATED);
  }
  expect((await call('GetTicketList', {})).tickets).toEqual([]);
});

it('answers gRPC health checks without a token, and reflection only with one', async () => {
  const { address } = await start({ apiTokens: ['secret'] });
  const check = (healthService as Record<string, { path: string }>).Check?.path ?? '';
  for (const name of ['', 'TicketService']) {
    const request = Buffer.from([...(name ? [0x0a, name.length] : []), ...Buffer.from(name)]);
    // Field 1, value 1: SERVING.
    expect([...(await callOther(address, check, request))]).toEqual([0x08, 0x01]);
  }
  const reflection = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
  expect((await refusal(callOther(address, reflection, Buffer.alloc(0)))).code).toBe(status.UNAUTHENTICATED);
});

it('reflects the contract', async () => {
  const { address } = await start();
  const client = new Client(address, credentials.createInsecure());
  onTestFinished(() => client.close());
  const same = (bytes: Buffer) => bytes;
  const stream = client.makeBidiStreamRequest(
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    same,
    same,
  );
  // list_services = 7
  stream.write(Buffer.from([0x3a, 0x00]));
  const [answer] = await stream.take(1).toArray();
  expect(String(answer)).toContain('TicketService');
  stream.on('error', () => {});
  stream.cancel();
});

it('serves on a Unix socket', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ticket-desk-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { address, call } = await start({ grpcAddress: `unix:${path.join(folder, 'service.sock')}` });
  expect(address).toBe(`unix:${path.join(folder, 'service.sock')}`);
  expect(await call('HealthCheck', {})).toEqual({ success: true });
});

it('says so when its address is taken, and leaves nothing behind', async () => {
  const { address, store } = await start();
  const second = startTicketService({
    store,
    cache: memoryCache({ maxEntries: 1 }),
    grpcAddress: address,
    tokens: new ApiTokens([]),
    logger: silent,
    version: '1',
  });
  await expect(second).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'GRPC_ADDRESS' });
});

it('ends open watches when it stops, without waiting for anybody', async () => {
  const service = await start();
  const watch = service.watch();
  await watch.nextOfAll();
  const stopping = service.stop();
  await expect(watch.nextOfAll()).rejects.toBeDefined();
  await stopping;
});
