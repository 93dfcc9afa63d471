/**
 * Comments and changes of tickets that the ticket service has not answered for: on the disk before they are called saved,
 * and each sent until it is answered, those of one ticket in the order in which they were made. When is the sender's.
 */
import { LRUCache } from 'lru-cache';
import { createListeners } from '../../../proto/listeners.ts';
import { DeskError } from '../../errors.ts';
import type { KnownTicket } from '../client/types.ts';
import type { RecordStore } from '../outbox/store.ts';
import { failureOf } from './write-errors.ts';
import { contentOf, type WriteRecord } from './write-record.ts';

/** What became of a write, as far as it is known. */
export interface WriteResult {
  state: 'QUEUED' | 'STORED' | 'FAILED';
  /** Of a comment that is stored. */
  commentId?: number;
  /** As a change left it, or as it is since. */
  ticket?: KnownTicket | null;
  /** That a change gave the ticket. */
  version?: number | null;
  /** Why it failed. */
  error?: DeskError;
}

export interface WriteEvent {
  write: WriteRecord;
  /** Set of one that has left: what became of it, or null when it was discarded. */
  left?: WriteResult | null;
}

/** A write as the running proxy sees it. */
export interface Waiting {
  record: WriteRecord;
  isSending: boolean;
  /** Failures in a row, for the pause. */
  failures: number;
  /** Not to be sent before, by performance.now(). */
  dueAtMs: number;
  /** When it was made here, by performance.now(); of one of an earlier start that is not known any more. */
  madeAtMs: number;
  /** Its author has not been told that it is stored: what they do next may be made on an older version. */
  isUntold: boolean;
}

/** What a person says, without what the queue keeps of it. */
type Said<Record> = Record extends WriteRecord
  ? Omit<
      Record,
      'sequence' | 'state' | 'attempts' | 'lastError' | 'lastErrorField' | 'ownVersions' | 'current'
    >
  : never;
export type NewWrite = Said<WriteRecord>;

/** How many of those that left lately are remembered, for whoever asks again. */
const maxRecent = 1_000;
const maxDiscarded = 100;

export class Writes {
  readonly #store: RecordStore<WriteRecord>;
  /** In the order in which they were made. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #filing = new Map<string, { waiting: Waiting; done: Promise<WriteResult> }>();
  readonly #recent = new LRUCache<string, { waiting: Waiting; result: WriteResult }>({ max: maxRecent });
  readonly #discarded = new LRUCache<string, WriteRecord>({ max: maxDiscarded });
  readonly #events = createListeners<WriteEvent>();
  readonly #work = createListeners<void>();
  #nextSequence: number;

  constructor(store: RecordStore<WriteRecord>) {
    this.#store = store;
    for (const record of store.records) this.#waiting.set(record.requestId, newlyWaiting(record));
    this.#nextSequence = (store.records.at(-1)?.sequence ?? -1) + 1;
  }

  /** Told of every change that a person may see. @returns unsubscribe */
  readonly onChange = this.#events.add;
  /** Told when there is something to send. @returns unsubscribe */
  readonly onWork = this.#work.add;

  counts(): { waiting: number; failed: number } {
    const failed = this.list().filter(({ state }) => state === 'FAILED').length;
    return { waiting: this.#waiting.size - failed, failed };
  }

  /** Oldest first. */
  list(): WriteRecord[] {
    return [...this.#waiting.values()].map(({ record }) => record);
  }

  /** Of each ticket the first that waits, if it is not being sent already. */
  heads(): Waiting[] {
    return [...this.#heads().values()].filter(({ isSending }) => !isSending);
  }

  /** Whether it is the first that waits of its ticket. */
  isHead(waiting: Waiting): boolean {
    return this.#heads().get(ticketOf(waiting)) === waiting;
  }

  #heads(): Map<number | string | null, Waiting> {
    const heads = new Map<number | string | null, Waiting>();
    for (const waiting of this.#waiting.values()) {
      const ticket = ticketOf(waiting);
      if (waiting.record.state === 'QUEUED' && !heads.has(ticket)) heads.set(ticket, waiting);
    }
    return heads;
  }

  /** The creates that earlier writes know their tickets by, and no number yet. */
  namelessBefore({ record }: Waiting): string[] {
    const creates = this.list()
      .filter(({ state, ticketId, sequence }) => {
        return state === 'QUEUED' && ticketId === null && sequence < record.sequence;
      })
      .flatMap(({ ticketRequestId }) => ticketRequestId ?? []);
    return [...new Set(creates)];
  }

  /**
   * Answers once the write is on the disk. The same requestId again gets the same answer, and nothing is made twice.
   * @throws DeskError CONFLICT: the requestId is in use for something else. UNAVAILABLE: the disk refuses.
   */
  async file(write: NewWrite): Promise<WriteResult> {
    const { requestId } = write;
    const record: WriteRecord = {
      ...(write.kind === 'CHANGE'
        ? { ...write, ownVersions: this.#untoldVersions(write), current: null }
        : write),
      sequence: this.#nextSequence++,
      state: 'QUEUED',
      attempts: 0,
      lastError: null,
      lastErrorField: null,
    };
    const known = this.#known(requestId);
    if (known && contentOf(known.record) !== contentOf(record)) {
      const words = 'This requestId was used for another comment or change. Give this one its own.';
      throw new DeskError('CONFLICT', words, { field: 'requestId' });
    }
    if (known) return known.result;
    const waiting = { ...newlyWaiting(record), madeAtMs: performance.now() };
    const done = this.#write(waiting).finally(() => this.#filing.delete(requestId));
    this.#filing.set(requestId, { waiting, done });
    return done;
  }

  #known(requestId: string): { record: WriteRecord; result: WriteResult | Promise<WriteResult> } | undefined {
    const filing = this.#filing.get(requestId);
    if (filing) return { record: filing.waiting.record, result: filing.done };
    const recent = this.#recent.get(requestId);
    if (recent) return { record: recent.waiting.record, result: recent.result };
    const record = this.#waiting.get(requestId)?.record;
    if (!record) return undefined;
    const { state } = record;
    return { record, result: state === 'FAILED' ? { state, error: failureOf(record) } : { state } };
  }

  async #write(waiting: Waiting): Promise<WriteResult> {
    const { record } = waiting;
    await this.#store.put(record, { sync: true });
    this.#waiting.set(record.requestId, waiting);
    // An earlier one was stored meanwhile.
    if (waiting.record !== record) this.change(waiting, waiting.record);
    this.#emit(record);
    this.#work.emit();
    return { state: 'QUEUED' };
  }

  /** Of one that waits; undefined where nobody has told. */
  authorOf(requestId: string): WriteRecord['agent'] {
    return this.#waiting.get(requestId)?.record.agent;
  }

  /** What becomes of it; undefined once `signal` aborts, or of one that is discarded or not known. */
  outcome(requestId: string, signal: AbortSignal): Promise<WriteResult | undefined> {
    return new Promise((resolve) => {
      const known = this.#recent.get(requestId)?.result;
      const waiting = this.#waiting.get(requestId);
      if (known || !waiting || signal.aborted) return resolve(known);
      const end = (result: WriteResult | undefined) => {
        waiting.isUntold = result === undefined;
        stop();
        signal.removeEventListener('abort', abort);
        resolve(result);
      };
      const abort = () => end(undefined);
      const stop = this.#events.add(({ write, left }) => {
        if (write.requestId !== requestId) return;
        if (left !== undefined) end(left ?? undefined);
        else if (write.state === 'FAILED') end(this.#recent.get(requestId)?.result);
      });
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** The create that they wait for has become this ticket. */
  giveTicket(ticketRequestId: string, ticketId: number): void {
    for (const waiting of this.#waiting.values()) {
      const { record } = waiting;
      if (record.ticketId !== null || record.ticketRequestId !== ticketRequestId) continue;
      this.change(waiting, { ...record, ticketId });
      waiting.dueAtMs = 0;
    }
    this.#work.emit();
  }

  /** The service has it: it leaves. */
  settle(waiting: Waiting, result: WriteResult): void {
    const { record } = waiting;
    if (!this.#isThere(waiting)) return;
    this.#waiting.delete(record.requestId);
    this.#recent.set(record.requestId, { waiting, result });
    if (result.version) this.#tellOwnVersion(record, result.version);
    // Not synced: after a power cut it is sent once more, and known by its requestId.
    void this.#store.delete(record.requestId, { sync: false }).catch(() => undefined);
    this.#emit(record, result);
  }

  /** What the person did themselves since is no clash with what they did later. */
  #tellOwnVersion(own: WriteRecord, version: number): void {
    const beingFiled = [...this.#filing.values()].map(({ waiting }) => waiting);
    for (const waiting of new Set([...this.#waiting.values(), ...beingFiled])) {
      const { record } = waiting;
      if (record.kind === 'CHANGE' && isOfSame(own, record))
        this.change(waiting, { ...record, ownVersions: [...record.ownVersions, version] });
    }
  }

  /** Versions of which the author was told only that they wait to be made; a kill forgets them, and they are shown as a clash. */
  #untoldVersions(write: NewWrite): number[] {
    return [...this.#recent.values()].flatMap(({ waiting, result }) =>
      waiting.isUntold && isOfSame(waiting.record, write) ? (result.version ?? []) : [],
    );
  }

  /** It can't succeed as it is, so it goes back to its author. @param current of a clash, the ticket as it is now */
  fail(waiting: Waiting, error: DeskError, current: KnownTicket | null = null): void {
    const { record } = waiting;
    if (!this.#isThere(waiting)) return;
    const failed = {
      ...record,
      state: 'FAILED' as const,
      attempts: record.attempts + 1,
      lastError: error.message,
      lastErrorField: error.field ?? null,
      ...(record.kind === 'CHANGE' && { current }),
    };
    this.#recent.set(record.requestId, { waiting, result: { state: 'FAILED', error } });
    this.change(waiting, failed);
    this.#emit(failed);
  }

  /** Tried in vain, for now. */
  tryLater(waiting: Waiting, error: DeskError, dueAtMs: number): void {
    const { record } = waiting;
    if (!this.#isThere(waiting)) return;
    waiting.failures += 1;
    waiting.dueAtMs = dueAtMs;
    this.change(waiting, { ...record, attempts: record.attempts + 1, lastError: error.message });
    if (error.message !== record.lastError) this.#emit(waiting.record);
  }

  /** Replaces the record; what of it is lost in a power cut costs a send more. */
  change(waiting: Waiting, record: WriteRecord): void {
    waiting.record = record;
    if (!this.#isThere(waiting)) return;
    this.#store.put(record, { sync: false }).catch(() => undefined);
  }

  /**
   * Sends one that failed again. A change that clashed is made anew on the ticket as it was shown.
   * @param keep of a change, the fields that it shall still change; left out: all
   * @throws DeskError NOT_FOUND; UNAVAILABLE: the disk refuses.
   */
  async retry(requestId: string, keep?: readonly string[]): Promise<WriteRecord> {
    return this.#requeue(requestId, (record) => {
      if (record.kind === 'COMMENT') return record;
      const { changes, current, expectedVersion } = record;
      const kept = keep && Object.entries(changes).filter(([name]) => keep.includes(name));
      return {
        ...record,
        changes: kept ? Object.fromEntries(kept) : changes,
        expectedVersion: current?.version ?? expectedVersion,
        ownVersions: current ? [] : record.ownVersions,
        current: null,
      };
    });
  }

  /**
   * Replaces the text of a comment that was never answered for.
   * @throws DeskError NOT_FOUND; CONFLICT: it may be there already. UNAVAILABLE: the disk refuses.
   */
  async edit(requestId: string, body: string): Promise<WriteRecord> {
    return this.#requeue(requestId, (record) => {
      if (record.kind === 'COMMENT' && (record.state === 'FAILED' || record.attempts === 0))
        return { ...record, body };
      const words = 'This one may be there already, so its text is fixed. Wait for it, and edit it then.';
      throw new DeskError('CONFLICT', words, { field: 'requestId' });
    });
  }

  async #requeue(requestId: string, change: (record: WriteRecord) => WriteRecord): Promise<WriteRecord> {
    const waiting = this.#require(requestId);
    if (waiting.isSending) return waiting.record;
    const record: WriteRecord = {
      ...change(waiting.record),
      state: 'QUEUED',
      lastError: null,
      lastErrorField: null,
    };
    // Nobody sends it while the disk is told.
    waiting.isSending = true;
    try {
      await this.#store.put(record, { sync: true });
    } finally {
      waiting.isSending = false;
    }
    Object.assign(waiting, { record, failures: 0, dueAtMs: 0 });
    this.#recent.delete(requestId);
    this.#emit(record);
    this.#work.emit();
    return record;
  }

  /** @returns whether there was one. @throws DeskError UNAVAILABLE: the disk refuses. */
  async discard(requestId: string): Promise<boolean> {
    const waiting = this.#waiting.get(requestId);
    if (!waiting) return false;
    await this.#store.delete(requestId, { sync: true });
    // It may have been stored meanwhile.
    if (!this.#waiting.delete(requestId)) return false;
    this.#discarded.set(requestId, waiting.record);
    this.#emit(waiting.record, null);
    this.#work.emit();
    return true;
  }

  /** Brings one back that was discarded. @throws DeskError NOT_FOUND; UNAVAILABLE: the disk refuses. */
  async restore(requestId: string): Promise<WriteRecord> {
    const record = this.#discarded.get(requestId);
    if (!record) return this.#require(requestId).record;
    await this.#store.put(record, { sync: true });
    this.#discarded.delete(requestId);
    this.#waiting.set(requestId, newlyWaiting(record));
    const inOrder = [...this.#waiting].sort(([, a], [, b]) => a.record.sequence - b.record.sequence);
    this.#waiting.clear();
    for (const [key, each] of inOrder) this.#waiting.set(key, each);
    this.#emit(record);
    this.#work.emit();
    return record;
  }

  /** Nothing is told or written any more: what is answered later is sent again at the next start, and known. */
  close(): void {
    this.#waiting.clear();
  }

  /** False for one that was discarded while it was being sent. */
  #isThere(waiting: Waiting): boolean {
    return this.#waiting.get(waiting.record.requestId) === waiting;
  }

  #require(requestId: string): Waiting {
    const waiting = this.#waiting.get(requestId);
    if (waiting) return waiting;
    const words = 'No such comment or change waits any more: it was stored or discarded meanwhile.';
    throw new DeskError('NOT_FOUND', words, { field: 'requestId' });
  }

  #emit(write: WriteRecord, left?: WriteResult | null): void {
    this.#events.emit(left === undefined ? { write } : { write, left });
  }
}

/** By its number, or by the create that becomes it. */
function ticketOf({ record }: Waiting): number | string | null {
  return record.ticketId ?? record.ticketRequestId;
}

/** Of the same ticket, by the same agent. */
function isOfSame(one: NewWrite, other: NewWrite): boolean {
  return one.ticketId === other.ticketId && one.agent?.id === other.agent?.id;
}

function newlyWaiting(record: WriteRecord): Waiting {
  return {
    ...{ record, isSending: false, failures: 0, dueAtMs: 0, isUntold: true },
    madeAtMs: Number.NEGATIVE_INFINITY,
  };
}
