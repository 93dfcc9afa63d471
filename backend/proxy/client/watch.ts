/** Follows the changes in the ticket service for as long as a session lasts. */
import { status } from '@grpc/grpc-js';
import type { WatchTicketsResponse__Output } from '../../../proto/generated/WatchTicketsResponse.ts';
import { DeskError } from '../../errors.ts';
import { pause } from '../../pause.ts';
import { deadlinesMs, unary } from './calls.ts';
import { isServiceError } from './grpc-errors.ts';
import { knownTicket } from './mapping.ts';
import type { Session } from './session.ts';
import type { TicketEvent } from './types.ts';

/** The service sends something at least every 5 s. */
const silenceMs = 12_000;
const pollEveryMs = 5_000;
/** For a fault of its own, in whichever way it tells, and for a list longer than we take. */
const listRefusals: ReadonlySet<number> = new Set([
  status.INTERNAL,
  status.UNKNOWN,
  status.RESOURCE_EXHAUSTED,
]);

export interface WatchOptions {
  /** Where an earlier watch ended; empty: from now on. */
  resumeToken: string;
  onStart(): void;
  onEvent(event: TicketEvent): void;
  onResumeToken(token: string): void;
  signal: AbortSignal;
}

const silent = () =>
  new DeskError('UNAVAILABLE', 'The ticket service has gone silent: it is connected but sends nothing.');

function toEvent({ kind, id, ticket }: WatchTicketsResponse__Output): TicketEvent | undefined {
  if (kind === 'RESET') return { kind, id: null, ticket: null };
  if (kind === 'DELETED') return { kind, id, ticket: null };
  if ((kind === 'CREATED' || kind === 'UPDATED') && ticket) return { kind, id, ticket: knownTicket(ticket) };
  return undefined;
}

/** Resolves when aborted. @throws what ended the stream. */
export function watch(session: Session, options: WatchOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.stub.watchTickets({ resumeToken: options.resumeToken }, session.metadata);
    let started = false;
    let timer = setTimeout(fall, silenceMs);
    const cancel = () => stream.cancel();
    options.signal.addEventListener('abort', cancel, { once: true });
    if (options.signal.aborted) cancel();

    function end(error: unknown): void {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', cancel);
      if (options.signal.aborted) resolve();
      else reject(error);
    }
    function fall(): void {
      end(silent());
      stream.cancel();
    }
    stream.on('data', (message: WatchTicketsResponse__Output) => {
      clearTimeout(timer);
      timer = setTimeout(fall, silenceMs);
      if (message.resumeToken) options.onResumeToken(message.resumeToken);
      if (!started) options.onStart();
      started = true;
      const event = toEvent(message);
      if (event) options.onEvent(event);
    });
    stream.on('error', end);
    stream.on('end', () => end(new DeskError('UNAVAILABLE', 'The ticket service has ended the connection.')));
  });
}

/** For a service that can't be watched: reads its list every 5 s and says RESET when it has changed. */
export async function poll(session: Session, options: WatchOptions): Promise<void> {
  let seen: string | undefined;
  while (!options.signal.aborted) {
    const list = await unary<{ tickets: unknown[] }>(
      (call, done) => session.stub.getTicketList({}, session.metadata, call, done),
      { deadlineMs: deadlinesMs.read, signal: options.signal },
    ).catch((thrown: unknown) => {
      if (options.signal.aborted) return undefined;
      // A service that refuses the list is there all the same.
      if (isServiceError(thrown) && listRefusals.has(thrown.code)) return { tickets: [] };
      throw thrown;
    });
    if (!list) return;
    const now = JSON.stringify(list.tickets);
    if (seen === undefined) options.onStart();
    else if (seen !== now) options.onEvent({ kind: 'RESET', id: null, ticket: null });
    seen = now;
    await pause(pollEveryMs, options.signal);
  }
}
