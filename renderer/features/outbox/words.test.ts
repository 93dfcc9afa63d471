import { describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../../state/live.tsx';
import { waitingEntry } from '../../testing/outbox-entry.ts';
import { discardQuestion, errorWords, isEditable, retryLabel, tryWords } from './words.ts';

const entry = waitingEntry({
  createdAt: '2026-11-24T14:00:00.000000Z',
  nextAttemptAt: '2026-11-24T14:02:10.000000Z',
});
const now = Date.parse('2026-11-24T14:02:00Z');

describe('a create that waits', () => {
  const words = (over: Partial<OutboxEntry>, { isBlocked = false, later = 0 } = {}) =>
    tryWords({ ...entry, ...over }, { isBlocked, nowMs: now + later });

  it('counts its tries, and says when it is tried next', () => {
    expect(words({})).toBe('not tried yet · next try in 10 s');
    expect(words({ attempts: 1 }, { later: 11_000 })).toBe('tried once · next try any moment now');
    expect(words({ attempts: 1_200, nextAttemptAt: '2026-11-24T14:05:30Z' })).toBe(
      'tried 1,200 times · next try in 4 min',
    );
    expect(words({ nextAttemptAt: null })).toBe('not tried yet · being sent now');
    expect(words({ state: 'SENT', attempts: 1, nextAttemptAt: null })).toBe('tried once');
    expect(words({ state: 'FAILED', attempts: 1, nextAttemptAt: null })).toBe('tried once');
  });

  it('waits for the link while nothing goes out, whatever time it was given before', () => {
    const back = 'goes out by itself as soon as the link is back';
    expect(words({}, { isBlocked: true, later: 120_000 })).toBe(back);
    expect(words({ attempts: 2 }, { isBlocked: true })).toBe(`tried 2 times · ${back}`);
    expect(words({ state: 'FAILED', attempts: 2 }, { isBlocked: true })).toBe('tried 2 times');
  });

  it('has an error of its own where the way is open, and its reason where it failed', () => {
    const lastError = 'The database is being moved.';
    expect(errorWords({ ...entry, lastError }, false)).toBe(lastError);
    expect(errorWords({ ...entry, lastError }, true)).toBeNull();
    expect(errorWords({ ...entry, state: 'FAILED', lastError }, true)).toBe(lastError);
  });

  it('can be edited while nobody else can have it', () => {
    expect(isEditable(entry)).toBe(true);
    expect(isEditable({ ...entry, state: 'FAILED', attempts: 3 })).toBe(true);
    expect(isEditable({ ...entry, attempts: 1 })).toBe(false);
    expect(isEditable({ ...entry, state: 'SENT', attempts: 1 })).toBe(false);
  });

  it('names what sending it once more does', () => {
    const failed = { ...entry, state: 'FAILED' } as const;
    const conflict = { requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a02', ticketId: 7 };
    expect([entry, failed, { ...failed, conflict }].map(retryLabel)).toEqual([
      'Try now',
      'Try again',
      'File as a new ticket',
    ]);
  });

  it('says before it is discarded whether it may already be on its way', () => {
    expect(discardQuestion(entry)).toContain('never sent');
    expect(discardQuestion({ ...entry, state: 'FAILED', attempts: 1 })).toContain('will not become');
    expect(discardQuestion({ ...entry, attempts: 2 })).toContain('may have reached');
    expect(discardQuestion({ ...entry, state: 'SENT', attempts: 1 })).toContain('may have reached');
  });
});
