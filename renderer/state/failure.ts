/** What a failed request means to the person: the words, the field, and what the service sent along. */
import { CombinedGraphQLErrors } from '@apollo/client/errors';

export interface Failure {
  /** From the closed table of backend/errors.ts; UNREACHABLE when no answer came at all. */
  code: string;
  message: string;
  field?: string;
  /** extensions.current: the ticket as it is, with CONFLICT. */
  current?: unknown;
  /** extensions.ticketId: the ticket that has the requestId, with CONFLICT. */
  ticketId?: number;
}

/** Turns whatever a mutation or query threw into words; never a stack trace. */
export function readFailure(thrown: unknown): Failure {
  const first = CombinedGraphQLErrors.is(thrown) ? thrown.errors[0] : undefined;
  if (!first) {
    return {
      code: 'UNREACHABLE',
      message: "Ticket Desk's backend did not answer. What you typed is kept here; try again in a moment.",
    };
  }
  const { code, current, ticketId, ...more } = first.extensions ?? {};
  const field = typeof more.field === 'string' ? more.field.replace(/^input\./, '') : undefined;
  return {
    code: typeof code === 'string' ? code : 'INTERNAL',
    message: asSentence(first.message, field),
    ...(field === undefined ? {} : { field }),
    ...(current === undefined ? {} : { current }),
    ...(typeof ticketId === 'number' ? { ticketId } : {}),
  };
}

/** A message that begins with the name of its field, as clients know it, begins as the person's sentences do. */
function asSentence(message: string, field: string | undefined): string {
  if (!field || !message.startsWith(`${field} `)) return message;
  return message.charAt(0).toUpperCase() + message.slice(1);
}
