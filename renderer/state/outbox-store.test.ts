import { expect, it, vi } from 'vitest';
import { filedValues } from '../../proto/ticket-fields.ts';
import { type OutboxEntry, OutboxStore } from './outbox-store.ts';

const entry = (requestId: string, state: OutboxEntry['state'] = 'QUEUED'): OutboxEntry => ({
  requestId,
  ...filedValues({ title: requestId, name: 'Ada' }),
  createdAt: `2026-11-24T10:00:00.00000${requestId}Z`,
  state,
  id: null,
  attempts: 0,
  lastError: null,
  lastErrorField: null,
  nextAttemptAt: null,
  conflict: null,
});
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
  store.replace({ entries: [entry('1'), entry('2')], waiting: 2, failed: 0, blockedBy: null });
  expect(ids(store)).toEqual(['2']);
});

it('takes one back that was discarded and filed again', () => {
  const store = new OutboxStore();
  store.apply(change(entry('1'), true));
  store.apply(change(entry('1')));
  store.replace({ entries: [entry('1')], waiting: 1, failed: 0, blockedBy: null });
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
