import { expect, it, onTestFinished } from 'vitest';
import { clockTime, exactTime, relativeTime } from './relative-time.ts';

const nowMs = Date.parse('2026-11-24T14:02:00Z');
const ago = (ms: number) => relativeTime(new Date(nowMs - ms).toISOString(), nowMs, 'en-GB');
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

it('says times as people do', () => {
  expect(ago(0)).toBe('just now');
  expect(ago(59_999)).toBe('just now');
  expect(ago(minute)).toBe('1 min');
  expect(ago(2 * hour)).toBe('2 h');
  expect(ago(23.9 * hour)).toBe('23 h');
  expect(ago(3 * day)).toBe('3 d');
  expect(ago(10 * day)).toBe('14 Nov');
  expect(ago(400 * day)).toBe('20 Oct 2025');
});

it('takes a clock that is ahead as now, and no time as nothing', () => {
  expect(ago(-hour)).toBe('just now');
  expect(relativeTime('soon', nowMs)).toBe('');
});

it('names the day with the hour only when it was another', () => {
  const at = new Date(2026, 10, 24, 14, 2).getTime();
  expect(clockTime(at, at, 'en-GB')).toBe('14:02');
  expect(clockTime(at - day, at, 'en-GB')).toContain('23 Nov');
});

it('makes the formatter of a long list once, and another for another language', () => {
  const Own = Intl.DateTimeFormat;
  let made = 0;
  class Counted extends Own {
    constructor(...given: ConstructorParameters<typeof Own>) {
      super(...given);
      made += 1;
    }
  }
  Object.assign(Intl, { DateTimeFormat: Counted });
  onTestFinished(() => void Object.assign(Intl, { DateTimeFormat: Own }));
  for (let row = 0; row < 100; row += 1) exactTime(new Date(nowMs - row * day).toISOString(), 'fr');
  expect(made).toBe(1);
  expect(exactTime('2026-11-24T14:02:00Z', 'de')).not.toBe(exactTime('2026-11-24T14:02:00Z', 'fr'));
});
