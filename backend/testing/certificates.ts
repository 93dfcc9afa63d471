/** Certificates for tests of TLS, made here: no test depends on an openssl, or on files that will expire one day. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';

export interface TestAuthority {
  /** PEM. */
  certificate: string;
  issue(options?: IssueOptions): TestIdentity;
}

export interface TestIdentity {
  /** PEM. */
  cert: string;
  /** PEM, PKCS #8. */
  key: string;
}

export interface IssueOptions {
  /** Host names and IPv4 addresses that it is for; localhost and 127.0.0.1 when left out. */
  hosts?: readonly string[];
  /** Its last moment (ms since 1970); in a day when left out. */
  expiresAtMs?: number;
}

const dayMs = 86_400_000;

/** A certificate authority of its own, which nobody trusts who is not told to. */
export function createAuthority(name = 'Test authority'): TestAuthority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const make = (options: Pick<Subject, 'subject' | 'publicKey' | 'extensions' | 'expiresAtMs'>) =>
    certificate({ ...options, issuer: name, issuerKey: keys.privateKey });
  const isAuthority = extension('2.5.29.19', sequence(der(0x01, Buffer.of(0xff))));
  return {
    certificate: make({
      subject: name,
      publicKey: keys.publicKey,
      extensions: [isAuthority],
      expiresAtMs: Date.now() + dayMs,
    }),
    issue({ hosts = ['localhost', '127.0.0.1'], expiresAtMs = Date.now() + dayMs } = {}) {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return {
        cert: make({
          subject: hosts[0] ?? 'nobody',
          publicKey: own.publicKey,
          extensions: [extension('2.5.29.17', sequence(...hosts.map(alternativeName)))],
          expiresAtMs,
        }),
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      };
    },
  };
}

/** Writes `<name>-cert.pem` and `<name>-key.pem`, and answers where they are. */
export async function writeIdentity(
  folder: string,
  name: string,
  identity: TestIdentity,
): Promise<{ cert: string; key: string }> {
  const files = { cert: path.join(folder, `${name}-cert.pem`), key: path.join(folder, `${name}-key.pem`) };
  await Promise.all([
    writeFile(files.cert, identity.cert),
    writeFile(files.key, identity.key, { mode: 0o600 }),
  ]);
  return files;
}

interface Subject {
  subject: string;
  publicKey: KeyObject;
  issuer: string;
  issuerKey: KeyObject;
  extensions: Buffer[];
  expiresAtMs: number;
}

/** RFC 5280, section 4.1, in PEM. */
function certificate(options: Subject): string {
  const { subject, publicKey, issuer, issuerKey, extensions, expiresAtMs } = options;
  const validFromMs = Math.min(Date.now(), expiresAtMs) - dayMs;
  const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ecdsaWithSha256,
    distinguishedName(issuer),
    sequence(time(validFromMs), time(expiresAtMs)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', signed, issuerKey)]);
  const bytes = sequence(signed, ecdsaWithSha256, der(0x03, signature));
  const lines = bytes.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  // The shortest form: Go refuses any other.
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (number: number): number[] =>
    number < 0x80 ? [number] : [...base128(number >> 7).map((byte) => byte | 0x80), number & 0x7f];
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, Buffer.from(commonName)))));
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x18, Buffer.from(digits));
}

function extension(id: string, content: Buffer): Buffer {
  return sequence(objectId(id), der(0x04, content));
}

function alternativeName(host: string): Buffer {
  if (isIP(host) === 4) return der(0x87, Buffer.from(host.split('.').map(Number)));
  return der(0x82, Buffer.from(host));
}
