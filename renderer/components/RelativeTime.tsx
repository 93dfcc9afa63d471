/** A time in words that tick; the exact one on hover. */
import { useTimeWords } from '../state/clock.ts';
import { exactTime, relativeTime } from '../state/relative-time.ts';

export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const words = useTimeWords((nowMs) => relativeTime(at, nowMs));
  return (
    <time dateTime={at} title={exactTime(at)} className={className}>
      {words}
    </time>
  );
}
