import { expect, it, vi } from 'vitest';
import { waitingEntry } from '../testing/outbox-entry.ts';
import { type OutboxEntry, OutboxStore, type QueuedWrite } from './outbox-store.ts';

const entry = (requestId: string, state: OutboxEntry['state'] = 'QUEUED') =>
  waitingEntry({ requestId, state, createdAt: `2026-11-24T10:00:00.00000${requestId}Z` });
const change = (changed: OutboxEntry, removed = false) => ({
  entry: changed,
  removed,
  waiting: 1,
  blockedBy: null,
  failed: 0,
});
const ids = (store: OutboxStore) => store.state().entries.map(({ requestId }) => requestId);

it('keeps the entries oldest first, each once, with the counts of the last change', () => {
  const store = new OutboxStore();
  store.apply(change(entry('2')));
  store.apply(change(entry('1')));
  store.apply(change(entry('2', 'SENT')));
  expect(ids(store)).toEqual(['1', '2']);
  expect(store.state()).toMatchObject({ waiting: 1, loaded: false });
  expect(store.state().entries[1]?.state).toBe('SENT');
});

it('does not bring back what has left by a reading that was made before', () => {
  const store = new OutboxStore();
  store.apply(change(entry('1')));
  store.apply(change(entry('1', 'STORED'), true));
  store.replace({ entries: [entry('1'), entry('2')], writes: [], waiting: 2, failed: 0, blockedBy: null });
  expect(ids(store)).toEqual(['2']);
});

it('takes one back that was discarded and filed again', () => {
  const store = new OutboxStore();
  store.apply(change(entry('1'), true));
  store.apply(change(entry('1')));
  store.replace({ entries: [entry('1')], writes: [], waiting: 1, failed: 0, blockedBy: null });
  expect(ids(store)).toEqual(['1']);
});

it('tells its listeners, and keeps its state the same until then', () => {
  const store = new OutboxStore();
  const listener = vi.fn();
  const stop = store.subscribe(listener);
  expect(store.state()).toBe(store.state());
  store.apply(change(entry('1')));
  stop();
  store.apply(change(entry('2')));
  expect(listener).toHaveBeenCalledTimes(1);
});

it('keeps what waits for a ticket in the order in which it was made, with the counts of the last change', () => {
  const store = new OutboxStore();
  const write = (requestId: string, lastError: string | null = null): QueuedWrite => ({
    requestId,
    ticketId: 7,
    ticketRequestId: null,
    createdAt: '2026-11-24T10:00:00.000000Z',
    author: null,
    state: 'QUEUED',
    attempts: 0,
    lastError,
    comment: { kind: 'NOTE', body: requestId },
    changes: [],
    current: null,
  });
  const standing = { stored: false, waiting: 2, failed: 0 };
  store.applyWrite({ write: write('b'), removed: false, ...standing });
  store.applyWrite({ write: write('a'), removed: false, ...standing });
  store.applyWrite({ write: write('b', 'not reached'), removed: false, ...standing });
  expect(store.state().writes.map(({ requestId }) => requestId)).toEqual(['b', 'a']);
  store.applyWrite({ write: write('b'), removed: true, ...standing, waiting: 1 });
  store.replace({ ...store.state(), writes: [write('b'), write('a')] });
  expect(store.state()).toMatchObject({ writes: [{ requestId: 'a' }], waiting: 1 });
});
