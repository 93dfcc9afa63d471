/** What waits on this computer for a ticket, shown over what the ticket service has of it. */
import type { FieldValue } from '../../proto/field-kinds.ts';
import { type EditFieldName, editFieldNames, fieldOf } from '../../proto/ticket-fields.ts';
import { isOneOf } from './form-values.ts';
import { type QueuedWrite, useOutbox } from './live.tsx';

/** Oldest first. */
export function useQueued(ticketId: number): readonly QueuedWrite[] {
  const { writes } = useOutbox();
  return writes.filter((write) => write.ticketId === ticketId);
}

/** For a ticket that waits for its number. */
export function useQueuedOfCreate(requestId: string): readonly QueuedWrite[] {
  const { writes } = useOutbox();
  return writes.filter(({ ticketId, ticketRequestId }) => ticketId === null && ticketRequestId === requestId);
}

/** The ticket as it will be once what waits is stored; what came back to its author is not. */
export function withQueued<Ticket extends object>(ticket: Ticket, writes: readonly QueuedWrite[]): Ticket {
  const changed = writes
    .filter(({ state }) => state !== 'FAILED')
    .flatMap(changesOf)
    .map(({ field, to }) => [field, to]);
  return changed.length === 0 ? ticket : { ...ticket, ...Object.fromEntries(changed) };
}

/** Which fields it changes, and to what: the queue tells that as text, and no tag holds a comma. */
export function changesOf({ changes }: QueuedWrite): { field: EditFieldName; to: FieldValue }[] {
  return changes.flatMap(({ field, to }) => {
    if (!isOneOf(editFieldNames, field)) return [];
    return [{ field, to: fieldOf(field).kind === 'set' ? (to ? to.split(', ') : []) : to }];
  });
}
