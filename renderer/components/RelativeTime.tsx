/** A time in words that tick; the exact one on hover. With `sentence` as part of one: "filed 2 h ago". */
import { useTimeWords } from '../state/clock.ts';
import { exactTime, relativeTime, timeInSentence } from '../state/relative-time.ts';

export interface RelativeTimeProps {
  at: string;
  sentence?: boolean;
}

export function RelativeTime({ at, sentence = false }: RelativeTimeProps) {
  const words = useTimeWords((nowMs) => (sentence ? timeInSentence(at, nowMs) : relativeTime(at, nowMs)));
  return (
    <time dateTime={at} title={exactTime(at)}>
      {words}
    </time>
  );
}
