/**
 * Sends what waits in the outbox, in the order of filing, until the service has it. A create that fails for now waits
 * its own backoff and holds up nobody; a closed way is tried with one create at a time and opens for all at once.
 */
import { backoffMs } from '../../backoff.ts';
import { isOfTheLink, isToBeSentAgain, toDeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { atMost } from '../../pause.ts';
import type { CreateQueue } from '../../ports/create-queue.ts';
import type { Entry } from './entry.ts';
import type { Outbox } from './outbox.ts';
import { createOf } from './outbox-record.ts';
import { linkBackoff, ownBackoff } from './way-out.ts';

/** How long stop() lets sends under way finish. */
export const sendsStopMs = 2_000;

export class Dispatcher {
  readonly #outbox: Outbox;
  readonly #queue: CreateQueue;
  readonly #logger: Logger;
  readonly #inFlight = new Map<Entry, Promise<void>>();
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** Resolves once the disk knows that all taken so far may be out there. */
  #marked: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: { outbox: Outbox; queue: CreateQueue; logger: Logger }) {
    this.#outbox = options.outbox;
    this.#queue = options.queue;
    this.#logger = options.logger;
    this.#unsubscribe = this.#outbox.onWork(() => this.#pump());
    this.#pump();
  }

  /** The way has opened: everything that waits for it goes out now. */
  wake(): void {
    this.#openWay();
    this.#pump();
  }

  /** Something may be better than it was, such as after sleep: nothing waits any longer, and a closed way is tried by one. */
  retryNow(): void {
    this.#outbox.wayOut.tryNow();
    this.#outbox.toSend.release('all', performance.now());
    this.#pump();
  }

  /** Lets what is being sent finish for a moment, then aborts it; what was not confirmed stays in the outbox. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    clearTimeout(this.#timer);
    await atMost(sendsStopMs, Promise.all(this.#inFlight.values()));
    for (const entry of this.#inFlight.keys()) entry.sending?.abort();
    await Promise.all(this.#inFlight.values());
  }

  #pump(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    const nowMs = performance.now();
    const limit = this.#outbox.wayOut.places(nowMs);
    while (this.#inFlight.size < limit) {
      const entry = this.#outbox.toSend.takeDue(nowMs);
      if (!entry) break;
      const sending = this.#send(entry);
      entry.attempt = sending;
      this.#inFlight.set(entry, sending);
      void sending.finally(() => {
        this.#inFlight.delete(entry);
        this.#pump();
      });
    }
    this.#schedule(limit);
  }

  /** Wakes when the next entry is due and the way may be tried; a finished send pumps by itself. */
  #schedule(limit: number): void {
    if (limit > 0 && this.#inFlight.size >= limit) return;
    const { toSend, wayOut } = this.#outbox;
    if (toSend.isEmpty()) return;
    // While the way is closed its time counts alone: to look at all that waits would make each new one dearer.
    const dueMs = limit === 0 ? wayOut.openAtMs : toSend.earliestDueMs();
    if (Number.isFinite(dueMs))
      this.#timer = setTimeout(() => this.#pump(), Math.max(dueMs - performance.now(), 1));
  }

  async #send(entry: Entry): Promise<void> {
    const controller = new AbortController();
    entry.sending = controller;
    if (entry.record.attempts > 0) this.#outbox.emit(entry);
    // Those taken before go first, though the disk has to be told of them and not of this one.
    this.#marked = Promise.all([this.#marked, this.#markAsLeaving(entry)]).then(() => {});
    await this.#marked;
    try {
      // Discarded while the disk was told.
      controller.signal.throwIfAborted();
      const result = await this.#queue.publish(createOf(entry.record), {
        signal: controller.signal,
        inDoubt: entry.inDoubt,
      });
      entry.unsent = false;
      entry.sending = undefined;
      this.#openWay();
      if (result.state === 'stored') this.#outbox.settle(entry, { state: 'STORED', id: result.id });
      else this.#accepted(entry);
    } catch (thrown) {
      entry.sending = undefined;
      if (!controller.signal.aborted) this.#failed(entry, thrown);
    }
  }

  /** Says on the disk that this text may be out there, before it is. */
  async #markAsLeaving(entry: Entry): Promise<void> {
    if (entry.record.mayBeSent) return;
    this.#outbox.change(entry, { ...entry.record, mayBeSent: true });
    // A full disk must not keep the outbox from emptying; the mark is only for an edit after a power cut.
    await this.#outbox.save(entry, { sync: true }).catch(() => undefined);
  }

  #accepted(entry: Entry): void {
    const { record } = entry;
    this.#outbox.change(entry, {
      ...record,
      state: 'SENT',
      attempts: record.attempts + 1,
      lastError: null,
      lastErrorField: null,
    });
    entry.failures = 0;
    entry.acceptedAtMs = performance.now();
    if (this.#outbox.find(record.requestId) !== entry) return;
    this.#outbox.unconfirmed.add(entry);
    this.#outbox.saveLater(entry);
    this.#outbox.emit(entry);
  }

  #failed(entry: Entry, thrown: unknown): void {
    const error = toDeskError(thrown);
    const notSent = error.details?.notSent === true;
    const { record } = entry;
    const attempts = record.attempts + (notSent ? 0 : 1);
    if (!notSent) entry.unsent = false;
    this.#outbox.change(entry, {
      ...record,
      attempts,
      mayBeSent: !entry.unsent,
      lastError: error.message,
      lastErrorField: null,
    });
    if (error.code === 'INTERNAL')
      this.#logger.error({ err: error, requestId: record.requestId }, 'create failed');
    const linkFailed = isOfTheLink(error);
    if (!isToBeSentAgain(error)) {
      this.#openWay();
      this.#outbox.fail(entry, error);
      return;
    }
    const wasBlockedBy = this.#outbox.blockedBy;
    if (linkFailed) this.#outbox.blockedBy = error.message;
    this.#tryLater(entry, { linkFailed, notSent });
    this.#outbox.saveLater(entry);
    const isNews = error.message !== record.lastError || this.#outbox.blockedBy !== wasBlockedBy;
    if (isNews || !notSent) this.#outbox.emit(entry);
  }

  #tryLater(entry: Entry, { linkFailed, notSent }: { linkFailed: boolean; notSent: boolean }): void {
    const nowMs = performance.now();
    entry.waitsForLink = linkFailed;
    if (linkFailed) this.#outbox.wayOut.close();
    // That nothing could leave says nothing of this create: it keeps its turn before those filed later.
    if (!notSent) entry.failures += 1;
    const limits = linkFailed ? linkBackoff : ownBackoff;
    this.#outbox.enqueue(entry, notSent ? nowMs : nowMs + backoffMs(entry.failures, limits));
  }

  #openWay(): void {
    if (!this.#outbox.wayOut.open()) return;
    this.#outbox.blockedBy = null;
    this.#outbox.toSend.release('waiting for the link', performance.now());
  }
}
