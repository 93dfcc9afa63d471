/** When a ticket is to be done: in words, and as a form takes it, in this computer's zone. */
import { utcTime } from '../../proto/utc-time.ts';
import { locale } from './locale.ts';
import { dayWords, hourMs, minuteMs, relativeTime, spanWords } from './relative-time.ts';

/** "overdue 2 h", "in 3 d", and from a week on the date; of a ticket that is done the date alone. */
export function dueWords(at: string, { isDone }: { isDone: boolean }, nowMs: number, tag = locale()): string {
  const atMs = Date.parse(at);
  const leftMs = atMs - nowMs;
  if (isOverdue(at, nowMs)) {
    if (isDone) return dayWords(atMs, nowMs, tag);
    return leftMs > -minuteMs ? 'overdue' : `overdue ${relativeTime(at, nowMs, tag)}`;
  }
  if (leftMs < minuteMs) return 'now';
  const span = spanWords(leftMs);
  return span ? `in ${span}` : dayWords(atMs, nowMs, tag);
}

export function isOverdue(at: string, nowMs: number): boolean {
  return Date.parse(at) < nowMs;
}

/** As <input type="datetime-local"> has it: "2026-11-24T17:00". */
export function localInput(at: string | null): string {
  const time = new Date(at ?? Number.NaN);
  if (Number.isNaN(time.getTime())) return '';
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [String(time.getFullYear()).padStart(4, '0'), two(time.getMonth() + 1), two(time.getDate())];
  return `${day.join('-')}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/**
 * Null while no whole time stands there. A time that the desk takes for none is left as it is, to be refused in words.
 * @param before what stood there: tells which is meant of two hours that are one on the clock, as it is set back
 */
export function fromLocalInput(text: string, before: string | null): string | null {
  const first = new Date(text);
  if (Number.isNaN(first.getTime())) return null;
  const second = new Date(first.getTime() + hourMs);
  const staysSecond = isSecond(second.toISOString()) && before !== null && isSecond(before);
  const time = (staysSecond ? second : first).toISOString();
  return utcTime(time) ?? time;
}

/** Whether the clock has shown the same an hour ago. */
function isSecond(at: string): boolean {
  return localInput(new Date(Date.parse(at) - hourMs).toISOString()) === localInput(at);
}
