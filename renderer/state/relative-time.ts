/** Times as people say them: "just now", "5 min", "2 h", "3 d", then the date. */
import { locale } from './locale.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** @param nowMs milliseconds since 1970. A time ahead of this computer's clock counts as now. */
export function relativeTime(iso: string, nowMs: number, tag = locale()): string {
  const thenMs = Date.parse(iso);
  if (Number.isNaN(thenMs)) return '';
  const ageMs = nowMs - thenMs;
  if (ageMs < minuteMs) return 'just now';
  if (ageMs < hourMs) return `${Math.floor(ageMs / minuteMs)} min`;
  if (ageMs < dayMs) return `${Math.floor(ageMs / hourMs)} h`;
  if (ageMs < 7 * dayMs) return `${Math.floor(ageMs / dayMs)} d`;
  const sameYear = new Date(thenMs).getFullYear() === new Date(nowMs).getFullYear();
  return new Intl.DateTimeFormat(tag, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(thenMs);
}

/** As a part of a sentence: "just now", "2 h ago", "on 24 Nov". */
export function timeInSentence(iso: string, nowMs: number, tag = locale()): string {
  const words = relativeTime(iso, nowMs, tag);
  const ageMs = nowMs - Date.parse(iso);
  if (ageMs < minuteMs || words === '') return words;
  return ageMs < 7 * dayMs ? `${words} ago` : `on ${words}`;
}

/** The whole time, in this computer's zone: for hovering and for screen readers. */
export function exactTime(iso: string, tag = locale()): string {
  const thenMs = Date.parse(iso);
  if (Number.isNaN(thenMs)) return '';
  return new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' }).format(thenMs);
}

/** "14:02" today, "24 Nov, 14:02" before. */
export function clockTime(atMs: number, nowMs: number, tag = locale()): string {
  const today = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return new Intl.DateTimeFormat(tag, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(today ? {} : { day: 'numeric', month: 'short' }),
  }).format(atMs);
}
