import { describe, expect, it, onTestFinished, vi } from 'vitest';
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
    expect(fromLocalInput(localInput(at), at)).toBe(at);
  });

  it('stays in the second of the two hours that are one on the clock, when its minute is changed', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    onTestFinished(() => void vi.unstubAllEnvs());
    const [first, second] = ['2026-10-25T00:30:00.000000Z', '2026-10-25T01:30:00.000000Z'];
    expect([first, second].map(localInput)).toEqual(['2026-10-25T02:30', '2026-10-25T02:30']);
    const changed = (before: string | null, text = '2026-10-25T02:45') => fromLocalInput(text, before);
    expect(changed(second)).toBe('2026-10-25T01:45:00.000000Z');
    expect(changed(first)).toBe('2026-10-25T00:45:00.000000Z');
    expect(changed(null)).toBe('2026-10-25T00:45:00.000000Z');
    expect(changed(second, '2026-10-26T02:45')).toBe('2026-10-26T01:45:00.000000Z');
  });

  it('is none while it is not whole', () => {
    expect(fromLocalInput('', null)).toBeNull();
    expect(localInput(null)).toBe('');
  });
});
