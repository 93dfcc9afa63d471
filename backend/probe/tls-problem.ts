/** Finds out why a connection to a ticket service fails where gRPC does not say, by one more try of the connection below it. */
import { type ServiceError, status } from '@grpc/grpc-js';
import { hostAndPort } from '../../proto/service-address.ts';
import type { TlsFiles } from '../config.ts';
import { DeskError } from '../errors.ts';
import { isServiceError, saysWhy } from '../proxy/client/grpc-errors.ts';
import { connectHttp2 } from './connect-http2.ts';
import { ProbeFailure } from './probe-failure.ts';

const patienceMs = 2_000;

/** What waiting does not mend, and only the connection itself shows. */
const certain: ReadonlySet<string> = new Set([
  'needs-tls',
  'without-tls',
  'wrong-authority',
  'wrong-name',
  'expired-certificate',
  'needs-certificate',
]);

/** @returns what is wrong with TLS, in words for the person and with details.lasting; undefined when it is something else, or does not show. */
export async function tlsProblem(
  thrown: unknown,
  options: { address: string; tls?: TlsFiles | undefined; signal: AbortSignal },
): Promise<DeskError | undefined> {
  const { address, tls } = options;
  if (!failedWithoutReason(thrown) || address.startsWith('unix:')) return undefined;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(patienceMs)]);
  const found = await connectHttp2(hostAndPort(address), tls, signal).catch((failure: unknown) => failure);
  if (!(found instanceof ProbeFailure) || !certain.has(found.code)) return undefined;
  return new DeskError('UNAVAILABLE', found.message, { details: { lasting: true }, cause: thrown });
}

function failedWithoutReason(thrown: unknown): thrown is ServiceError {
  return isServiceError(thrown) && thrown.code === status.UNAVAILABLE && !saysWhy(thrown);
}
