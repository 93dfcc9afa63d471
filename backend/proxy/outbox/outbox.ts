/**
 * The creates that the ticket service has not confirmed: QUEUED -> SENT -> STORED, or FAILED. What the person does to
 * them is here; when they are sent is the dispatcher's.
 */
import { LRUCache } from 'lru-cache';
import { uuidv7 } from 'uuidv7';
import { createListeners } from '../../../proto/listeners.ts';
import { type NewTicketValues, newTicketValues } from '../../../proto/ticket-fields.ts';
import { hexDigestOf, sameText } from '../../create-digest.ts';
import type { NewTicket } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import { atMost } from '../../pause.ts';
import { maxTogether } from '../client/send-creates.ts';
import type { TakenDetails, Whole } from '../client/types.ts';
import type { CreateState, CreateTicketResponse } from '../generated/types.ts';
import {
  type Entry,
  newEntry,
  type OutboxEntryView,
  type OutboxEvent,
  type OutboxStanding,
  viewOf,
} from './entry.ts';
import { type OutboxRecord, sentAnew } from './outbox-record.ts';
import { SendQueue } from './send-queue.ts';
import type { OutboxStore } from './store.ts';
import { WayOut } from './way-out.ts';

export type Filed = Whole<Omit<CreateTicketResponse, 'success'>>;

/** How long an edit waits for a try under way. */
const patienceMs = 500;
/** Those discarded last, which can be brought back. */
const maxDiscarded = 100;
/** How much of what the ticket service has told is kept. What is forgotten is filed, and told by the service again. */
const maxRecent = 1000;

/** Why one can't succeed. */
type Failure = Pick<DeskError, 'message' | 'field'> & Partial<Pick<DeskError, 'code' | 'details'>>;

export class Outbox {
  readonly #store: OutboxStore;
  readonly #entries = new Map<string, Entry>();
  readonly #filing = new Map<string, { create: NewTicket; done: Promise<Filed> }>();
  /** What became of creates lately, with the digest of the text that has the requestId. */
  readonly #recent = new LRUCache<string, { digest: string; filed: Filed }>({ max: maxRecent });
  readonly #discarded = new LRUCache<string, Entry>({ max: maxDiscarded });
  readonly #changes = createListeners<OutboxEvent>();
  readonly #work = createListeners<void>();
  #nextSequence: number;
  #failed = 0;
  /** Entries that are due or will be, in the order of filing. */
  readonly toSend = new SendQueue();
  /** Entries that the queue accepted and the service has not confirmed. */
  readonly unconfirmed = new Set<Entry>();
  /** Why nothing goes out at the moment, in words; null: what is filed now is sent at once. Set by the dispatcher. */
  blockedBy: string | null = null;
  /** Opened and closed by the dispatcher. */
  readonly wayOut = new WayOut(maxTogether);

  constructor(store: OutboxStore) {
    this.#store = store;
    for (const record of store.records) this.#admit(newEntry(record, 'disk'));
    this.#nextSequence = (store.records.at(-1)?.sequence ?? -1) + 1;
  }

  /** Told of every change that a person may see. @returns unsubscribe */
  readonly onChange = this.#changes.add;
  /** Told when there is something to send. @returns unsubscribe */
  readonly onWork = this.#work.add;

  counts(): { waiting: number; failed: number } {
    return { waiting: this.#entries.size - this.#failed, failed: this.#failed };
  }

  /** What holds for all of it. */
  standing(): OutboxStanding {
    return { ...this.counts(), blockedBy: this.blockedBy };
  }

  /** How long the one that was filed first has waited (ms); undefined when none waits. */
  longestWaitMs(): number | undefined {
    for (const { record, filedAtMs } of this.#entries.values())
      if (record.state !== 'FAILED') return performance.now() - filedAtMs;
    return undefined;
  }

  /** Oldest first. */
  list(first: number): OutboxEntryView[] {
    return [...this.#entries.values()].slice(0, first).map((entry) => viewOf(entry, this.wayOut.openAtMs));
  }

  find(requestId: string): Entry | undefined {
    return this.#entries.get(requestId);
  }

  /**
   * What was filed under this requestId, as far as it is known here.
   * @throws DeskError CONFLICT: it was another text than this one.
   */
  known(requestId: string, text?: NewTicketValues): Filed | undefined {
    const entry = this.#entries.get(requestId);
    if (!entry) {
      const { digest, filed } = this.#recent.get(requestId) ?? {};
      if (filed && text && digest !== hexDigestOf(text)) throw taken(filed.id);
      return filed;
    }
    if (text) refuseOtherText(entry.record, text);
    return { requestId, state: entry.record.state, id: null };
  }

  /**
   * Answers once the create is on the disk. The same requestId again gets the same answer and files nothing.
   * @throws DeskError CONFLICT: the requestId is in use for another text. UNAVAILABLE: the disk refuses.
   */
  async file(create: NewTicket): Promise<Filed> {
    const { requestId } = create;
    const known = this.known(requestId, create);
    if (known) return known;
    const filing = this.#filing.get(requestId);
    if (filing) {
      refuseOtherText(filing.create, create);
      return filing.done;
    }
    const done = this.#write(create).finally(() => this.#filing.delete(requestId));
    this.#filing.set(requestId, { create, done });
    return done;
  }

  async #write(create: NewTicket): Promise<Filed> {
    const { requestId, createdAt, agent } = create;
    const record: OutboxRecord = {
      ...newTicketValues(create),
      requestId,
      createdAt,
      agent,
      sequence: this.#nextSequence++,
      revision: 0,
      state: 'QUEUED',
      attempts: 0,
      // It leaves before anything more is written, so the disk says so from the start.
      mayBeSent: this.blockedBy === null,
      lastError: null,
      lastErrorField: null,
      conflict: null,
    };
    await this.#store.put(record, { sync: true });
    const entry = newEntry(record, 'person');
    this.#admit(entry);
    this.emit(entry);
    this.#work.emit();
    return { requestId, state: 'QUEUED', id: null };
  }

  /**
   * Replaces the text of one that failed or was never sent, and sends it: in the name of whoever gave it that text.
   * @throws DeskError NOT_FOUND; CONFLICT: it may have reached the service. UNAVAILABLE: the disk refuses.
   */
  async edit(requestId: string, text: NewTicketValues, agent?: NewTicket['agent']) {
    const entry = this.#require(requestId);
    return this.#requeue(entry, async () => {
      // A try on a closed way is over in a moment, and nothing has left by it.
      if (entry.sending && entry.unsent) await atMost(patienceMs, entry.attempt);
      this.#require(requestId);
      if (entry.sending || (entry.record.state !== 'FAILED' && !entry.unsent)) {
        throw new DeskError(
          'CONFLICT',
          'This one may have reached the ticket service already, so its text is fixed. Wait for its number and edit the ticket.',
        );
      }
      // A failed one was refused, so nothing of it is on its way any more.
      entry.unsent = true;
      return { ...sentAnew(entry.record), ...newTicketValues(text), agent, mayBeSent: false };
    });
  }

  /**
   * Sends a waiting or failed one now; one that the queue has accepted is asked for, and sent again when it is not
   * stored yet.
   * @throws DeskError NOT_FOUND; UNAVAILABLE: the disk refuses.
   */
  async retry(requestId: string): Promise<OutboxEntryView> {
    const entry = this.#require(requestId);
    if (entry.sending) return this.view(entry);
    if (entry.record.state === 'SENT') {
      entry.acceptedAtMs = Number.NEGATIVE_INFINITY;
      this.emit(entry);
      return this.view(entry);
    }
    return this.#requeue(entry, async () => sentAnew(entry.record));
  }

  async #requeue(entry: Entry, change: () => Promise<OutboxRecord>): Promise<OutboxEntryView> {
    await this.#hold(entry, async () => {
      const queued = { ...(await change()), lastError: null, lastErrorField: null };
      await this.#store.put(queued, { sync: true });
      this.change(entry, queued);
    });
    this.#require(entry.record.requestId);
    entry.failures = 0;
    entry.inDoubt = false;
    this.enqueue(entry, performance.now());
    this.emit(entry);
    const view = this.view(entry);
    // Tried now, but with one create: whether the way is open shows in that one.
    this.wayOut.tryNow();
    this.#work.emit();
    return view;
  }

  /** @returns whether there was one. @throws DeskError UNAVAILABLE: the disk refuses. */
  async discard(requestId: string): Promise<boolean> {
    const entry = this.#entries.get(requestId);
    if (!entry) return false;
    await this.#hold(entry, () => this.#store.delete(requestId, { sync: true }));
    // It may have been stored meanwhile, and told so.
    if (this.#entries.get(requestId) !== entry) return false;
    entry.sending?.abort();
    this.#dismiss(entry);
    this.#discarded.set(requestId, entry);
    this.emit(entry, { removed: true });
    return true;
  }

  /**
   * Brings one back that was discarded, as it was: its place, its time, its tries.
   * @throws DeskError NOT_FOUND: it is forgotten. UNAVAILABLE: the disk refuses.
   */
  async restore(requestId: string): Promise<OutboxEntryView> {
    const entry = this.#discarded.get(requestId);
    if (entry && !this.#entries.has(requestId)) {
      // The try that the discard cut off must not end in the middle of the next one.
      await atMost(patienceMs, entry.attempt);
      await this.#hold(entry, () => this.#store.put(entry.record, { sync: true }));
      if (this.#discarded.delete(requestId) && !this.#entries.has(requestId)) this.#readmit(entry);
    }
    return this.view(this.#require(requestId));
  }

  #readmit(entry: Entry): void {
    this.#admit(entry);
    const inOrder = [...this.#entries].sort(([, a], [, b]) => a.record.sequence - b.record.sequence);
    this.#entries.clear();
    for (const [requestId, each] of inOrder) this.#entries.set(requestId, each);
    this.emit(entry);
    this.#work.emit();
  }

  /** The service has it, or all that can be known of it is that it was accepted: it leaves. */
  settle(entry: Entry, result: { state: 'STORED'; id: number } | { state: 'SENT'; id: null }): void {
    const { requestId } = entry.record;
    if (this.#entries.get(requestId) !== entry) return;
    this.#dismiss(entry);
    this.#recent.set(requestId, { digest: hexDigestOf(entry.record), filed: { requestId, ...result } });
    // Not synced: after a power cut it is sent once more and makes no second ticket.
    void this.#store.delete(requestId, { sync: false }).catch(() => undefined);
    this.emit(entry, { removed: true, ...result });
  }

  /** It can never succeed as it is, so it goes back to its author. */
  fail(entry: Entry, error: Failure): void {
    this.unconfirmed.delete(entry);
    const { message, field, code, details } = error;
    const failed = {
      ...entry.record,
      state: 'FAILED',
      lastError: message,
      lastErrorField: field ?? null,
    } as const;
    if (code === 'CONFLICT' && details) {
      this.#giveOwnId(entry, failed, details as Record<string, unknown> & TakenDetails);
      return;
    }
    this.change(entry, failed);
    this.saveLater(entry);
    this.emit(entry);
  }

  /**
   * One requestId has one text everywhere, and this one is taken by another text. So the create goes on under a new id,
   * under which its author may send it.
   */
  #giveOwnId(entry: Entry, failed: OutboxRecord, { ticketId, digest }: TakenDetails): void {
    const { requestId } = entry.record;
    if (this.#entries.get(requestId) !== entry) return;
    const filed: Filed = { requestId, state: 'STORED', id: ticketId };
    if (digest !== null) this.#recent.set(requestId, { digest, filed });
    this.#dismiss(entry);
    entry.record = { ...failed, conflict: { requestId, ticketId } };
    const own = newEntry(
      {
        ...entry.record,
        requestId: uuidv7(),
        sequence: this.#nextSequence++,
        mayBeSent: false,
        lastError: `It was filed before with another text, which is ticket #${ticketId}. This text was not filed: file it as a new ticket, or discard it.`,
        lastErrorField: null,
      },
      'disk',
    );
    this.#admit(own);
    void this.#store.replace(requestId, own.record, { sync: false }).catch(() => undefined);
    this.emit(own);
    this.emit(entry, { removed: true });
  }

  /** Replaces the record in memory alone, and keeps the counts right. */
  change(entry: Entry, record: OutboxRecord): void {
    if (this.#entries.get(record.requestId) === entry) {
      if (entry.record.state === 'FAILED') this.#failed -= 1;
      if (record.state === 'FAILED') this.#failed += 1;
    }
    entry.record = record;
  }

  /** Writes the record, synced or as soon as may be. @throws DeskError UNAVAILABLE: the disk refuses. */
  save(entry: Entry, options: { sync: boolean }): Promise<void> {
    if (this.#entries.get(entry.record.requestId) !== entry) return Promise.resolve();
    return this.#store.put(entry.record, options);
  }

  /** For what may be lost in a power cut, at the cost of a send more. */
  saveLater(entry: Entry): void {
    this.save(entry, { sync: false }).catch(() => undefined);
  }

  /** Puts it among those to send, in its place by filing. */
  enqueue(entry: Entry, dueAtMs: number): void {
    if (this.#entries.get(entry.record.requestId) !== entry) return;
    entry.dueAtMs = dueAtMs;
    this.unconfirmed.delete(entry);
    this.toSend.add(entry);
  }

  emit(entry: Entry, last?: { removed: true; state?: CreateState; id?: number | null }): void {
    const { removed = false, ...known } = last ?? {};
    const view = { ...this.view(entry), ...known };
    if (removed) view.nextAttemptAt = null;
    this.#changes.emit({ entry: view, removed, ...this.standing() });
  }

  view(entry: Entry): OutboxEntryView {
    return viewOf(entry, this.wayOut.openAtMs);
  }

  #admit(entry: Entry): void {
    this.#entries.set(entry.record.requestId, entry);
    if (entry.record.state === 'FAILED') this.#failed += 1;
    else if (entry.record.state === 'SENT') this.unconfirmed.add(entry);
    else this.toSend.add(entry);
  }

  #dismiss(entry: Entry): void {
    this.#entries.delete(entry.record.requestId);
    this.toSend.remove(entry);
    this.unconfirmed.delete(entry);
    if (entry.record.state === 'FAILED') this.#failed -= 1;
  }

  #require(requestId: string): Entry {
    const entry = this.#entries.get(requestId);
    if (entry) return entry;
    throw new DeskError(
      'NOT_FOUND',
      'The outbox has no such create any more: it was stored or discarded meanwhile.',
      { field: 'requestId' },
    );
  }

  async #hold(entry: Entry, write: () => Promise<void>): Promise<void> {
    if (entry.held) throw new DeskError('CONFLICT', 'This one is being changed right now. Try again.');
    entry.held = true;
    try {
      await write();
    } finally {
      entry.held = false;
      this.#work.emit();
    }
  }
}

function refuseOtherText(known: NewTicketValues, text: NewTicketValues): void {
  if (!sameText(known, text)) throw taken(null);
}

/** @param ticketId of the ticket that has the requestId, where it is known. */
export function taken(ticketId: number | null): DeskError {
  const ticket = ticketId === null ? '' : `, and is ticket #${ticketId}`;
  return new DeskError(
    'CONFLICT',
    `Another text was filed under this requestId before${ticket}. File this one under a new requestId.`,
    { field: 'requestId', ...(ticketId !== null && { details: { ticketId } }) },
  );
}
