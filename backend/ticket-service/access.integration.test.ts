/** Who gets in, by which address, and how the service leaves. */
import path from 'node:path';
import { Client, credentials, Metadata, ServerCredentials, status } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ticketServiceDefinition } from '../../proto/contract-package.ts';
import { createLogger, type Logger } from '../logger.ts';
import { ApiTokens, hashedLine } from '../secrets.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { testFolder } from '../testing/test-folder.ts';
import { openApiTokens } from '../token-file.ts';
import { startTicketService } from './server.ts';
import { connect, refusal, silent, soleCache, startTestService } from './testing/service.ts';

const postgres = postgresOfFile();
let postgresUrl: string;

beforeAll(async () => {
  postgresUrl = await postgres.createDatabase();
});

async function start(
  options: {
    apiTokens?: string[];
    tokens?: ApiTokens;
    admitWithoutToken?: string[];
    grpcAddress?: string;
    logger?: Logger;
  } = {},
) {
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

const secretText = 'Nobody outside may read this';

/** Every method of the server but those of the health check. */
const methods = [
  ...Object.values(ticketServiceDefinition),
  ...['v1', 'v1alpha'].map((version) => ({
    path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
  })),
];

/** All that a server sends back to one call: status, text, metadata and messages. */
function everythingSent(address: string, rpcPath: string, authorization?: string) {
  const client = new Client(address, credentials.createInsecure());
  const metadata = new Metadata();
  if (authorization !== undefined) metadata.set('authorization', authorization);
  const same = (bytes: Buffer) => bytes;
  const call = client.makeBidiStreamRequest(rpcPath, same, same, metadata);
  const sent: unknown[] = [];
  call.on('data', (bytes: Buffer) => sent.push(bytes.toString('latin1')));
  call.on('metadata', (initial) => sent.push(initial.getMap()));
  call.on('error', () => {});
  call.end(Buffer.alloc(0));
  return new Promise<{ code: number; sent: string }>((resolve) => {
    call.on('status', ({ code, details, metadata: trailing }) =>
      resolve({ code, sent: JSON.stringify([...sent, details, trailing.getMap()]) }),
    );
  }).finally(() => client.close());
}

it.each(methods.map(({ path: rpcPath }) => rpcPath))(
  'lets no field of any ticket out by %s to who has no good token',
  async (rpcPath) => {
    const expired = hashedLine('the-expired-token', { name: 'Old', lastDay: '2020-01-01' });
    const { address, call } = await start({ apiTokens: ['right-token', expired] });
    await call('CreateTicket', { title: secretText, description: secretText, name: secretText });
    for (const [authorization, reason] of [
      [undefined, 'none'],
      ['Bearer', 'none'],
      ['Basic right-token', 'none'],
      ['Bearer wrong-token', 'unknown'],
      ['Bearer the-expired-token', 'expired'],
    ] as const) {
      const { code, sent } = await everythingSent(address, rpcPath, authorization);
      expect(code).toBe(status.UNAUTHENTICATED);
      expect(sent).not.toContain(secretText);
      expect(sent).toContain(`"auth-failure":"${reason}"`);
    }
  },
);

it('ends the open watches of a token that is withdrawn, and no others', async () => {
  const tokens = new ApiTokens(['stays-good', 'is-withdrawn']);
  const { address } = await start({ tokens });
  const [staying, going] = ['stays-good', 'is-withdrawn'].map((token) => connect(address, token));
  if (!staying || !going) throw new Error('no callers');
  onTestFinished(() => {
    staying.close();
    going.close();
  });
  const [open, ended] = [staying.watch(), going.watch()];
  await Promise.all([open.nextOfAll(), ended.nextOfAll()]);
  tokens.replace(['stays-good']);
  expect((await refusal(ended.next())).code).toBe(status.UNAUTHENTICATED);
  expect((await refusal(going.call('GetTicketList', {}))).code).toBe(status.UNAUTHENTICATED);
  await staying.call('CreateTicket', { title: 'Door', name: 'Ada' });
  expect(await open.next()).toMatchObject({ kind: 'CREATED' });
});

it('ends the open watches of a token that expires', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  vi.setSystemTime('2026-11-24T23:59:58Z');
  const line = hashedLine('for-today-alone', { name: 'Ada', lastDay: '2026-11-24' });
  const { tokens, close } = openApiTokens({ entries: [line], file: undefined, logger: silent });
  onTestFinished(close);
  const { address } = await start({ tokens });
  const caller = connect(address, 'for-today-alone');
  onTestFinished(caller.close);
  const watch = caller.watch();
  await watch.nextOfAll();
  vi.advanceTimersByTime(2_000);
  expect((await refusal(watch.next())).code).toBe(status.UNAUTHENTICATED);
});

it('answers no call whose token was withdrawn before its message came', async () => {
  const tokens = new ApiTokens(['is-withdrawn']);
  const { address } = await start({ tokens });
  const client = new Client(address, credentials.createInsecure());
  onTestFinished(() => client.close());
  const metadata = new Metadata();
  metadata.set('authorization', 'Bearer is-withdrawn');
  const same = (bytes: Buffer) => bytes;
  const admitted = new Promise<void>((resolve) => {
    const { admits } = tokens;
    vi.spyOn(tokens, 'admits').mockImplementationOnce((...given) => {
      resolve();
      return admits.apply(tokens, given);
    });
  });
  // A stream of one message is on the wire what a plain call is.
  const call = client.makeClientStreamRequest('/TicketService/GetTicketList', same, same, metadata, () => {});
  const ended = new Promise((resolve) => call.on('status', ({ code }) => resolve(code)));
  await admitted;
  tokens.replace([]);
  call.end(Buffer.alloc(0));
  expect(await ended).toBe(status.UNAUTHENTICATED);
});

it('warns of who comes without a good token by address, and keeps what was shown to itself', async () => {
  const lines: string[] = [];
  const logger = createLogger({
    name: 'test',
    level: 'warn',
    destination: { write: (line) => void lines.push(line) },
  });
  const { address } = await start({ apiTokens: ['right-token'], logger });
  for (let count = 0; count < 5; count += 1)
    await everythingSent(address, '/TicketService/HealthCheck', 'Bearer guessed');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    reason: 'unknown',
  });
  expect(lines[0]).not.toContain('guessed');
});

describe('an older proxy, which has no token', () => {
  const apiTokens = ['right-token', hashedLine('the-expired-token', { name: 'Old', lastDay: '2020-01-01' })];
  const baseRpcs = ['HealthCheck', 'GetTicketList', 'CreateTicket', 'UpdateTicket', 'DeleteTicket'];

  it('gets in from an address that is named, to the base contract alone', async () => {
    const { address } = await start({ apiTokens, admitWithoutToken: ['10.0.0.0/24', '127.0.0.1'] });
    for (const { path: rpcPath } of methods) {
      const isBase = baseRpcs.some((rpc) => rpcPath === `/TicketService/${rpc}`);
      const { code } = await everythingSent(address, rpcPath);
      expect([rpcPath, code]).toEqual([rpcPath, isBase ? status.OK : status.UNAUTHENTICATED]);
    }
  });

  it('does not with a token that is not good, nor from anywhere else', async () => {
    const near = await start({ apiTokens, admitWithoutToken: ['127.0.0.1'] });
    for (const shown of ['Bearer wrong-token', 'Bearer the-expired-token', 'Bearer', 'Basic x']) {
      const { code } = await everythingSent(near.address, '/TicketService/GetTicketList', shown);
      expect([shown, code]).toEqual([shown, status.UNAUTHENTICATED]);
    }
    for (const admitWithoutToken of [['10.0.0.0/24'], ['127.0.0.2'], undefined]) {
      const { address } = await start({ apiTokens, ...(admitWithoutToken && { admitWithoutToken }) });
      const { code } = await everythingSent(address, '/TicketService/GetTicketList');
      expect(code).toBe(status.UNAUTHENTICATED);
    }
  });

  it('is known by its address on a port of both kinds of addresses too, and warned of', async () => {
    const lines: string[] = [];
    const logger = createLogger({
      name: 'test',
      level: 'warn',
      destination: { write: (line) => void lines.push(line) },
    });
    const options = { apiTokens, admitWithoutToken: ['127.0.0.0/24'], grpcAddress: '[::]:0', logger };
    const { address } = await start(options);
    const byIpv4 = address.replace('[::]', '127.0.0.1');
    expect((await everythingSent(byIpv4, '/TicketService/GetTicketList')).code).toBe(status.OK);
    expect(lines.filter((line) => line.includes('GRPC_ADMIT_WITHOUT_TOKEN'))).toHaveLength(1);
  });
});

it('does not open to other computers without demanding anything of them', async () => {
  await expect(start({ grpcAddress: '0.0.0.0:0' })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'API_TOKENS',
    message: expect.stringContaining('API_TOKENS'),
  });
  await expect(start({ grpcAddress: '[::]:0' })).rejects.toMatchObject({ field: 'API_TOKENS' });
  const { address } = await start({ grpcAddress: '0.0.0.0:0', apiTokens: ['right-token'] });
  expect(address).toMatch(/^0\.0\.0\.0:\d+$/);
});

it('notes the version that a proxy tells of itself, once a session, and nothing else that it sends', async () => {
  const lines: string[] = [];
  const logger = createLogger({
    name: 'test',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  const { call } = await start({ logger });
  const answer = await call('GetServerInfo', { version: '0.9.1', abilities: ['WatchTickets'] });
  expect(answer).toMatchObject({ version: '1.2.3', queueTopic: '' });
  await call('GetServerInfo', { version: 'x\ny', abilities: [] });
  await call('GetTicketList', {});
  const links = lines.filter((line) => line.includes('linked'));
  expect(links.map((line) => JSON.parse(line).peerVersion)).toEqual(['0.9.1', 'not told']);
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
  const folder = testFolder();
  const { address, call } = await start({ grpcAddress: `unix:${path.join(folder, 'service.sock')}` });
  expect(address).toBe(`unix:${path.join(folder, 'service.sock')}`);
  expect(await call('HealthCheck', {})).toEqual({ success: true });
});

it('says so when its address is taken, and leaves nothing behind', async () => {
  const { address, store } = await start();
  const second = startTicketService({
    store,
    cache: soleCache(),
    grpcAddress: address,
    credentials: ServerCredentials.createInsecure(),
    tokens: new ApiTokens([]),
    reflects: false,
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
