/** One clock for everything on the page that says how long ago something was. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { createListeners } from '../../proto/listeners.ts';
import { minuteMs } from './relative-time.ts';

const tickMs = 10_000;
/** By how much the computer's clock is ahead of the server's, of which all times of tickets are. */
let aheadMs = 0;

/** The time by the server's clock, in milliseconds since 1970; by this computer's where no server has told its own. */
export const nowMs = (): number => Date.now() - aheadMs;

/**
 * @param date of an answer. It is told in seconds, and takes its way: within a minute both clocks are right.
 * @param askedAtMs by this computer's clock. An answer that was long on its way, over a sleep, tells nothing.
 */
export function hearServersClock(date: string | null, askedAtMs: number): void {
  const servers = Date.parse(date ?? '');
  const now = Date.now();
  if (Number.isNaN(servers) || now - askedAtMs > minuteMs) return;
  aheadMs = Math.abs(now - servers) < minuteMs ? 0 : now - servers;
}

const ticks = createListeners<void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  const unsubscribe = ticks.add(listener);
  timer ??= setInterval(() => ticks.emit(), tickMs);
  return () => {
    unsubscribe();
    if (ticks.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/**
 * Words that depend on the time, renewed as it goes; who uses them renders only when they change.
 * @param words from milliseconds since 1970 to the words.
 */
export function useTimeWords(words: (nowMs: number) => string): string {
  return useSyncExternalStore(subscribe, () => words(nowMs()));
}

/** The time in milliseconds, anew every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
