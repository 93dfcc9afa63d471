import { describe, expect, it } from 'vitest';
import { dueWords, fromLocalInput, localInput } from './due.ts';

const now = Date.parse('2026-11-28T12:00:00Z');
const words = (at: string, isDone = false) => dueWords(at, { isDone }, now, 'en-GB');

describe('when a ticket is due, in words', () => {
  it.each([
    ['2026-11-28T12:00:30Z', 'now'],
    ['2026-11-28T12:05:00Z', 'in 5 min'],
    ['2026-11-28T15:59:00Z', 'in 3 h'],
    ['2026-11-30T13:00:00Z', 'in 2 d'],
    ['2026-12-24T12:00:00Z', '24 Dec'],
    ['2027-01-24T12:00:00Z', '24 Jan 2027'],
    ['2026-11-28T11:59:30Z', 'overdue'],
    ['2026-11-28T10:00:00Z', 'overdue 2 h'],
    ['2026-11-02T10:00:00Z', 'overdue 2 Nov'],
  ])('%s: %s', (at, expected) => {
    expect(words(at)).toBe(expected);
  });

  it('is never overdue once it is done', () => {
    expect(words('2026-11-28T10:00:00Z', true)).toBe('28 Nov');
  });
});

describe('a due time in a form', () => {
  it('is in this computer’s zone, and comes back as the same minute', () => {
    const at = '2026-11-28T17:30:00.000000Z';
    expect(localInput(at)).toMatch(/^2026-11-2\dT\d\d:\d\d$/);
    expect(fromLocalInput(localInput(at))).toBe(at);
  });

  it('is none while it is not whole', () => {
    expect(fromLocalInput('')).toBeNull();
    expect(localInput(null)).toBe('');
  });
});
