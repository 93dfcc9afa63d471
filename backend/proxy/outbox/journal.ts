/**
 * The way of each create in the log, by its requestId: filed, sent, stored. The ticket service writes the same key, so
 * one id follows a create from form to row. At debug, because a line each would cost a busy proxy more than the
 * create; what a person has to mend is told at info. Nothing of the text.
 */
import type { Logger } from '../../logger.ts';
import type { OutboxEvent } from './entry.ts';
import type { Outbox } from './outbox.ts';

/** Answers how to stop. */
export function logCreates(outbox: Pick<Outbox, 'onChange'>, logger: Logger): () => void {
  return outbox.onChange((event) => {
    const { requestId, state, attempts, id, lastErrorField, conflict } = event.entry;
    if (state === 'FAILED' && !event.removed) {
      logger.info(
        { requestId, attempts, field: lastErrorField, ...(conflict && { filedUnder: conflict.requestId }) },
        'create refused: its author has to mend it',
      );
    } else {
      logger.debug({ requestId, attempts, ...(id !== null && { ticketId: id }) }, words(event));
    }
  });
}

function words({ entry, removed }: OutboxEvent): string {
  const { state, attempts, lastError, conflict } = entry;
  if (state === 'STORED') return 'create stored';
  if (removed && conflict?.requestId === entry.requestId)
    return "create goes on under an id of its own: this one is another text's";
  if (removed)
    return state === 'SENT' ? 'create sent to a service that does not confirm' : 'create discarded';
  if (state === 'SENT') return 'create sent, not seen stored yet';
  if (lastError !== null) return 'create not sent yet';
  return attempts === 0 ? 'create filed' : 'create to be sent again';
}
