/**
 * Finds out what became of creates that a queue only accepted: from the changes that the service reports, and by asking
 * for them. One that is not seen stored after a while is sent again, because a queue can lose what it accepted.
 */
import type { Logger } from '../../logger.ts';
import type { TicketClient } from '../client/types.ts';
import type { Entry } from './entry.ts';
import type { Outbox } from './outbox.ts';

const askEveryMs = 1_000;
/** The service answers at most so many at once. */
const maxAsked = 500;
const resendAfter = { minMs: 30_000, maxMs: 600_000 };

export class Confirmer {
  readonly #outbox: Outbox;
  readonly #client: Pick<TicketClient, 'createResults' | 'onTicket' | 'onLink' | 'link'>;
  readonly #logger: Logger;
  readonly #unsubscribe: (() => void)[];
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;
  #stopped = false;

  constructor(options: {
    outbox: Outbox;
    client: Pick<TicketClient, 'createResults' | 'onTicket' | 'onLink' | 'link'>;
    logger: Logger;
  }) {
    this.#outbox = options.outbox;
    this.#client = options.client;
    this.#logger = options.logger;
    this.#unsubscribe = [
      this.#client.onTicket(({ ticket }) => {
        if (ticket?.requestId) this.#seen(ticket.requestId, ticket.id);
      }),
      this.#client.onLink(() => this.#schedule(0)),
      this.#outbox.onChange(() => this.#schedule(askEveryMs)),
    ];
    this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    clearTimeout(this.#timer);
    await this.#asking;
  }

  #seen(requestId: string, id: number): void {
    const entry = this.#outbox.find(requestId);
    if (entry) this.#outbox.settle(entry, { state: 'STORED', id });
  }

  #schedule(waitMs: number): void {
    if (this.#stopped || this.#asking || this.#outbox.unconfirmed.size === 0) return;
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
      for (const entry of entries) {
        if (results === 'unknown') this.#outbox.settle(entry, { state: 'SENT', id: null });
        else this.#judge(entry, results.get(entry.record.requestId));
      }
    } catch (err) {
      this.#logger.debug({ err }, 'could not ask for the results of creates');
    }
  }

  #judge(entry: Entry, id: number | undefined): void {
    if (id !== undefined) {
      this.#outbox.settle(entry, { state: 'STORED', id });
      return;
    }
    if (!this.#outbox.unconfirmed.delete(entry)) return;
    const patienceMs = Math.min(resendAfter.maxMs, resendAfter.minMs * 2 ** entry.unseen);
    if (Date.now() - entry.acceptedAtMs < patienceMs) {
      this.#outbox.unconfirmed.add(entry);
      return;
    }
    entry.unseen += 1;
    this.#outbox.sendAgain(entry);
  }
}
