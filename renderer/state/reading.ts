/** What is counted of the tickets: read again with each new link and after changes, a burst at a time. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLive, useTicketChanges } from './live.tsx';

/** At most one reading in this time, however many changes there are. */
const rereadMs = 200;

/**
 * What was read last; what can't be read stays as it was, and the link mark says that it may be old.
 * @param rests how many times as long as a reading takes nothing is read after it
 */
export function useReading<Value>(read: () => Promise<Value>, rests: number): Value | undefined {
  const live = useLive();
  const [value, setValue] = useState<Value>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pauseMs = useRef(rereadMs);
  const latest = useRef<object>(undefined);

  const again = useCallback(async () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const reading = {};
    latest.current = reading;
    const beganMs = performance.now();
    const answer = await read().catch(() => undefined);
    pauseMs.current = Math.max(rereadMs, rests * (performance.now() - beganMs));
    if (answer !== undefined && latest.current === reading) setValue(answer);
  }, [read, rests]);

  useEffect(() => {
    void again();
    return () => clearTimeout(timer.current);
  }, [again]);
  useEffect(() => live.onReset(() => void again()), [live, again]);
  useTicketChanges(() => {
    timer.current ??= setTimeout(() => void again(), pauseMs.current);
  });
  return value;
}
