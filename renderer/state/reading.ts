/** What is counted of the tickets: read again with each new link and after changes, a burst at a time. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLive, useTicketChanges } from './live.tsx';

/** At most one reading in this time, however many changes there are. */
const rereadMs = 200;
/** One reading that hung, on a bad link, is no reason to show for an hour what was. */
export const longestRestMs = 60_000;

/**
 * What was read last; what can't be read stays as it was, and the link mark says that it may be old.
 * @param rests how many times as long as a reading takes nothing is read after it
 */
export function useReading<Value>(read: () => Promise<Value>, rests: number): Value | undefined {
  const live = useLive();
  const [value, setValue] = useState<Value>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pauseMs = useRef(rereadMs);
  const underWay = useRef<object>(undefined);
  const isOld = useRef(false);

  const again = useCallback(async () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    isOld.current = false;
    const reading = {};
    underWay.current = reading;
    const beganMs = performance.now();
    const answer = await read().catch(() => undefined);
    if (underWay.current !== reading) return;
    underWay.current = undefined;
    pauseMs.current = Math.min(longestRestMs, Math.max(rereadMs, rests * (performance.now() - beganMs)));
    if (answer !== undefined) setValue(answer);
    if (isOld.current) timer.current = setTimeout(() => void again(), pauseMs.current);
  }, [read, rests]);

  useEffect(() => {
    void again();
    return () => {
      underWay.current = undefined;
      clearTimeout(timer.current);
    };
  }, [again]);
  useEffect(() => live.onReset(() => void again()), [live, again]);
  useTicketChanges(() => {
    isOld.current = true;
    // One under way is waited for: where each began a next one, and that counted alone, none would ever be shown.
    if (!underWay.current) timer.current ??= setTimeout(() => void again(), pauseMs.current);
  });
  return value;
}
