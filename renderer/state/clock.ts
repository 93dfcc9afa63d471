/** One clock for everything on the page that says how long ago something was. */
import { useEffect, useState, useSyncExternalStore } from 'react';

const tickMs = 10_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/**
 * Words that depend on the time, renewed as it goes; who uses them renders only when they change.
 * @param words from milliseconds since 1970 to the words.
 */
export function useTimeWords(words: (nowMs: number) => string): string {
  return useSyncExternalStore(subscribe, () => words(Date.now()));
}

/** The time in milliseconds, anew every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
