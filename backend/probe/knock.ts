/** Everything below gRPC, tried from the bottom up: the name, the connection, TLS, HTTP/2. */
import type { TlsFiles } from '../config.ts';
import { DeskError } from '../errors.ts';
import { readTlsFiles } from '../tls-files.ts';
import { connectTo, type Place, secure, type TlsParts } from './connect.ts';
import { ProbeFailure } from './failure.ts';
import { greet } from './greet.ts';

/** @throws ProbeFailure; the reason of `signal` when that aborts. */
export async function knock(place: Place, tls: TlsFiles | undefined, signal: AbortSignal): Promise<void> {
  const parts = tls && (await tlsParts(tls));
  const plain = await connectTo(place, signal);
  try {
    const socket = parts ? await secure(plain, place, { ...parts, ALPNProtocols: ['h2'] }, signal) : plain;
    await greet(socket, place, { secured: tls !== undefined, signal });
  } finally {
    plain.destroy();
  }
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
