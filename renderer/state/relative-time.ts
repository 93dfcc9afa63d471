/** Times as people say them: "just now", "5 min", "2 h", "3 d", then the date. */
import { locale } from './locale.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const day = { day: 'numeric', month: 'short' } as const;
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const forms = {
  day,
  'day of a year': { ...day, year: 'numeric' },
  clock,
  'clock of a day': { ...clock, ...day },
  exact: { dateStyle: 'medium', timeStyle: 'medium' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Kept, as to make one takes longer than to draw the rest of a row. */
function formatter(tag: string | undefined, form: keyof typeof forms): Intl.DateTimeFormat {
  const key = `${tag} ${form}`;
  const kept = formatters.get(key) ?? new Intl.DateTimeFormat(tag, forms[form]);
  formatters.set(key, kept);
  return kept;
}

/** @param nowMs milliseconds since 1970. A time ahead of this computer's clock counts as now. */
export function relativeTime(iso: string, nowMs: number, tag = locale()): string {
  const thenMs = Date.parse(iso);
  if (Number.isNaN(thenMs)) return '';
  const ageMs = nowMs - thenMs;
  if (ageMs < minuteMs) return 'just now';
  return spanWords(ageMs) ?? dayWords(thenMs, nowMs, tag);
}

/** "5 min", "2 h", "3 d"; undefined from a week on. @param ms a minute at least */
export function spanWords(ms: number): string | undefined {
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  if (ms < dayMs) return `${Math.floor(ms / hourMs)} h`;
  return ms < 7 * dayMs ? `${Math.floor(ms / dayMs)} d` : undefined;
}

/** "24 Nov", with the year where it is not this one. */
export function dayWords(atMs: number, nowMs: number, tag = locale()): string {
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return formatter(tag, sameYear ? 'day' : 'day of a year').format(atMs);
}

/** As a part of a sentence: "just now", "2 h ago", "on 24 Nov". */
export function timeInSentence(iso: string, nowMs: number, tag = locale()): string {
  const words = relativeTime(iso, nowMs, tag);
  const ageMs = nowMs - Date.parse(iso);
  if (ageMs < minuteMs || words === '') return words;
  return spanWords(ageMs) ? `${words} ago` : `on ${words}`;
}

/** The whole time, in this computer's zone: for hovering and for screen readers. */
export function exactTime(iso: string, tag = locale()): string {
  const thenMs = Date.parse(iso);
  if (Number.isNaN(thenMs)) return '';
  return formatter(tag, 'exact').format(thenMs);
}

/** "14:02" today, "24 Nov, 14:02" before. */
export function clockTime(atMs: number, nowMs: number, tag = locale()): string {
  const today = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return formatter(tag, today ? 'clock' : 'clock of a day').format(atMs);
}
