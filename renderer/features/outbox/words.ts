/** What happens with a create that waits, in words for the person. */
import type { OutboxEntry } from '../../state/live.tsx';
import { countText } from '../../state/locale.ts';

/** Whether its text may still be replaced: it failed, or never left this computer. */
export function isEditable(entry: OutboxEntry): boolean {
  return entry.state === 'FAILED' || (entry.state === 'QUEUED' && entry.attempts === 0);
}

/** Why the last try failed; null where nothing goes out at all, which is said once for all of them. */
export function errorWords({ state, lastError }: OutboxEntry, isBlocked: boolean): string | null {
  return isBlocked && state !== 'FAILED' ? null : lastError;
}

/** What was tried with it, and when something happens next. @param isBlocked nothing goes out at the moment */
export function tryWords(
  entry: OutboxEntry,
  { isBlocked, nowMs }: { isBlocked: boolean; nowMs: number },
): string {
  return [triedWords(entry, isBlocked), nextWords(entry, { isBlocked, nowMs })]
    .filter((words) => words !== null)
    .join(' · ');
}

/** "not tried yet", "tried once", "tried 12 times"; null where that it waits says it all. */
function triedWords({ attempts }: OutboxEntry, isBlocked: boolean): string | null {
  if (attempts === 0) return isBlocked ? null : 'not tried yet';
  return attempts === 1 ? 'tried once' : `tried ${countText(attempts)} times`;
}

/** Null for one that waits for the person or for its number. */
function nextWords(
  { state, nextAttemptAt }: OutboxEntry,
  { isBlocked, nowMs }: { isBlocked: boolean; nowMs: number },
): string | null {
  if (state === 'FAILED' || state === 'SENT') return null;
  // Each has a next time of its own all the while, which comes and goes.
  if (isBlocked) return 'goes out by itself as soon as the link is back';
  if (nextAttemptAt === null) return 'being sent now';
  const seconds = Math.ceil((Date.parse(nextAttemptAt) - nowMs) / 1_000);
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
