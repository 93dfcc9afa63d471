import { describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../../state/live.tsx';
import { discardQuestion, isEditable, nextTryWords, retryLabel, triesWords } from './words.ts';

const entry: OutboxEntry = {
  requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01',
  title: 'Printer',
  description: '',
  name: 'Ada',
  createdAt: '2026-11-24T14:00:00.000000Z',
  state: 'QUEUED',
  id: null,
  attempts: 0,
  lastError: null,
  lastErrorField: null,
  nextAttemptAt: '2026-11-24T14:02:10.000000Z',
  conflict: null,
};
const now = Date.parse('2026-11-24T14:02:00Z');

describe('a create that waits', () => {
  it('says when it is tried next', () => {
    expect(nextTryWords(entry, now)).toBe('next try in 10 s');
    expect(nextTryWords(entry, now + 11_000)).toBe('next try any moment now');
    expect(nextTryWords({ ...entry, nextAttemptAt: '2026-11-24T14:05:30Z' }, now)).toBe('next try in 4 min');
    expect(nextTryWords({ ...entry, nextAttemptAt: null }, now)).toBe('being sent now');
    expect(nextTryWords({ ...entry, state: 'SENT', nextAttemptAt: null }, now)).toBeNull();
    expect(nextTryWords({ ...entry, state: 'FAILED', nextAttemptAt: null }, now)).toBeNull();
  });

  it('counts its tries', () => {
    expect([0, 1, 1_200].map(triesWords)).toEqual(['not tried yet', 'tried once', 'tried 1,200 times']);
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
