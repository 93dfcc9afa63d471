/** Sends comments and changes while the link stands, one at a time for each ticket. */
import { chunksOf } from '../../../proto/chunks.ts';
import { backoffMs } from '../../backoff.ts';
import { type DeskError, isOfTheLink, isToBeSentAgain, toDeskError } from '../../errors.ts';
import { atMost } from '../../pause.ts';
import type { TicketClient, UpdateResult } from '../client/types.ts';
import { sendsStopMs } from '../outbox/dispatcher.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { linkBackoff, ownBackoff, WayOut } from '../outbox/way-out.ts';
import { clash, gone } from './write-errors.ts';
import type { ChangeRecord } from './write-record.ts';
import type { Waiting, Writes } from './writes.ts';

/** Tickets that are written to at the same time. */
const maxInFlight = 16;
/** Creates that the ticket service is asked about in one call. */
const namedAtOnce = 500;
/** Until then a comment has not waited. */
const freshMs = 60_000;

type Client = Pick<TicketClient, 'addComment' | 'update' | 'createResults' | 'link' | 'onLink'>;

export class Sender {
  readonly #writes: Writes;
  readonly #outbox: Pick<Outbox, 'known' | 'onChange'>;
  readonly #client: Client;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #wayOut = new WayOut(maxInFlight);
  readonly #unsubscribe: (() => void)[];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: { writes: Writes; outbox: Pick<Outbox, 'known' | 'onChange'>; client: Client }) {
    this.#writes = options.writes;
    this.#outbox = options.outbox;
    this.#client = options.client;
    this.#unsubscribe = [
      this.#writes.onWork(() => this.#pump()),
      this.#client.onLink(() => {
        this.#wayOut.open();
        this.retryNow();
      }),
      this.#outbox.onChange(({ entry, removed }) => {
        if (removed && entry.id !== null) this.#writes.giveTicket(entry.requestId, entry.id);
        // Of one that was discarded it is to be told now.
        else if (removed) this.retryNow();
      }),
    ];
    this.#pump();
  }

  /** Ends every pause; a closed way is tried by one. */
  retryNow(): void {
    this.#wayOut.tryNow();
    for (const waiting of this.#writes.heads()) waiting.dueAtMs = 0;
    this.#pump();
  }

  /** Lets what is being sent be answered for a moment; what was not is sent again at the next start, and known. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await atMost(sendsStopMs, Promise.all(this.#inFlight));
    this.#writes.close();
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#client.link().state !== 'CONNECTED') return;
    const nowMs = performance.now();
    const places = this.#wayOut.places(nowMs);
    let nextMs = Number.POSITIVE_INFINITY;
    for (const waiting of this.#writes.heads()) {
      const dueMs = Math.max(waiting.dueAtMs, this.#wayOut.openAtMs);
      if (dueMs > nowMs) nextMs = Math.min(nextMs, dueMs);
      else if (this.#inFlight.size < places) this.#start(waiting);
      // The end of one of those brings the next.
      else return;
    }
    if (Number.isFinite(nextMs)) this.#timer = setTimeout(() => this.#pump(), nextMs - nowMs);
  }

  #start(waiting: Waiting): void {
    waiting.isSending = true;
    const sending = this.#send(waiting)
      .then(() => this.#openWay())
      .catch((thrown: unknown) => this.#failed(waiting, toDeskError(thrown)))
      .finally(() => {
        waiting.isSending = false;
        this.#inFlight.delete(sending);
        this.#pump();
      });
    this.#inFlight.add(sending);
  }

  async #send(waiting: Waiting): Promise<void> {
    const ticketId = await this.#ticketOf(waiting);
    if (ticketId === undefined) {
      // The outbox tells when its create has a number, or none any more; it may have told just now.
      if (waiting.record.ticketId === null) waiting.dueAtMs = performance.now() + ownBackoff.maxMs;
      return;
    }
    // Now that it has a number, an earlier one may have the same.
    if (!this.#writes.isHead(waiting)) return;
    const { record } = waiting;
    if (record.kind === 'CHANGE') return this.#sendChange(waiting, record, ticketId);
    const { requestId, comment: kind, body, agent } = record;
    // What did not wait is of now by the service's clock, which also tells until when it may be changed.
    const createdAt = performance.now() - waiting.madeAtMs < freshMs ? '' : record.createdAt;
    const { id } = await this.#client.addComment({ ticketId, requestId, kind, body, createdAt, agent });
    this.#writes.settle(waiting, { state: 'STORED', commentId: id });
  }

  async #sendChange(waiting: Waiting, record: ChangeRecord, ticketId: number): Promise<void> {
    const { changes, requestId, ownVersions, agent } = record;
    const expected =
      record.expectedVersion === null
        ? {}
        : { expectedVersion: record.expectedVersion, merge: { ownVersions } };
    const result: UpdateResult = await this.#client.update(ticketId, changes, {
      requestId,
      agent,
      ...expected,
    });
    switch (result.state) {
      case 'updated':
        this.#writes.settle(waiting, { state: 'STORED', ticket: result.ticket, version: result.version });
        break;
      case 'missing':
        this.#writes.fail(waiting, gone());
        break;
      case 'conflict':
        this.#writes.fail(waiting, clash(result.current, record.expectedVersion), result.current);
    }
  }

  /** Undefined while the create that it waits for has no number. @throws DeskError NOT_FOUND: it never will. */
  async #ticketOf(waiting: Waiting): Promise<number | undefined> {
    const { ticketId, ticketRequestId } = waiting.record;
    if (ticketRequestId === null) {
      // What was written before it may know the same ticket by its create alone.
      await this.#nameAll(this.#writes.namelessBefore(waiting));
    }
    if (ticketId !== null || ticketRequestId === null) return ticketId ?? undefined;
    const filed = this.#outbox.known(ticketRequestId);
    if (filed && filed.id === null) return undefined;
    const id = filed?.id ?? (await this.#stored(ticketRequestId));
    if (id === undefined) throw gone();
    this.#writes.giveTicket(ticketRequestId, id);
    return id;
  }

  async #nameAll(ticketRequestIds: readonly string[]): Promise<void> {
    for (const asked of chunksOf(ticketRequestIds, namedAtOnce)) {
      const results = await this.#client.createResults(asked);
      if (results === 'unknown') return;
      for (const [requestId, result] of results) {
        if (result.state === 'STORED') this.#writes.giveTicket(requestId, result.id);
      }
    }
  }

  async #stored(requestId: string): Promise<number | undefined> {
    const results = await this.#client.createResults([requestId]);
    const result = results === 'unknown' ? undefined : results.get(requestId);
    return result?.state === 'STORED' ? result.id : undefined;
  }

  #failed(waiting: Waiting, error: DeskError): void {
    const linkFailed = isOfTheLink(error);
    if (linkFailed) this.#wayOut.close();
    else this.#openWay();
    if (!isToBeSentAgain(error)) {
      this.#writes.fail(waiting, error);
      return;
    }
    const pauseMs = backoffMs(waiting.failures + 1, linkFailed ? linkBackoff : ownBackoff);
    this.#writes.tryLater(waiting, error, performance.now() + pauseMs);
  }

  #openWay(): void {
    if (this.#wayOut.open()) this.retryNow();
  }
}
