import { describe, expect, it } from 'vitest';
import { canonical } from './field-kinds.ts';
import { ticketFields } from './ticket-fields.ts';
import { utcTime } from './utc-time.ts';

describe('a set', () => {
  const tags = (entries: string[]) => canonical(ticketFields.tags, entries);

  it('has each tag once, however it was typed, and in one order', () => {
    expect(tags(['VPN', ' vpn ', 'Floor\t 3', 'ｖｐｎ', 'v\u200bpn', 'floor 3'])).toEqual(['floor 3', 'vpn']);
  });

  it('is parted at commas, so that none has one', () => {
    expect(tags(['b, a', 'c，d'])).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keeps the marks of letters, in one spelling', () => {
    expect(tags(['Büro', 'Bu\u0308ro', 'buro'])).toEqual(['buro', 'büro']);
    expect(tags(['İstanbul'])).toEqual(tags(['i\u0307stanbul']));
  });

  it('is the same again once it has its form', () => {
    const once = tags(['ΟΔΟΣ', 'Straße', 'ﬁle', '서버', 'ẞ']);
    expect(tags(once as string[])).toEqual(once);
  });

  it('takes no work on what is far too long', () => {
    const huge = 'a\u0301'.repeat(200_000);
    expect(tags([huge])).toEqual([huge]);
  });
});

describe('a time', () => {
  it.each([
    ['2030-01-01T12:00:00Z', '2030-01-01T12:00:00.000000Z'],
    ['2030-01-01t14:30:00.5+02:30', '2030-01-01T12:00:00.500000Z'],
    ['2029-12-31 23:59:59.1234567-05:00', '2030-01-01T04:59:59.123456Z'],
  ])('%s has one form', (given, form) => {
    expect(utcTime(given)).toBe(form);
    expect(utcTime(form)).toBe(form);
  });

  it.each([
    ...['', 'tomorrow', '2030-01-01', '2030-01-01T12:00:00', '2030-02-30T12:00:00Z', '2030-13-01T00:00:00Z'],
    ...[
      '1969-12-31T23:59:59Z',
      '1970-01-01T00:00:00+01:00',
      '9999-12-31T23:59:59-01:00',
      '2030-01-01T24:00:00Z',
    ],
    `2030-01-01T12:00:00.${'0'.repeat(30)}Z`,
  ])('%s is none', (given) => {
    expect(utcTime(given)).toBeUndefined();
  });
});
