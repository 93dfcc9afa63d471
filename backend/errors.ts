/**
 * The closed table of error codes, and the one error class that carries them.
 * Both transports map from here: GraphQL `extensions.code` and the gRPC status.
 */
export const errorCodes = [
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface DeskErrorOptions {
  /** The input field at fault. */
  field?: string;
  /** What the caller needs beside the text, as plain JSON; never a secret. */
  details?: Record<string, unknown> | undefined;
  cause?: unknown;
}

/** An error whose message is meant for the person: what happened and what to do. */
export class DeskError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: DeskErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'DeskError';
    this.code = code;
    this.field = options.field;
    this.details = options.details;
  }
}

/** Turns whatever was thrown into a DeskError; what is not one becomes INTERNAL, with its text kept as the cause alone. */
export function toDeskError(thrown: unknown): DeskError {
  if (thrown instanceof DeskError) return thrown;
  return new DeskError(
    'INTERNAL',
    'Something went wrong inside Ticket Desk. Look whether it was done, then try again; the log has the details.',
    {
      cause: thrown,
    },
  );
}

/** Whether what was asked may have been done all the same, as its maker says in its details. */
export function isUncertain(thrown: unknown): boolean {
  return thrown instanceof DeskError && thrown.details?.isUncertain === true;
}

/** Whether the same call may succeed later without anybody changing it. */
export function mayPass(error: DeskError): boolean {
  return error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED' || error.code === 'INTERNAL';
}

/** Whether the way to the ticket service is at fault, not what was sent. */
export function isOfTheLink(error: DeskError): boolean {
  return error.code === 'UNAVAILABLE' || error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN';
}

/** Whether what was sent is kept and sent again; if not, it goes back to its author. */
export function isToBeSentAgain(error: DeskError): boolean {
  return mayPass(error) || isOfTheLink(error);
}
