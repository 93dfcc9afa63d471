/** When a ticket is to be done, in words that tick; the exact time on hover. Overdue is a word and a mark of its own. */
import { nowMs, useTimeWords } from '../state/clock.ts';
import { dueWords, isOverdue } from '../state/due.ts';
import { exactTime } from '../state/relative-time.ts';

export interface DueTimeProps {
  at: string;
  /** Nothing is late any more. */
  isDone: boolean;
}

export function DueTime({ at, isDone }: DueTimeProps) {
  const words = useTimeWords((now) => dueWords(at, { isDone }, now));
  const isLate = !isDone && isOverdue(at, nowMs());
  return (
    <time
      dateTime={at}
      title={`Due ${exactTime(at)}`}
      className={`d-inline-flex align-items-center gap-2 text-nowrap ${isLate ? 'text-danger-emphasis fw-semibold' : ''}`}
    >
      <svg viewBox="0 0 16 16" className="glyph" aria-hidden="true" fill="none" stroke="currentColor">
        {isLate ? (
          <path d="M8 2 14.6 13.6H1.4ZM8 6.4v3.4M8 11.4v.4" strokeWidth={1.75} strokeLinejoin="round" />
        ) : (
          <path d="M8 4.5V8l2.4 1.6M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0Z" strokeWidth={1.5} />
        )}
      </svg>
      <span>{words}</span>
    </time>
  );
}
