/** TLS and AUTH against a real nsqd. The certificates are made by backend/testing/certificates.ts (node:crypto). */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toDeskError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import type { Delivery } from '../ports/create-source.ts';
import {
  createAuthority,
  type IssueOptions,
  type TestAuthority,
  writeIdentity,
} from '../testing/certificates.ts';
import { startTestNsqd, type TestNsqd } from '../testing/services.ts';
import type { NsqSecurity } from './nsq-options.ts';
import { nsqQueue } from './queue-nsq.ts';
import { nsqSource } from './source-nsq.ts';
import { frame, startImpostor } from './testing/impostor-nsqd.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const create = {
  requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01',
  title: 'Printer',
  description: '',
  name: 'Ada',
  createdAt: '2026-11-24T14:02:11.123456Z',
};
const secret = 'a-secret-that-opens';

/** Resolves with 'accepted', or with what is said once nsqd could not be used, and whether it may have been sent. */
async function publishTo(nsqdAddress: string, security: Partial<NsqSecurity>): Promise<string> {
  const queue = nsqQueue({
    tls: undefined,
    authSecret: undefined,
    ...security,
    nsqdAddress,
    topic: 't',
    logger,
  });
  const answer = async () => {
    try {
      return (await queue.publish(create, { signal: new AbortController().signal })).state;
    } catch (thrown) {
      const { message, details } = toDeskError(thrown);
      const reason = message.replace(/^.*takes nothing just now: (.*); what is filed.*$/, '$1');
      return details?.notSent ? reason : `sent, and ${reason}`;
    }
  };
  try {
    let said = '';
    const ask = async () => {
      said = await answer();
      return said;
    };
    await expect.poll(ask, { timeout: 10_000 }).not.toBe('it is being connected to');
    return said;
  } finally {
    await queue.close();
  }
}

/** Resolves with the next message there. */
async function takeFrom(nsqdAddress: string, security: Partial<NsqSecurity>): Promise<string> {
  const open = nsqSource({
    tls: undefined,
    authSecret: undefined,
    ...security,
    nsqdAddress,
    lookupdAddresses: [],
    topic: 't',
    channel: 'Create',
    logger,
  });
  let source: ReturnType<typeof open> | undefined;
  const delivery = await new Promise<Delivery>((resolve) => {
    source = open({ maxInFlight: 1, onDelivery: resolve });
  });
  delivery.finish();
  await source?.close();
  return delivery.body.toString();
}

const authority = createAuthority('Right authority');
let folder: string;
let ca: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ticket-desk-nsq-tls-'));
  ca = path.join(folder, 'ca.pem');
  await writeFile(ca, authority.certificate);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function startTlsNsqd(
  options: Pick<IssueOptions, 'hosts' | 'expiresAtMs'> & { args?: string[]; clients?: TestAuthority },
) {
  const { hosts, expiresAtMs } = options;
  const identity = authority.issue({ ...(hosts && { hosts }), ...(expiresAtMs && { expiresAtMs }) });
  return await startTestNsqd({
    files: {
      'cert.pem': identity.cert,
      'key.pem': identity.key,
      ...(options.clients && { 'clients.pem': options.clients.certificate }),
    },
    args: ({ dataDir, host }) => [
      '--tls-required=tcp-https',
      `--https-address=${host}:0`,
      `--tls-cert=${dataDir}/cert.pem`,
      `--tls-key=${dataDir}/key.pem`,
      ...(options.clients
        ? [`--tls-root-ca-file=${dataDir}/clients.pem`, '--tls-client-auth-policy=require-verify']
        : []),
      ...(options.args ?? []),
    ],
  });
}

describe('TLS to nsqd', () => {
  let nsqd: TestNsqd;
  beforeAll(async () => {
    nsqd = await startTlsNsqd({ hosts: ['127.0.0.1', 'localhost'] });
  });
  afterAll(() => nsqd?.stop());

  it('publishes and takes where the certificate is of the authority and for the host, by address and by name', async () => {
    const security = { tls: { ca } };
    expect(await publishTo(nsqd.tcpAddress, security)).toBe('accepted');
    expect(JSON.parse(await takeFrom(nsqd.tcpAddress, security))).toEqual(create);
    const byName = nsqd.tcpAddress.replace('127.0.0.1', 'localhost');
    expect(await publishTo(byName, security)).toBe('accepted');
  });

  it('refuses a certificate of another authority', async () => {
    const other = path.join(folder, 'other.pem');
    await writeFile(other, createAuthority('Right authority').certificate);
    expect(await publishTo(nsqd.tcpAddress, { tls: { ca: other } })).toContain(
      'of no authority trusted here',
    );
    expect(await publishTo(nsqd.tcpAddress, { tls: {} })).toContain('of no authority trusted here');
  });

  it('refuses a certificate for another host, also one for localhost', async () => {
    const elsewhere = await startTlsNsqd({ hosts: ['localhost'] });
    expect(await publishTo(elsewhere.tcpAddress, { tls: { ca } })).toBe(
      'its certificate is for another host',
    );
    await elsewhere.stop();
  });

  it('says that TLS is wanted where it is not asked for', async () => {
    expect(await publishTo(nsqd.tcpAddress, {})).toMatch(/it wants TLS \(NSQ_TLS\)$/);
  });

  it('says which file it cannot read', async () => {
    const missing = path.join(folder, 'missing.pem');
    expect(await publishTo(nsqd.tcpAddress, { tls: { ca: missing } })).toBe(
      `the file ${missing} can’t be read (ENOENT)`,
    );
  });
});

describe('mutual TLS to nsqd', () => {
  it('shows its certificate, and says what is missing without one or with one of another authority', async () => {
    const clients = createAuthority('Clients');
    const nsqd = await startTlsNsqd({ hosts: ['127.0.0.1'], clients });
    const own = await writeIdentity(folder, 'own', clients.issue());
    expect(await publishTo(nsqd.tcpAddress, { tls: { ca, ...own } })).toBe('accepted');
    expect(JSON.parse(await takeFrom(nsqd.tcpAddress, { tls: { ca, ...own } }))).toEqual(create);
    expect(await publishTo(nsqd.tcpAddress, { tls: { ca } })).toBe(
      'it wants a certificate of this side (NSQ_TLS_CERT, NSQ_TLS_KEY)',
    );
    const strange = await writeIdentity(folder, 'strange', createAuthority('Strangers').issue());
    expect(await publishTo(nsqd.tcpAddress, { tls: { ca, ...strange } })).toBe(
      'it does not accept the certificate of this side (NSQ_TLS_CERT, NSQ_TLS_KEY)',
    );
    const late = await writeIdentity(folder, 'late', clients.issue({ expiresAtMs: Date.now() - 60_000 }));
    expect(await publishTo(nsqd.tcpAddress, { tls: { ca, ...late } })).toBe(
      'the certificate of this side has expired (NSQ_TLS_CERT)',
    );
    await nsqd.stop();
  });

  it('says that the one there has expired', async () => {
    const nsqd = await startTlsNsqd({ hosts: ['127.0.0.1'], expiresAtMs: Date.now() - 60_000 });
    expect(await publishTo(nsqd.tcpAddress, { tls: { ca } })).toBe('its certificate has expired');
    await nsqd.stop();
  });
});

describe('AUTH to nsqd', () => {
  let server: Server;
  let nsqd: TestNsqd;
  beforeAll(async () => {
    // https://nsq.io/components/nsqd.html#auth
    server = createHttpServer((request, response) => {
      const given = new URL(request.url ?? '', 'http://auth').searchParams.get('secret');
      const channels = ['.*'];
      const permissions = ['publish', 'subscribe'];
      const authorizations = given === secret ? [{ topic: '.*', channels, permissions }] : [];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ttl: 60, identity: 'a desk', identity_url: '', authorizations }));
    });
    // On every address: nsqd may be in a container.
    await once(server.listen(0), 'listening');
    const { port } = server.address() as AddressInfo;
    nsqd = await startTestNsqd({ args: ({ testHost }) => [`--auth-http-address=${testHost}:${port}`] });
  });
  afterAll(async () => {
    await nsqd?.stop();
    server.close();
  });

  it('publishes and takes with the right secret', async () => {
    expect(await publishTo(nsqd.tcpAddress, { authSecret: secret })).toBe('accepted');
    expect(JSON.parse(await takeFrom(nsqd.tcpAddress, { authSecret: secret }))).toEqual(create);
  });

  it('says that the secret is wrong, or missing', async () => {
    expect(await publishTo(nsqd.tcpAddress, { authSecret: 'a-secret-that-does-not' })).toBe(
      'the secret does not open this topic (NSQ_AUTH_SECRET)',
    );
    expect(await publishTo(nsqd.tcpAddress, {})).toBe('it wants a secret (NSQ_AUTH_SECRET)');
  });
});

describe('a peer between that speaks as nsqd does, without TLS', () => {
  it('gets neither the secret nor a create when TLS is asked for and it offers none', async () => {
    for (const authSecret of [secret, undefined]) {
      const impostor = await startImpostor({
        identify: { tls_v1: false, auth_required: authSecret !== undefined },
      });
      const answer = await publishTo(impostor.address, { tls: { ca }, authSecret });
      expect(answer).toBe('it offers no TLS, and in clear nothing is sent to it (NSQ_TLS)');
      expect(impostor.sent()).toContain('IDENTIFY');
      expect(impostor.sent()).not.toMatch(/AUTH|PUB|Printer|a-secret/);
      impostor.stop();
    }
  });

  it('gets nothing either when it slips in an answer, whole or in part, before TLS', async () => {
    for (const slipped of [frame('OK'), frame('OK').subarray(0, 9)]) {
      const impostor = await startImpostor({
        identify: { tls_v1: true, auth_required: true },
        following: slipped,
      });
      const answer = await publishTo(impostor.address, { tls: { ca }, authSecret: secret });
      expect(answer).toBe('it offers no TLS, and in clear nothing is sent to it (NSQ_TLS)');
      expect(impostor.sent()).not.toMatch(/AUTH|PUB|Printer|a-secret/);
      impostor.stop();
    }
  });

  it('does not end the process with an answer that cannot be read', async () => {
    const impostor = await startImpostor({
      identify: { tls_v1: false, auth_required: true },
      following: frame('_heartbeat_'),
    });
    expect(await publishTo(impostor.address, { authSecret: secret })).toContain('JSON');
    impostor.stop();
  });
});
