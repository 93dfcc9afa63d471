/** The changes in the ticket service, as it tells them for as long as a session lasts. */
import type { WatchTicketsResponse__Output } from '../../../proto/generated/WatchTicketsResponse.ts';
import { type Presence, readAgent } from '../../domain/agent.ts';
import { DeskError } from '../../errors.ts';
import type { Channel } from './calls.ts';
import { knownComment, knownTicket, type TicketEvent, type WatchOptions } from './types.ts';

/** The service sends something at least every 5 s. */
const silenceMs = 12_000;

export const silent = () =>
  new DeskError('UNAVAILABLE', 'The ticket service has gone silent: it is connected but sends nothing.');

function toEvent({ kind, id, ...told }: WatchTicketsResponse__Output): TicketEvent | undefined {
  if (kind === 'RESET') return { kind, id: null, ticket: null };
  if (kind === 'DELETED') return { kind, id, ticket: null };
  if ((kind !== 'CREATED' && kind !== 'UPDATED') || !told.ticket) return undefined;
  const comment = told.comment && knownComment(told.comment);
  return { kind, id, ticket: knownTicket(told.ticket), comment };
}

function presenceIn({ presence }: WatchTicketsResponse__Output): Presence | undefined {
  const agent = readAgent(presence?.agent);
  if (!presence || !agent) return undefined;
  const { place, ticketId, isTyping } = presence;
  return { place, agent, ticketId: ticketId || null, isTyping };
}

/** Resolves when aborted. @throws what ended the stream. */
export function watch(watchTickets: Channel['watchTickets'], options: WatchOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = watchTickets({ resumeToken: options.resumeToken });
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
      const presence = presenceIn(message);
      if (presence) options.onPresence(presence);
      const event = toEvent(message);
      if (event) options.onEvent(event);
    });
    stream.on('error', end);
    stream.on('end', () => end(new DeskError('UNAVAILABLE', 'The ticket service has ended the connection.')));
  });
}
