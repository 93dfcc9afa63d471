/** How a DeskError looks on the wire: its code as a status, its text as the message, its field in `error-field`. */
import { Metadata, type ServerErrorResponse, status } from '@grpc/grpc-js';
import { DeskError, type ErrorCode, toDeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';

const statuses: Record<ErrorCode, status> = {
  BAD_USER_INPUT: status.INVALID_ARGUMENT,
  NOT_FOUND: status.NOT_FOUND,
  CONFLICT: status.ALREADY_EXISTS,
  UNAUTHENTICATED: status.UNAUTHENTICATED,
  FORBIDDEN: status.PERMISSION_DENIED,
  UNAVAILABLE: status.UNAVAILABLE,
  DEADLINE_EXCEEDED: status.DEADLINE_EXCEEDED,
  INTERNAL: status.INTERNAL,
};

type WireError = Pick<ServerErrorResponse, 'name' | 'message' | 'code' | 'details' | 'metadata'>;

/** Total: whatever was thrown gets a status, and what was not meant for the caller goes to the log alone. */
export function toWireError(thrown: unknown, rpc: string, logger: Logger): WireError {
  const error = toDeskError(thrown);
  if (error.code === 'INTERNAL') logger.error({ err: thrown, rpc }, 'an RPC failed');
  else if (thrown instanceof DeskError && error.cause) logger.warn({ err: thrown, rpc }, 'an RPC failed');
  const metadata = new Metadata();
  if (error.field) metadata.set('error-field', error.field);
  return {
    name: error.name,
    message: error.message,
    code: statuses[error.code],
    details: error.message,
    metadata,
  };
}
