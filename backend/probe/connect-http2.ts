/** Whether a server of HTTP/2, which gRPC speaks, answers; and if not, what kind of server does. */
import type { Socket } from 'node:net';
import type { TlsFiles } from '../config.ts';
import {
  connectTo,
  firstBytes,
  needsCertificate,
  notTrusted,
  type Place,
  secure,
  type TlsParts,
  tlsParts,
} from './connect.ts';
import { ProbeFailure } from './probe-failure.ts';

/** The preface and an empty SETTINGS frame (RFC 9113, section 3.4). */
const preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const frameHeaderBytes = 9;
const settingsFrame = 4;
const tlsAlert = 0x15;

/**
 * Tries everything below gRPC from the bottom up: the name, the connection, TLS, HTTP/2; nothing stays open.
 * @throws ProbeFailure; the reason of `signal` when that aborts.
 */
export async function connectHttp2(
  place: Place,
  tls: TlsFiles | undefined,
  signal: AbortSignal,
): Promise<void> {
  const parts = tls && (await tlsParts(tls));
  const plain = await connectTo(place, signal);
  try {
    const socket = parts ? await secure(plain, place, { ...parts, ALPNProtocols: ['h2'] }, signal) : plain;
    await expectSettings(socket, place, { parts, signal });
  } finally {
    plain.destroy();
  }
}

/** @throws ProbeFailure when it is no server that speaks HTTP/2; the reason of `signal` when that aborts. */
async function expectSettings(
  socket: Socket,
  place: Place,
  options: { parts: TlsParts | undefined; signal: AbortSignal },
): Promise<void> {
  socket.write(preface);
  const answer = await firstBytes(socket, frameHeaderBytes, options.signal).catch((thrown: unknown) => {
    options.signal.throwIfAborted();
    if (options.parts) throw notTrusted(place, thrown, options.parts);
    return Buffer.alloc(0);
  });
  if (answer.length >= frameHeaderBytes && answer[3] === settingsFrame) return;
  // Node, for one, ends the connection of a certificate that it does not trust without a word.
  if (options.parts && answer.length === 0) throw needsCertificate(place, options.parts);
  if (!options.parts && (answer[0] === tlsAlert || (await speaksTls(place, options.signal)))) {
    throw new ProbeFailure(
      'needs-tls',
      `What answers at ${place.host}:${place.port} speaks TLS alone. Turn TLS on.`,
    );
  }
  throw new ProbeFailure(
    'wrong-server',
    `${kindOf(answer)} at ${place.host}:${place.port}, no ticket service. Check the port: a ticket service has 50051 unless its operator chose another.`,
  );
}

function kindOf(answer: Buffer): string {
  const text = answer.toString('latin1');
  if (text.startsWith('HTTP/')) return 'A web server answers';
  // An nsqd's frame: size, kind, and its refusal of a protocol that it does not know.
  if (text.includes('E_BAD')) return 'NSQ answers';
  return 'Something else answers';
}

/** A server of TLS may end a connection in clear without a word. */
async function speaksTls(place: Place, signal: AbortSignal): Promise<boolean> {
  try {
    const socket = await connectTo(place, signal);
    const secured = await secure(socket, place, { anyCertificate: true, ALPNProtocols: ['h2'] }, signal);
    secured.destroy();
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
