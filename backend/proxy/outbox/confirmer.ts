/**
 * Finds out what became of creates that a queue only accepted: from the changes that the service reports, and by asking
 * for them. One that is not seen stored after a while is sent again, because a queue can lose what it accepted.
 */
import { hexDigestOf, sameText } from '../../create-digest.ts';
import { type DeskError, isOfTheLink, isToBeSentAgain, toDeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { CreateResult, KnownTicket, TicketClient } from '../client/types.ts';
import type { Entry } from './entry.ts';
import type { Outbox } from './outbox.ts';
import { createOf } from './outbox-record.ts';

const askEveryMs = 1_000;
/** The service answers at most so many at once. */
const maxAsked = 500;
/** Sent again at the same time. */
const maxResending = 32;
const resendAfter = { minMs: 30_000, maxMs: 600_000 };

type Client = Pick<TicketClient, 'createResults' | 'createTicket' | 'onTicket' | 'onLink' | 'link'>;

export class Confirmer {
  readonly #outbox: Outbox;
  readonly #client: Client;
  readonly #logger: Logger;
  readonly #unsubscribe: (() => void)[];
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;
  readonly #stopping = new AbortController();

  constructor(options: {
    outbox: Outbox;
    client: Client;
    logger: Logger;
  }) {
    this.#outbox = options.outbox;
    this.#client = options.client;
    this.#logger = options.logger;
    this.#unsubscribe = [
      this.#client.onTicket(({ ticket }) => {
        if (ticket) this.#seen(ticket);
      }),
      this.#client.onLink(() => this.#schedule(0)),
      this.#outbox.onChange(() => this.#schedule(askEveryMs)),
    ];
    this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    clearTimeout(this.#timer);
    await this.#asking;
  }

  /**
   * A ticket that was never edited has the text that it was filed with. Of any other the text proves nothing: it may
   * have been filed with another one and edited to this one since, so the service is asked what it was filed with.
   */
  #seen(ticket: KnownTicket): void {
    const entry = ticket.requestId === null ? undefined : this.#outbox.find(ticket.requestId);
    if (!entry) return;
    const isAsFiled = ticket.version === 1 && sameText(entry.record, ticket);
    if (isAsFiled) this.#outbox.settle(entry, { state: 'STORED', id: ticket.id });
    else this.#schedule(0);
  }

  #schedule(waitMs: number): void {
    if (this.#stopping.signal.aborted || this.#asking || this.#outbox.unconfirmed.size === 0) return;
    if (this.#client.link().state !== 'CONNECTED') return;
    if (waitMs > 0 && this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#asking = this.#ask().finally(() => {
        this.#asking = undefined;
        this.#schedule(askEveryMs);
      });
    }, waitMs);
  }

  /** Asks for the oldest, and moves those without an answer to the end so that the others have their turn. */
  async #ask(): Promise<void> {
    const entries = [...this.#outbox.unconfirmed].slice(0, maxAsked);
    try {
      const results = await this.#client.createResults(entries.map(({ record }) => record.requestId));
      if (results === 'unknown') {
        for (const entry of entries) this.#outbox.settle(entry, { state: 'SENT', id: null });
        return;
      }
      const overdue = entries.filter((entry) => this.#judge(entry, results.get(entry.record.requestId)));
      while (overdue.length > 0) {
        await Promise.all(overdue.splice(0, maxResending).map((entry) => this.#sendStraight(entry)));
      }
    } catch (err) {
      this.#logger.debug({ err }, 'could not ask for the results of creates');
    }
  }

  /** @returns whether it is to be sent again */
  #judge(entry: Entry, result: CreateResult | undefined): boolean {
    const { record } = entry;
    const isOwn = result?.digest === hexDigestOf(record);
    if (isOwn && result.state === 'STORED') {
      this.#outbox.settle(entry, result);
      return false;
    }
    if (!this.#outbox.unconfirmed.delete(entry)) return false;
    // That of an older revision is known: its author has changed the text since.
    const isOfOlder = result?.state === 'REJECTED' && result.revision < record.revision;
    if (isOwn && result.state === 'REJECTED' && !isOfOlder) {
      this.#outbox.fail(entry, { message: result.reason, field: result.field });
      return false;
    }
    this.#outbox.unconfirmed.add(entry);
    // What became of another text, or of an unknown one, says nothing of this one: the service does, when it gets it.
    if (result && !isOwn && !isOfOlder && entry.resends === 0) return true;
    const patienceMs = Math.min(resendAfter.maxMs, resendAfter.minMs * 2 ** entry.resends);
    return performance.now() - entry.acceptedAtMs >= patienceMs;
  }

  /**
   * Past the queue, to the service that has just said it does not know this text: a second copy in a queue that is shared with
   * older services could become a second ticket. The answer gives its id.
   */
  async #sendStraight(entry: Entry): Promise<void> {
    if (entry.held || !this.#outbox.unconfirmed.has(entry)) return;
    const controller = new AbortController();
    entry.sending = controller;
    const signal = AbortSignal.any([controller.signal, this.#stopping.signal]);
    try {
      const { id } = await this.#client.createTicket(createOf(entry.record), { signal, inDoubt: true });
      this.#outbox.settle(entry, { state: 'STORED', id });
    } catch (thrown) {
      if (!signal.aborted) this.#failed(entry, toDeskError(thrown));
    } finally {
      entry.sending = undefined;
    }
  }

  #failed(entry: Entry, error: DeskError): void {
    const linkFailed = isOfTheLink(error);
    if (!isToBeSentAgain(error)) {
      this.#outbox.fail(entry, error);
      return;
    }
    // A link that was lost is there again before the next question is answered.
    if (!linkFailed) {
      entry.resends += 1;
      entry.acceptedAtMs = performance.now();
    }
    const { record } = entry;
    this.#outbox.change(entry, { ...record, attempts: record.attempts + 1, lastError: error.message });
    this.#outbox.saveLater(entry);
    this.#outbox.emit(entry);
  }
}
