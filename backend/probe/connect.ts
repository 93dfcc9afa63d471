/** The lowest steps of a probe: the name, the connection, and TLS over it. Each failure has an answer of its own. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import type { TlsFiles } from '../config.ts';
import { DeskError } from '../errors.ts';
import { readTlsFiles } from '../tls-files.ts';
import { ProbeFailure } from './probe-failure.ts';

export interface Place {
  host: string;
  port: number;
}

/** @throws ProbeFailure; the reason of `signal` when that aborts. */
export async function connectTo({ host, port }: Place, signal: AbortSignal): Promise<Socket> {
  const socket = connectSocket({ host, port });
  try {
    await once(socket, 'connect', { signal });
  } catch (thrown) {
    socket.destroy();
    signal.throwIfAborted();
    throw notReached({ host, port }, codeOf(thrown));
  }
  // What goes wrong later is told to whoever waits for it then.
  socket.on('error', () => undefined);
  return socket;
}

function notReached({ host, port }: Place, code: string): ProbeFailure {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA') {
    return new ProbeFailure(
      'no-such-host',
      `No computer is known as "${host}". Check its spelling, and that this computer is in the right network.`,
    );
  }
  if (code === 'ECONNREFUSED') {
    return new ProbeFailure(
      'refused',
      `${host} is there, but nothing listens on its port ${port}. Check the port, and that the service runs.`,
    );
  }
  if (code === 'ETIMEDOUT') {
    return new ProbeFailure(
      'timeout',
      `${host} gives no answer on port ${port}. A firewall may be in the way.`,
    );
  }
  return new ProbeFailure(
    'unreachable',
    `There is no way to ${host} from here (${code}). Check the network, or a VPN that it needs.`,
  );
}

/** What TLS needs: the contents of the files, and the name that the certificate must be for. */
export interface TlsParts
  extends Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername' | 'ALPNProtocols'> {
  /** Only to see whether it is TLS at all; nothing is sent over it. */
  anyCertificate?: boolean;
}

/** @throws ProbeFailure `unusable-file`: names the file and what is wrong with it. */
export async function tlsParts(tls: TlsFiles): Promise<TlsParts> {
  try {
    const { ca, identity } = await readTlsFiles(tls, null);
    return { ...(ca && { ca }), ...identity };
  } catch (thrown) {
    if (thrown instanceof DeskError) throw new ProbeFailure('unusable-file', thrown.message);
    throw thrown;
  }
}

/** @throws ProbeFailure; the reason of `signal` when that aborts. */
export async function secure(
  socket: Socket,
  place: Place,
  parts: TlsParts,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const { anyCertificate = false, ...options } = parts;
  // An IP address is no server name (RFC 6066); Node then checks it against the certificate itself.
  const name = isIP(place.host) ? { host: place.host } : { servername: place.host };
  const secured = connectTls({ socket, ...name, rejectUnauthorized: !anyCertificate, ...options });
  secured.on('error', () => undefined);
  try {
    await once(secured, 'secureConnect', { signal });
  } catch (thrown) {
    secured.destroy();
    signal.throwIfAborted();
    throw notTrusted(place, thrown, parts);
  }
  return secured;
}

const authorityCodes = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
];

/** What a TLS connection that failed means; also for one that fails after the handshake, as TLS 1.3 asks for a certificate then. */
export function notTrusted({ host, port }: Place, thrown: unknown, shown?: TlsParts): ProbeFailure {
  const code = codeOf(thrown);
  if (authorityCodes.includes(code)) {
    return new ProbeFailure(
      'wrong-authority',
      `The certificate of ${host} is signed by an authority that is not trusted here. Choose the CA file that its operator gave you.`,
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new ProbeFailure(
      'wrong-name',
      `The certificate at ${host}:${port} is for another name. Use the name that it was made for; an imitation would look the same.`,
    );
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return new ProbeFailure(
      'expired-certificate',
      `The certificate of ${host} is not valid today. Check this computer's clock; else its operator must renew it.`,
    );
  }
  if (/ALERT/.test(code)) return needsCertificate({ host }, shown);
  // As of a link that broke, which is no reason to do without TLS.
  if (code === 'ECONNRESET') {
    return new ProbeFailure(
      'unreachable',
      `The connection to ${host}:${port} was broken off before it was secure. Check the port, and what is between it and this computer.`,
    );
  }
  return new ProbeFailure(
    'without-tls',
    `What answers at ${host}:${port} speaks no TLS. Use its port for TLS, or turn TLS off where the network is trusted.`,
  );
}

/** @param shown with the certificate that was not enough, if any was */
export function needsCertificate({ host }: Pick<Place, 'host'>, shown?: TlsParts): ProbeFailure {
  const own = shown?.cert && new X509Certificate(shown.cert as Buffer);
  if (own && Date.parse(own.validTo) < Date.now()) {
    return new ProbeFailure(
      'needs-certificate',
      `The certificate that this computer shows to ${host} has expired on ${own.validTo}. Ask its operator for a new one.`,
    );
  }
  return new ProbeFailure(
    'needs-certificate',
    `${host} wants a certificate of this computer that it trusts. Choose the certificate and key that its operator gave you.`,
  );
}

/** At least so many of the bytes that come; fewer when the other side ends. @throws what broke the connection, or the signal's reason. */
export function firstBytes(socket: Socket, atLeast: number, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length >= atLeast) end(() => resolve(bytes));
    };
    const onClose = () => end(() => resolve(bytes));
    const onError = (error: Error) => end(() => reject(error));
    const onAbort = () => end(() => reject(signal.reason));
    function end(settle: () => void): void {
      socket.off('data', onData).off('end', onClose).off('close', onClose).off('error', onError);
      signal.removeEventListener('abort', onAbort);
      // What comes next is for whoever reads next.
      socket.pause();
      settle();
    }
    if (signal.aborted) return reject(signal.reason);
    socket.on('data', onData).on('end', onClose).on('close', onClose).on('error', onError);
    signal.addEventListener('abort', onAbort);
    socket.resume();
  });
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}
