/** Each way in which an address may not do, on real servers: the answer is its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerCredentials, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { TlsFiles } from '../config.ts';
import { type SmallService, startSmallService } from '../proxy/testing/small-service.ts';
import { createAuthority, type TestIdentity, writeIdentity } from '../testing/certificates.ts';
import { startTestNsqd, type TestNsqd } from '../testing/services.ts';
import { checkQueue } from './check-queue.ts';
import { checkService } from './check-service.ts';

const authority = createAuthority();
let folder: string;
let ca: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'desk-probe-'));
  ca = join(folder, 'ca.pem');
  await writeFile(ca, authority.certificate);
});
afterAll(() => rm(folder, { recursive: true }));

interface Asked {
  tls?: TlsFiles;
  apiToken?: string;
  queueTopic?: string;
  patienceMs?: number;
  signal?: AbortSignal;
}

const askService = (address: string, asked: Asked = {}) =>
  checkService({
    address,
    tls: asked.tls,
    apiToken: asked.apiToken,
    queueTopic: asked.queueTopic,
    version: '1.0.0',
    signal: asked.signal ?? new AbortController().signal,
    ...(asked.patienceMs && { patienceMs: asked.patienceMs }),
  });

const askQueue = (address: string, asked: Asked = {}) =>
  checkQueue({
    address,
    tls: asked.tls,
    hasSecret: false,
    signal: asked.signal ?? new AbortController().signal,
    ...(asked.patienceMs && { patienceMs: asked.patienceMs }),
  });

async function service(options: Parameters<typeof startSmallService>[0] = {}): Promise<SmallService> {
  const started = await startSmallService(options);
  onTestFinished(() => started.stop());
  return started;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const webServer = () => listening(createHttpServer((_request, response) => response.end('a page')));

/** Takes connections and never says a word, as a firewall or a server that hangs. */
async function silentServer(): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return listening(createServer((socket) => void sockets.add(socket)));
}

/** An address at which nothing listens any more. */
async function deserted(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

function secured(identity: TestIdentity, clientCa?: string): ServerCredentials {
  const pair = { cert_chain: Buffer.from(identity.cert), private_key: Buffer.from(identity.key) };
  return ServerCredentials.createSsl(clientCa ? Buffer.from(clientCa) : null, [pair], clientCa !== undefined);
}

describe.each([
  ['a ticket service', askService],
  ['nsqd', askQueue],
])('an address of %s', (_name, ask) => {
  test('with a name that nobody has', async () => {
    expect(await ask('no-such-host.invalid:50051')).toMatchObject({
      tone: 'failure',
      code: 'no-such-host',
      text: expect.stringContaining('"no-such-host.invalid"'),
    });
  });

  test('where nothing listens', async () => {
    expect(await ask(await deserted())).toMatchObject({ tone: 'failure', code: 'refused' });
  });

  test('where nobody says a word', async () => {
    expect(await ask(await silentServer(), { patienceMs: 200 })).toMatchObject({
      tone: 'failure',
      code: 'timeout',
      text: expect.stringContaining('within 0.2 s'),
    });
  });

  test('that nobody asks for any more', async () => {
    const asking = new AbortController();
    const answer = ask(await silentServer(), { signal: asking.signal });
    asking.abort();
    expect(await answer).toMatchObject({ code: 'superseded' });
  });

  test('with a CA file that is not there, or is none', async () => {
    const notPem = join(folder, 'note.txt');
    await writeFile(notPem, 'no certificate');
    const address = await silentServer();
    for (const file of [join(folder, 'nowhere.pem'), notPem]) {
      expect(await ask(address, { tls: { ca: file } })).toMatchObject({
        code: 'unusable-file',
        text: expect.stringContaining(file),
      });
    }
  });
});

describe('a ticket service', () => {
  test('is found, with its version', async () => {
    const { address } = await service({ tells: { version: '1.0.3' } });
    expect(await askService(address)).toEqual({
      tone: 'ok',
      code: 'ok',
      text: expect.stringMatching(/^Ticket Desk service 1\.0\.3, \d+ ms$/),
      queueRemark: null,
    });
  });

  test('is no web server', async () => {
    expect(await askService(await webServer())).toMatchObject({
      code: 'wrong-server',
      text: expect.stringContaining('A web server answers'),
    });
  });

  test('is no other gRPC server', async () => {
    const { address, failNext } = await service({ older: true });
    failNext('HealthCheck', status.UNIMPLEMENTED, 'unknown method');
    expect(await askService(address)).toMatchObject({
      code: 'wrong-server',
      text: expect.stringContaining('speaks gRPC but is no ticket service'),
    });
  });

  test('wants a token, or another one', async () => {
    const { address, failNext } = await service();
    failNext('GetServerInfo', status.UNAUTHENTICATED, 'who are you?');
    expect(await askService(address)).toMatchObject({ code: 'needs-token' });
    failNext('GetServerInfo', status.UNAUTHENTICATED, 'who are you?');
    const refused = await askService(address, { apiToken: 'a-token-that-is-wrong' });
    expect(refused.code).toBe('wrong-token');
    expect(refused.text).not.toContain('a-token-that-is-wrong');
  });

  test('of an older or newer version may be used, and says what that means', async () => {
    const older = await service({ older: true });
    expect(await askService(older.address)).toMatchObject({ tone: 'warning', code: 'older' });
    const newer = await service({ tells: { version: '2.0.0' } });
    expect(await askService(newer.address)).toMatchObject({
      tone: 'warning',
      code: 'newer',
      text: expect.stringContaining('2.0.0'),
    });
  });

  test('that reads another queue than this desk files on is warned of', async () => {
    const { address } = await service({ tells: { version: '1.0.0', queueTopic: 'others' } });
    const { queueRemark } = await askService(address, { queueTopic: 'ticketCreate' });
    expect(queueRemark).toContain('reads "others"');
    expect((await askService(address)).queueRemark).toBeNull();
  });

  test('by TLS is found, also by IP address', async () => {
    const { address } = await service({ credentials: secured(authority.issue()) });
    const port = address.split(':')[1];
    for (const place of [`localhost:${port}`, `127.0.0.1:${port}`])
      expect(await askService(place, { tls: { ca } }), place).toMatchObject({ tone: 'ok' });
  });

  test('where each connection is broken off, is not taken for one without TLS', async () => {
    const breaking = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const place = await listening(breaking);
    expect(await askService(place, { tls: { ca } })).toMatchObject({ code: 'unreachable' });
  });

  test('without TLS where TLS is wanted, and the other way round', async () => {
    const plain = await service();
    expect(await askService(plain.address, { tls: { ca } })).toMatchObject({ code: 'without-tls' });
    const tls = await service({ credentials: secured(authority.issue()) });
    expect(await askService(tls.address)).toMatchObject({ code: 'needs-tls' });
  });

  test('whose certificate is of an authority that is not trusted, for another name, or of yesterday', async () => {
    const trusted = await service({ credentials: secured(authority.issue()) });
    expect(await askService(trusted.address, { tls: {} })).toMatchObject({ code: 'wrong-authority' });
    const foreign = await service({ credentials: secured(createAuthority('Foreign').issue()) });
    expect(await askService(foreign.address, { tls: { ca } })).toMatchObject({ code: 'wrong-authority' });
    const misnamed = await service({ credentials: secured(authority.issue({ hosts: ['other.example'] })) });
    expect(await askService(misnamed.address, { tls: { ca } })).toMatchObject({ code: 'wrong-name' });
    const expired = await service({
      credentials: secured(authority.issue({ expiresAtMs: Date.now() - 1_000 })),
    });
    expect(await askService(expired.address, { tls: { ca } })).toMatchObject({ code: 'expired-certificate' });
  });

  test('that wants a certificate of this computer is used with one, and says so without', async () => {
    const { address } = await service({ credentials: secured(authority.issue(), authority.certificate) });
    expect(await askService(address, { tls: { ca } })).toMatchObject({ code: 'needs-certificate' });
    const mine = await writeIdentity(folder, 'desk', authority.issue({ hosts: ['desk'] }));
    expect(await askService(address, { tls: { ca, ...mine } })).toMatchObject({ tone: 'ok' });
    const foreign = await writeIdentity(folder, 'foreign', createAuthority().issue());
    expect(await askService(address, { tls: { ca, ...foreign } })).toMatchObject({
      code: 'needs-certificate',
    });
  });
});

describe('nsqd', () => {
  let nsqd: TestNsqd;
  beforeAll(async () => {
    nsqd = await startTestNsqd();
  });
  afterAll(() => nsqd?.stop());

  test('is found, with its version, and is no ticket service', async () => {
    expect(await askQueue(nsqd.tcpAddress)).toMatchObject({
      tone: 'ok',
      text: expect.stringMatching(/^nsqd \d+\.\d+\.\d+, \d+ ms$/),
    });
    expect(await askService(nsqd.tcpAddress)).toMatchObject({
      code: 'wrong-server',
      text: expect.stringContaining('NSQ answers'),
    });
  });

  test('is not its own HTTP, and no ticket service', async () => {
    for (const address of [nsqd.httpAddress, (await service()).address, await webServer()])
      expect(await askQueue(address), address).toMatchObject({ code: 'wrong-server' });
  });

  test('that speaks no TLS is not used with it', async () => {
    expect(await askQueue(nsqd.tcpAddress, { tls: { ca } })).toMatchObject({ code: 'without-tls' });
  });
});

describe('nsqd by TLS', () => {
  let nsqd: TestNsqd;
  beforeAll(async () => {
    const identity = authority.issue();
    nsqd = await startTestNsqd({
      files: { 'cert.pem': identity.cert, 'key.pem': identity.key, 'clients.pem': authority.certificate },
      args: ({ dataDir, host }) => [
        '--tls-required=tcp-https',
        `--https-address=${host}:0`,
        `--tls-cert=${dataDir}/cert.pem`,
        `--tls-key=${dataDir}/key.pem`,
        `--tls-root-ca-file=${dataDir}/clients.pem`,
        '--tls-client-auth-policy=require-verify',
      ],
    });
  });
  afterAll(() => nsqd?.stop());

  test('is used with the right files, and says which are wrong', async () => {
    const mine = await writeIdentity(folder, 'desk', authority.issue({ hosts: ['desk'] }));
    expect(await askQueue(nsqd.tcpAddress, { tls: { ca, ...mine } })).toMatchObject({ tone: 'ok' });
    expect(await askQueue(nsqd.tcpAddress)).toMatchObject({ code: 'needs-tls' });
    expect(await askQueue(nsqd.tcpAddress, { tls: { ca } })).toMatchObject({ code: 'needs-certificate' });
    expect(await askQueue(nsqd.tcpAddress, { tls: mine })).toMatchObject({ code: 'wrong-authority' });
  });
});
