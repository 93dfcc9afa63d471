import { filedValues } from '../../proto/ticket-fields.ts';
import type { OutboxEntry } from '../state/outbox-store.ts';

/** A create that waits, and was not tried yet. */
export function waitingEntry({ title = 'Printer', ...over }: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    ...filedValues({ title, description: '', name: 'Ada' }),
    requestId: '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a02',
    createdAt: '2026-11-28T10:00:00.000000Z',
    state: 'QUEUED',
    id: null,
    attempts: 0,
    lastError: null,
    lastErrorField: null,
    nextAttemptAt: null,
    conflict: null,
    ...over,
  };
}
