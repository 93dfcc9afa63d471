/** What a gRPC status means to the person: the client's side of the mapping (the service has the other). */
import { type ServiceError, status } from '@grpc/grpc-js';
import { DeskError, type ErrorCode } from '../../errors.ts';

/** A status that is not named here is INTERNAL. */
const codes: Readonly<Partial<Record<status, ErrorCode>>> = {
  [status.INVALID_ARGUMENT]: 'BAD_USER_INPUT',
  [status.OUT_OF_RANGE]: 'BAD_USER_INPUT',
  [status.FAILED_PRECONDITION]: 'BAD_USER_INPUT',
  [status.NOT_FOUND]: 'NOT_FOUND',
  [status.ABORTED]: 'CONFLICT',
  [status.ALREADY_EXISTS]: 'CONFLICT',
  [status.UNAUTHENTICATED]: 'UNAUTHENTICATED',
  [status.PERMISSION_DENIED]: 'FORBIDDEN',
  [status.UNAVAILABLE]: 'UNAVAILABLE',
  [status.RESOURCE_EXHAUSTED]: 'UNAVAILABLE',
  [status.CANCELLED]: 'UNAVAILABLE',
  [status.UNIMPLEMENTED]: 'UNAVAILABLE',
  [status.DEADLINE_EXCEEDED]: 'DEADLINE_EXCEEDED',
};

/** What grpc-js itself says of a connection, in plain words. The first that fits. */
const plainWords: readonly [RegExp, string][] = [
  [/ECONNREFUSED/, 'nothing answers at its address'],
  [/ENOENT/, 'it is not running yet'],
  [/ENOTFOUND|EAI_AGAIN|Name resolution failed/, "its name can't be found"],
  [
    /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|Failed to connect before the deadline/,
    "its computer can't be reached",
  ],
  [
    /Protocol error|PROTOCOL_ERROR|unexpected content-type|HTTP status|does not implement|unknown (service|method)/i,
    'what answers at its address is no ticket service',
  ],
];

/** What it says of an answer beyond what session.ts lets it take, which an older service's list alone can be. */
const tooLarge = /^Received message larger than max/;

/** What it says when it does not know why either. */
const lost =
  /No connection established|Connection dropped|ECONNRESET|EPIPE|socket hang up|GOAWAY|Keepalive|transport|Channel/i;

export function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && 'code' in thrown && 'details' in thrown && 'metadata' in thrown;
}

/** Whether the error itself tells why there is no connection. */
export function saysWhy(error: ServiceError): boolean {
  return !lost.test(error.details) || wordsOf(error) !== undefined;
}

function wordsOf({ details }: ServiceError): string | undefined {
  return plainWords.find(([pattern]) => pattern.test(details))?.[1];
}

/** Whether the call ended without an answer, so that what it asked for may have been done. */
export function wasCutOff(thrown: unknown): boolean {
  return isServiceError(thrown) && cutOff.has(thrown.code) && !neverLeft.test(thrown.details);
}

/** What grpc-js says of a call that found no connection to go out by. */
const neverLeft = /^No connection established|^Name resolution failed/;

const cutOff: ReadonlySet<number> = new Set([status.UNAVAILABLE, status.CANCELLED, status.DEADLINE_EXCEEDED]);

function text(error: ServiceError, code: ErrorCode, kind: CallKind): string {
  if (code === 'DEADLINE_EXCEEDED') {
    const next = kind === 'write' ? 'Look whether it was done, then try again.' : 'Try again.';
    return `The ticket service did not answer in time. ${next}`;
  }
  if (code === 'UNAUTHENTICATED') return tokenWords(error);
  if (tooLarge.test(error.details))
    return 'The ticket service answered with more than a desk takes at once. Look for one status alone, or for one ticket by its number.';
  const words = wordsOf(error) ?? (lost.test(error.details) ? 'the connection was lost' : undefined);
  if (code === 'UNAVAILABLE' && words) return `The ticket service is not reachable: ${words}.`;
  if (error.code === status.CANCELLED) return 'The call to the ticket service was cancelled.';
  return error.details || 'The ticket service refused without saying why.';
}

function tokenWords(error: ServiceError): string {
  const failure = error.metadata.get('auth-failure')[0]?.toString();
  if (failure === 'none') return 'The ticket service demands a token. Enter yours in the settings.';
  if (failure === 'expired')
    return "This desk's token has expired. Get a new one and enter it in the settings.";
  return "The ticket service refuses this desk's token. Check the token in the settings.";
}

/** A write may have been done although nothing said so. */
type CallKind = 'read' | 'write';

/** Turns whatever a call threw into a DeskError. The text of an INTERNAL stays here, as the cause. */
export function fromGrpc(thrown: unknown, kind: CallKind): DeskError {
  if (thrown instanceof DeskError) return thrown;
  const code = isServiceError(thrown) ? (codes[thrown.code] ?? 'INTERNAL') : 'INTERNAL';
  if (!isServiceError(thrown) || code === 'INTERNAL') {
    return new DeskError('INTERNAL', 'Something went wrong in the ticket service. Its log has the details.', {
      cause: thrown,
    });
  }
  const field = thrown.metadata.get('error-field')[0]?.toString();
  return new DeskError(code, text(thrown, code, kind), { cause: thrown, ...(field ? { field } : {}) });
}
