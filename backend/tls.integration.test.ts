/** TLS between a desk and its ticket service, and what the person is told when it does not come about. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TlsFiles } from './config.ts';
import { createLogger, type Logger } from './logger.ts';
import { tlsProblem } from './probe/tls-problem.ts';
import type { LinkStatus } from './proxy/client/types.ts';
import { createTicketClient } from './proxy/ticket-client.ts';
import { createAuthority, type IssueOptions, writeIdentity } from './testing/certificates.ts';
import { postgresOfFile } from './testing/postgres-of-file.ts';
import { warningOfEnd } from './ticket-service/grpc/server-credentials.ts';
import { silent, startTestService } from './ticket-service/testing/service.ts';

const authority = createAuthority();
const stranger = createAuthority('A stranger');
const postgres = postgresOfFile();
let postgresUrl: string;
let folder: string;
let ca: string;
let strangersCa: string;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tls-'));
  ca = path.join(folder, 'ca.pem');
  strangersCa = path.join(folder, 'strangers-ca.pem');
  await writeFile(ca, authority.certificate);
  await writeFile(strangersCa, stranger.certificate);
  postgresUrl = await postgres.createDatabase();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

let made = 0;

function identity(options?: IssueOptions, by = authority): Promise<{ cert: string; key: string }> {
  made += 1;
  return writeIdentity(folder, `identity-${made}`, by.issue(options));
}

async function serve(grpcTls?: TlsFiles, logger: Logger = silent): Promise<string> {
  const service = await startTestService({ postgresUrl, logger, ...(grpcTls && { grpcTls }) });
  stops.push(service.stop);
  return service.address;
}

/** The link once it is there, or its loss has an explanation. */
async function linkTo(address: string, tls?: TlsFiles): Promise<LinkStatus> {
  const client = createTicketClient({ address, tls, version: '1.2.3', diagnose: tlsProblem, logger: silent });
  stops.push(client.close);
  return new Promise((resolve) => {
    const look = (link: LinkStatus) => {
      // A reason that waiting does not mend makes it OFFLINE in the same turn.
      if (link.state === 'CONNECTED' || link.reason !== null) queueMicrotask(() => resolve(client.link()));
    };
    client.onLink(look);
    look(client.link());
  });
}

describe('a service with a certificate', () => {
  it('is linked to by who trusts its authority, by name and by IP address', async () => {
    const address = await serve(await identity());
    expect(await linkTo(address, { ca })).toMatchObject({ state: 'CONNECTED' });
    expect(await linkTo(address.replace('127.0.0.1', 'localhost'), { ca })).toMatchObject({
      state: 'CONNECTED',
    });
  });

  it('is refused by who trusts another authority, or only those of the system', async () => {
    const address = await serve(await identity());
    for (const tls of [{ ca: strangersCa }, {}]) {
      const { state, reason, obstacle } = await linkTo(address, tls);
      expect([state, obstacle]).toEqual(['OFFLINE', 'SETUP']);
      expect(reason).toContain('signed by an authority that is not trusted');
    }
  });

  it('is refused under a name that its certificate is not for', async () => {
    const address = await serve(await identity({ hosts: ['tickets.example.org'] }));
    expect((await linkTo(address, { ca })).reason).toContain('is for another name');
  });

  it('is refused when its certificate has expired, and its operator is told', async () => {
    const logger = createLogger({ name: 'test', level: 'silent' });
    const error = vi.spyOn(logger, 'error');
    const address = await serve(await identity({ expiresAtMs: Date.now() - 60_000 }), logger);
    expect((await linkTo(address, { ca })).reason).toContain('is not valid today');
    expect(error).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('so callers refuse it'));
  });

  it('warns of its end once a day, from when it is late until it is renewed', async () => {
    const dayMs = 86_400_000;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-30T10:00Z') });
    const logger = createLogger({ name: 'test', level: 'silent' });
    const told = vi.spyOn(logger, 'warn');
    const warn = warningOfEnd(logger);
    const certificate = (days: number) => ({
      identity: authority.issue({ expiresAtMs: Date.now() + days * dayMs }),
    });
    const first = certificate(5);
    const lookedAt = (at: string, material = first) => {
      vi.setSystemTime(at);
      warn(material);
      return told.mock.calls.length;
    };
    expect(lookedAt('2026-12-01T10:00Z')).toBe(0);
    expect(lookedAt('2026-12-04T11:00Z')).toBe(1);
    expect(lookedAt('2026-12-04T12:00Z')).toBe(1);
    expect(lookedAt('2026-12-05T08:00Z')).toBe(2);
    expect(told).toHaveBeenLastCalledWith(
      expect.stringContaining('good until Dec  5 10:00:00 2026 GMT only'),
    );
    expect(lookedAt('2026-12-06T08:00Z', certificate(90))).toBe(2);
    // One that signs the service's own, behind it in the file, and the authority's own, which nobody looks at.
    const { cert, key } = certificate(90).identity;
    const between = certificate(5).identity.cert;
    const behind = (others: string) => ({ identity: { cert: cert + others, key } });
    expect(lookedAt('2026-12-10T09:00Z', behind(between))).toBe(3);
    expect(told).toHaveBeenLastCalledWith(
      expect.stringContaining('A certificate (CN=localhost) of GRPC_TLS_CERT is good until'),
    );
    expect(lookedAt('2026-12-20T08:00Z', behind(between))).toBe(4);
    expect(lookedAt('2026-12-21T08:00Z', behind(authority.certificate))).toBe(4);
    // Asked at the start, and at each look after that.
    vi.useRealTimers();
    told.mockClear();
    await serve(await identity({ expiresAtMs: Date.now() + 60_000 }), logger);
    expect(told).toHaveBeenCalledWith(
      expect.stringContaining('The certificate of GRPC_TLS_CERT is good until'),
    );
  });

  it('tells who comes in clear to speak TLS', async () => {
    const { state, reason } = await linkTo(await serve(await identity()));
    expect(state).toBe('OFFLINE');
    expect(reason).toContain('speaks TLS alone');
  });

  it('speaks no TLS older than 1.2', async () => {
    const port = Number((await serve(await identity())).split(':')[1]);
    const refused = (options: { minVersion: 'TLSv1'; maxVersion: 'TLSv1.1' | 'TLSv1.2' }) =>
      new Promise<boolean>((resolve) => {
        const socket = connectTls({
          ...options,
          port,
          rejectUnauthorized: false,
          ciphers: 'DEFAULT@SECLEVEL=0',
        });
        socket.on('secureConnect', () => resolve(false));
        socket.on('error', () => resolve(true));
        socket.on('close', () => socket.destroy());
        stops.push(async () => void socket.destroy());
      });
    expect(await refused({ minVersion: 'TLSv1', maxVersion: 'TLSv1.2' })).toBe(false);
    expect(await refused({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).toBe(true);
  });

  it('takes a renewed certificate without a restart, and keeps the old one when the new one is not right', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const files = await identity({ hosts: ['old.example.org'] });
    const logger = createLogger({ name: 'test', level: 'silent' });
    const error = vi.spyOn(logger, 'error');
    const address = await serve(files, logger);
    const subjectOf = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connectTls({ port: Number(address.split(':')[1]), rejectUnauthorized: false });
        socket.on('error', reject);
        socket.on('secureConnect', () => {
          resolve(String(socket.getPeerCertificate().subject.CN));
          socket.destroy();
        });
      });
    await writeFile(files.key, 'not a key');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await subjectOf()).toBe('old.example.org');
    const expired = authority.issue({ hosts: ['late.example.org'], expiresAtMs: Date.now() - 60_000 });
    await writeFile(files.cert, expired.cert);
    await writeFile(files.key, expired.key);
    await vi.advanceTimersByTimeAsync(10_000);
    await vi.waitFor(() => expect(error).toHaveBeenCalledTimes(2));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await subjectOf()).toBe('old.example.org');
    expect(error).toHaveBeenCalledTimes(2);
    const renewed = authority.issue({ hosts: ['new.example.org'] });
    await writeFile(files.cert, renewed.cert);
    await writeFile(files.key, renewed.key);
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();
    await vi.waitFor(async () => expect(await subjectOf()).toBe('new.example.org'));
  });
});

describe('a service without one', () => {
  it('is told from one with, by who wants TLS', async () => {
    const { state, reason } = await linkTo(await serve(), { ca });
    expect(state).toBe('OFFLINE');
    expect(reason).toContain('speaks no TLS');
  });

  it('is told from what is no ticket service at all', async () => {
    const web = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => web.close(() => resolve())));
    const { reason } = await linkTo(`127.0.0.1:${(web.address() as AddressInfo).port}`);
    expect(reason).toContain('no ticket service');
  });
});

describe('a service that demands certificates', () => {
  it('lets in who has one of its authority, and tells the others', async () => {
    const address = await serve({ ...(await identity()), ca });
    expect(await linkTo(address, { ca, ...(await identity()) })).toMatchObject({ state: 'CONNECTED' });
    expect((await linkTo(address, { ca })).reason).toContain('wants a certificate');
    expect((await linkTo(address, { ca, ...(await identity({}, stranger)) })).reason).toContain(
      'wants a certificate',
    );
    const expired = await identity({ expiresAtMs: Date.now() - 60_000 });
    expect((await linkTo(address, { ca, ...expired })).reason).toMatch(
      /that this computer shows .* has expired/,
    );
    expect((await linkTo(address)).reason).toContain('speaks TLS alone');
  });

  it('may be open to other computers without a token, one that only shows its own may not', async () => {
    const start = async (grpcTls: TlsFiles) => {
      const service = await startTestService({ postgresUrl, grpcTls, grpcAddress: '0.0.0.0:0' });
      stops.push(service.stop);
      return service.address.replace('0.0.0.0', '127.0.0.1');
    };
    await expect(start(await identity())).rejects.toMatchObject({ field: 'API_TOKENS' });
    const address = await start({ ...(await identity()), ca });
    expect(await linkTo(address, { ca, ...(await identity()) })).toMatchObject({ state: 'CONNECTED' });
    expect((await linkTo(address, { ca })).state).toBe('OFFLINE');
  });

  it('reads the files anew for each try, so that a renewed certificate goes for the next', async () => {
    const address = await serve({ ...(await identity()), ca });
    const own = await identity({ expiresAtMs: Date.now() - 60_000 });
    const client = createTicketClient({
      address,
      tls: { ca, ...own },
      version: '1',
      diagnose: tlsProblem,
      logger: silent,
    });
    stops.push(client.close);
    await vi.waitFor(() => expect(client.link().reason).toContain('has expired'));
    const renewed = authority.issue();
    await writeFile(own.cert, renewed.cert);
    await writeFile(own.key, renewed.key);
    await vi.waitFor(() => expect(client.link().state).toBe('CONNECTED'), { timeout: 20_000 });
  });
});

describe('files that are not right', () => {
  async function ownAnd(change: (own: string) => string): Promise<TlsFiles> {
    const files = await identity();
    await writeFile(files.cert, change(await readFile(files.cert, 'utf8')));
    return files;
  }

  it.each([
    ['half a pair', async () => ({ cert: (await identity()).cert }), 'GRPC_TLS_KEY', 'is not:'],
    ['the other half', async () => ({ key: (await identity()).key }), 'GRPC_TLS_CERT', 'is not:'],
    ['a CA alone', async () => ({ ca }), 'GRPC_TLS_CERT', 'needs a certificate'],
    [
      'no such file',
      async () => ({ ...(await identity()), cert: '/nowhere.pem' }),
      'GRPC_TLS_CERT',
      'no such file',
    ],
    [
      'a key in place of a certificate',
      async () => ({ cert: (await identity()).key, key: (await identity()).key }),
      'GRPC_TLS_CERT',
      'no certificate in PEM',
    ],
    [
      'a certificate in place of a key',
      async () => ({ cert: (await identity()).cert, key: (await identity()).cert }),
      'GRPC_TLS_KEY',
      'no private key',
    ],
    [
      'two that do not belong together',
      async () => ({ cert: (await identity()).cert, key: (await identity()).key }),
      'GRPC_TLS_KEY',
      'do not belong together',
    ],
    [
      'a chain in another order',
      () => ownAnd((own) => authority.certificate + own),
      'GRPC_TLS_CERT',
      'put the one that belongs to the key first',
    ],
    [
      'a chain whose second certificate is cut',
      () => ownAnd((own) => own + authority.certificate.slice(0, 200)),
      'GRPC_TLS_CERT',
      'or that is cut',
    ],
    [
      'an authority whose second certificate is no certificate',
      async () => {
        const both = path.join(folder, 'both.pem');
        await writeFile(both, authority.certificate + authority.certificate.replaceAll('M', '!'));
        return { ...(await identity()), ca: both };
      },
      'GRPC_TLS_CA',
      "can't be read",
    ],
  ])('keep the service from starting, by name: %s', async (_name, files, field, text) => {
    await expect(serve(await files())).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
      message: expect.stringContaining(text),
    });
  });

  it('are the reason that a desk gives for having no link', async () => {
    const { state, reason } = await linkTo('127.0.0.1:1', { ca: '/nowhere.pem' });
    expect(state).toBe('OFFLINE');
    expect(reason).toContain('/nowhere.pem (GRPC_TLS_CA)');
  });
});
