import { describe, expect, it } from 'vitest';
import { isTimeZone, readTime } from './search-times.ts';

/** In Berlin it is the 29th already. */
const now = new Date('2026-11-28T23:30:00.000Z');

function read(text: string, { timeZone = 'Europe/Berlin', isAhead = false } = {}) {
  const span = readTime(text, { now, timeZone }, isAhead);
  return span && [span.from, span.until];
}

/** The microseconds, which are always none here. */
function at(time: string): string {
  return time.replace('Z', ':00.000000Z');
}

describe('a day', () => {
  it.each([
    ['2026-11-01', '2026-10-31T23:00Z', '2026-11-01T23:00Z'],
    ['today', '2026-11-28T23:00Z', '2026-11-29T23:00Z'],
    ['yesterday', '2026-11-27T23:00Z', '2026-11-28T23:00Z'],
    ['Tomorrow', '2026-11-29T23:00Z', '2026-11-30T23:00Z'],
    ['2026-11-01..2026-11-07', '2026-10-31T23:00Z', '2026-11-07T23:00Z'],
  ])('%s is that of the zone', (text, from, until) => {
    expect(read(text)).toEqual([at(from), at(until)]);
  });

  it('with > is after it, and with < before it', () => {
    expect(read('>2026-11-01')).toEqual([at('2026-11-01T23:00Z'), null]);
    expect(read('<2026-11-01')).toEqual([null, at('2026-10-31T23:00Z')]);
  });

  it('a range may be open', () => {
    expect(read('2026-11-01..')).toEqual([at('2026-10-31T23:00Z'), null]);
    expect(read('..today')).toEqual([null, at('2026-11-29T23:00Z')]);
  });

  it('is shorter or longer where the clocks change', () => {
    expect(read('2026-03-29')).toEqual([at('2026-03-28T23:00Z'), at('2026-03-29T22:00Z')]);
    expect(read('2026-10-25')).toEqual([at('2026-10-24T22:00Z'), at('2026-10-25T23:00Z')]);
  });

  it('begins when the clocks pass over midnight, and at the first of two midnights', () => {
    expect(read('2026-04-24', { timeZone: 'Africa/Cairo' })?.[0]).toBe(at('2026-04-23T22:00Z'));
    expect(read('2026-10-25', { timeZone: 'Atlantic/Azores' })?.[0]).toBe(at('2026-10-25T00:00Z'));
  });

  it.each([
    ...[
      '2026-02-30',
      '2026-13-01',
      '1969-12-31',
      '26-11-01',
      '2026-11-1',
      '',
      '..',
      '>',
      '7d',
      '>7m',
      '<12345d',
    ],
    ...['2026-11-07..2026-11-01', '>today..tomorrow', 'tostring', '2026-11-01...2026-11-02'],
  ])('is not %j', (text) => expect(read(text)).toBeUndefined());
});

describe('a span', () => {
  it('back is within it with <, and longer ago with >', () => {
    expect(read('<7d')).toEqual([at('2026-11-21T23:30Z'), null]);
    expect(read('>2w')).toEqual([null, at('2026-11-14T23:30Z')]);
  });

  it('ahead is before its end with <, and later with >', () => {
    expect(read('<12h', { isAhead: true })).toEqual([null, at('2026-11-29T11:30Z')]);
    expect(read('>1d', { isAhead: true })).toEqual([at('2026-11-29T23:30Z'), null]);
  });
});

it('a time zone is one of those of the IANA', () => {
  expect(['Europe/Berlin', 'UTC', 'America/Sao_Paulo'].every(isTimeZone)).toBe(true);
  expect(['', 'Mars/Base', 'Europe/Berlin; DROP'].some(isTimeZone)).toBe(false);
});
