/** One waiting create as the running proxy sees it. */
import { filedValues } from '../../../proto/ticket-fields.ts';
import { timestamp } from '../../../proto/utc-time.ts';
import type { Whole } from '../client/types.ts';
import type { Outbox, OutboxChange, OutboxEntry } from '../generated/types.ts';
import type { OutboxRecord } from './outbox-record.ts';

export interface Entry {
  record: OutboxRecord;
  /** Aborts the send under way; undefined while there is none. */
  sending: AbortController | undefined;
  /** Ends with that send, whatever became of it. */
  attempt: Promise<void>;
  /** It is certain that no part of this text has left the computer, in this run or an earlier one. */
  unsent: boolean;
  /** An earlier run may have sent it. Over once the person has it sent again. */
  inDoubt: boolean;
  /** A change by the person is being written: not to be sent meanwhile. */
  held: boolean;
  /** When it was filed; every time here is of performance.now(). */
  filedAtMs: number;
  /** Not to be sent before. */
  dueAtMs: number;
  /** Failures in a row, for the backoff. */
  failures: number;
  /** The last failure was the way's, not the create's: tried again as soon as the way is open. */
  waitsForLink: boolean;
  /** When the queue accepted it, or it was sent again in vain. */
  acceptedAtMs: number;
  /** How often it was sent again in vain. */
  resends: number;
}

/** An entry as the person sees it. */
export type OutboxEntryView = Whole<OutboxEntry>;
/** What holds for all of the outbox. */
export type OutboxStanding = Whole<Omit<Outbox, 'entries' | 'writes'>>;
export type OutboxEvent = Whole<Omit<OutboxChange, 'entry'>> & { entry: OutboxEntryView };

/** @param from where the record comes from: one just filed has certainly not been sent, whatever the disk says. */
export function newEntry(record: OutboxRecord, from: 'disk' | 'person'): Entry {
  const nowMs = performance.now();
  // By a wrong clock, then or now, it may be from the future: then it has not waited.
  const waitedMs = from === 'disk' ? Math.max(0, Date.now() - Date.parse(record.createdAt)) : 0;
  return {
    record,
    filedAtMs: nowMs - waitedMs,
    sending: undefined,
    attempt: Promise.resolve(),
    unsent: from === 'person' || !record.mayBeSent,
    inDoubt: from === 'disk' && record.mayBeSent,
    held: false,
    dueAtMs: nowMs,
    failures: 0,
    waitsForLink: false,
    acceptedAtMs: nowMs,
    resends: 0,
  };
}

/** @param openAtMs when the way to the service is tried next at the earliest, by performance.now(). */
export function viewOf(entry: Entry, openAtMs: number): OutboxEntryView {
  const { requestId, createdAt, state, attempts, lastError, lastErrorField, conflict } = entry.record;
  const goesOut = state === 'QUEUED' && entry.sending === undefined;
  return {
    ...filedValues(entry.record),
    requestId,
    createdAt,
    state,
    id: null,
    attempts,
    lastError,
    lastErrorField,
    conflict,
    nextAttemptAt: goesOut ? timestamp(onCalendar(Math.max(entry.dueAtMs, openAtMs))) : null,
  };
}

/** A moment to come, in ms since 1970 by the clock as it is set now; a past one becomes now. */
function onCalendar(atMs: number): number {
  return Date.now() + Math.max(0, atMs - performance.now());
}
