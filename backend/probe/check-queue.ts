/** Whether an nsqd answers at an address, said as an answer for each way in which it may not. */
import type { Socket } from 'node:net';
import type { AddressCheck } from '../../proto/desktop-bridge.ts';
import { hostAndPort } from '../../proto/service-address.ts';
import type { TlsFiles } from '../config.ts';
import { connectTo, firstBytes, notTrusted, type Place, secure, type TlsParts, tlsParts } from './connect.ts';
import { type Patience, ProbeFailure, probed } from './probe-failure.ts';

export interface QueueProbe extends Patience {
  /** `host:port`, of the right form. */
  address: string;
  /** Undefined: in clear. */
  tls: TlsFiles | undefined;
  /** Whether this desk has what an nsqd with auth demands. */
  hasSecret: boolean;
}

/** nsqd's answer to IDENTIFY, as far as it is used (nsq.io/clients/tcp_protocol_spec.html). */
interface Identity {
  version: string;
  tls_v1: boolean;
  auth_required?: boolean;
}

/** Never rejects; takes some seconds at most. */
export function checkQueue(options: QueueProbe): Promise<AddressCheck> {
  const place = hostAndPort(options.address);
  return probed(place, options, async (signal) => {
    const tls = options.tls && (await tlsParts(options.tls));
    const startedAt = performance.now();
    const socket = await connectTo(place, signal);
    try {
      const { version, tls_v1: hasTls, auth_required } = await identify(socket, place, options, signal);
      const tookMs = Math.max(1, Math.round(performance.now() - startedAt));
      if (tls && !hasTls) {
        throw new ProbeFailure(
          'without-tls',
          `The nsqd at ${place.host}:${place.port} speaks no TLS. Turn TLS for NSQ off where the network is trusted, or have it turned on there.`,
        );
      }
      if (tls) await secureQueue(socket, place, tls, signal);
      else await refuseIfTlsIsDemanded(socket, place, signal);
      if (auth_required && !options.hasSecret) {
        throw new ProbeFailure(
          'needs-secret',
          `The nsqd at ${place.host} demands a secret. Start Ticket Desk with NSQ_AUTH_SECRET_FILE set to the file that its operator gave you.`,
        );
      }
      return { tone: 'ok', code: 'ok', text: `nsqd ${version}, ${tookMs} ms` };
    } finally {
      socket.destroy();
    }
  });
}

async function identify(
  socket: Socket,
  place: Place,
  options: Pick<QueueProbe, 'tls'>,
  signal: AbortSignal,
): Promise<Identity> {
  const wishes = JSON.stringify({
    client_id: 'ticket-desk',
    user_agent: 'ticket-desk-probe',
    feature_negotiation: true,
    tls_v1: options.tls !== undefined,
  });
  const size = Buffer.alloc(4);
  size.writeUInt32BE(Buffer.byteLength(wishes));
  socket.write(Buffer.concat([Buffer.from('  V2IDENTIFY\n'), size, Buffer.from(wishes)]));
  const identity = readIdentity(await readFrame(socket, signal));
  if (identity) return identity;
  throw new ProbeFailure(
    'wrong-server',
    `What answers at ${place.host}:${place.port} is no nsqd. Check the port: clients reach nsqd at 4150 (4151 is its HTTP) unless its operator chose another.`,
  );
}

/** The text of a frame, which is: size (4 bytes, of what follows), kind (4 bytes), text. Empty when the answer is no frame. */
async function readFrame(socket: Socket, signal: AbortSignal): Promise<string> {
  const maxBytes = 64 * 1024;
  try {
    const head = await firstBytes(socket, 4, signal);
    const frameBytes = head.length < 4 ? 0 : head.readUInt32BE(0);
    if (frameBytes < 4 || frameBytes > maxBytes) return '';
    const missing = 4 + frameBytes - head.length;
    const rest = missing > 0 ? await firstBytes(socket, missing, signal) : Buffer.alloc(0);
    return Buffer.concat([head, rest])
      .subarray(8, 4 + frameBytes)
      .toString('utf8');
  } catch {
    signal.throwIfAborted();
    return '';
  }
}

function readIdentity(text: string): Identity | null {
  try {
    const identity = JSON.parse(text);
    return typeof identity.version === 'string' ? identity : null;
  } catch {
    return null;
  }
}

/** One that demands TLS answers IDENTIFY all the same, and refuses what comes after it: here a topic with no right name. */
async function refuseIfTlsIsDemanded(socket: Socket, place: Place, signal: AbortSignal): Promise<void> {
  socket.write('PUB !\n');
  if (!/TLS required/i.test(await readFrame(socket, signal))) return;
  throw new ProbeFailure(
    'needs-tls',
    `The nsqd at ${place.host}:${place.port} takes creates by TLS alone. Turn TLS to NSQ on.`,
  );
}

/** nsqd says OK once TLS stands; one that demands a certificate ends the connection instead. */
async function secureQueue(socket: Socket, place: Place, tls: TlsParts, signal: AbortSignal): Promise<void> {
  const secured = await secure(socket, place, tls, signal);
  const answer = await firstBytes(secured, 10, signal).catch((thrown: unknown) => {
    signal.throwIfAborted();
    throw notTrusted(place, thrown, tls);
  });
  if (answer.subarray(8).toString('latin1') !== 'OK') throw notTrusted(place, tlsAlert, tls);
}

const tlsAlert = Object.assign(new Error('ended without a word'), { code: 'ALERT' });
