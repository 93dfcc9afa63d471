/** The times that a search asks for, as they are typed: days, ranges of them, and spans before or after now. */
import { timestamp } from './utc-time.ts';

export interface Clock {
  now: Date;
  /** Whose days are meant: a name of the IANA, as Europe/Berlin. */
  timeZone: string;
}

/** `from` is in it and `until` is not; null is without end. In the form of utcTime(). */
export interface TimeSpan {
  from: string | null;
  until: string | null;
  /** The same text means another time later. */
  dependsOnTime: boolean;
}

const dayMs = 86_400_000;
const unitMs = { h: 3_600_000, d: dayMs, w: 7 * dayMs };
const namedDays = { yesterday: -1, today: 0, tomorrow: 1 };
export const dayNames: readonly string[] = Object.keys(namedDays);

export function isTimeZone(timeZone: string): boolean {
  try {
    clockOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/**
 * Undefined for what is no time.
 * @param isAhead a span is counted from now on, and not back: "<7d" is before that end of it, and otherwise within it.
 */
export function readTime(text: string, clock: Clock, isAhead: boolean): TimeSpan | undefined {
  const typed = text.toLowerCase();
  return spanOf(typed, clock, isAhead) ?? daysOf(typed, clock);
}

function spanOf(typed: string, { now }: Clock, isAhead: boolean): TimeSpan | undefined {
  const [, sign, count, unit] = /^([<>])(\d{1,4})([hdw])$/.exec(typed) ?? [];
  if (count === undefined) return undefined;
  const length = Number(count) * unitMs[unit as keyof typeof unitMs];
  const end = timestamp(now.getTime() + (isAhead ? length : -length));
  const isBefore = (sign === '<') === isAhead;
  return { from: isBefore ? null : end, until: isBefore ? end : null, dependsOnTime: true };
}

function daysOf(typed: string, clock: Clock): TimeSpan | undefined {
  const [, sign, first = '', dots, last = ''] =
    /^([<>]?)([a-z\d-]*)(?:(\.\.)([a-z\d-]*))?$/.exec(typed) ?? [];
  if ((sign && dots) || (first === '' && last === '')) return undefined;
  const [a, b] = [dayOf(first, clock), dayOf(dots ? last : first, clock)];
  if (a === undefined || b === undefined || (a !== null && b !== null && a > b)) return undefined;
  const starts = (day: number | null) => (day === null ? null : timestamp(startOf(day, clock.timeZone)));
  const after = b === null ? null : b + 1;
  const dependsOnTime = [first, last].some((day) => day in namedDays);
  if (sign === '>') return { from: starts(after), until: null, dependsOnTime };
  if (sign === '<') return { from: null, until: starts(a), dependsOnTime };
  return { from: starts(a), until: starts(after), dependsOnTime };
}

/** As the number of days since 1970; null where none is typed, undefined for what is no day. */
function dayOf(typed: string, { now, timeZone }: Clock): number | null | undefined {
  if (typed === '') return null;
  if (Object.hasOwn(namedDays, typed)) {
    const today = Math.floor((now.getTime() + offsetAt(now.getTime(), timeZone)) / dayMs);
    return today + namedDays[typed as keyof typeof namedDays];
  }
  if (!/^(19[7-9]|2\d{2})\d-\d\d-\d\d$/.test(typed)) return undefined;
  const ms = Date.parse(`${typed}T00:00Z`);
  // A day that there is not is none, or another day.
  const isDay = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(typed);
  return isDay ? ms / dayMs : undefined;
}

/** The first moment of a day in a zone: midnight, or the moment in which the clocks pass over it. */
function startOf(day: number, timeZone: string): number {
  const midnight = day * dayMs;
  const [before = 0, after = 0] = [-dayMs, dayMs].map((away) => offsetAt(midnight + away, timeZone));
  // The earlier moment first: where the clocks go back over midnight there are two.
  const moments = [before, after].map((offset) => midnight - offset).sort((a, b) => a - b);
  const isMidnight = (ms: number) => ms + offsetAt(ms, timeZone) === midnight;
  return moments.find(isMidnight) ?? midnight - before;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
/** There are fewer zones, but one can be written in several ways. */
const maxClocks = 100;

/** @throws RangeError: there is no such zone */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const number = 'numeric';
  const clock = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    ...{ timeZone, hourCycle: 'h23', year: number, month: number, day: number },
    ...{ hour: number, minute: number, second: number },
  });
  if (clocks.size >= maxClocks) clocks.clear();
  clocks.set(timeZone, clock);
  return clock;
}

/** How far the clocks of a zone are before UTC at that moment, in ms. */
function offsetAt(ms: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(ms);
  const [year = 0, month = 0, day = 0, hour, minute, second] = (
    ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
  ).map((type) => Number(parts.find((part) => part.type === type)?.value));
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}
