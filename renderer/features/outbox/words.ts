/** What happens with a create that waits, in words for the person. */
import type { OutboxEntry } from '../../state/live.tsx';
import { countText } from '../../state/locale.ts';

/** Whether its text may still be replaced: it failed, or never left this computer. */
export function isEditable(entry: OutboxEntry): boolean {
  return entry.state === 'FAILED' || (entry.state === 'QUEUED' && entry.attempts === 0);
}

/** "not tried yet", "tried once", "tried 12 times". */
export function triesWords(attempts: number): string {
  if (attempts === 0) return 'not tried yet';
  return attempts === 1 ? 'tried once' : `tried ${countText(attempts)} times`;
}

/** When it goes out next; null for one that waits for the person or for its number. */
export function nextTryWords(entry: OutboxEntry, nowMs: number): string | null {
  if (entry.state === 'FAILED') return null;
  if (entry.nextAttemptAt === null) return entry.state === 'SENT' ? null : 'being sent now';
  const seconds = Math.ceil((Date.parse(entry.nextAttemptAt) - nowMs) / 1_000);
  if (seconds <= 0) return 'next try any moment now';
  return `next try in ${seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`}`;
}

/** One whose place another text has got is sent as a ticket of its own. */
export function retryLabel({ state, conflict }: OutboxEntry): string {
  if (conflict) return 'File as a new ticket';
  return state === 'FAILED' ? 'Try again' : 'Try now';
}

/** What discarding means, asked once before it is done. */
export function discardQuestion(entry: OutboxEntry): string {
  const mayHaveArrived = entry.state === 'SENT' || (entry.state === 'QUEUED' && entry.attempts > 0);
  return mayHaveArrived
    ? 'Discard it? It may have reached the service already and can still become a ticket.'
    : entry.state === 'FAILED'
      ? 'Discard it? It will not become a ticket.'
      : 'Discard it? It was never sent and will not become a ticket.';
}
