/**
 * Takes creates from the queue and stores them: all that wait in one transaction, while the next ones gather. A delivery
 * is finished after the commit alone; what fails for now is held and tried again for as long as it takes.
 */
import { setImmediate } from 'node:timers/promises';
import { once } from '../../../proto/once.ts';
import { backoffMs } from '../../backoff.ts';
import { countedLogger } from '../../counted-log.ts';
import type { Logger } from '../../logger.ts';
import { atMost, pause } from '../../pause.ts';
import type { CreateSource, Delivery, OpenCreateSource } from '../../ports/create-source.ts';
import {
  type CreateAnswer,
  createTickets,
  type Refused,
  type TicketStorage,
} from '../use-cases/create-tickets.ts';
import { type ReadCreate, readDelivery, rejectionOf, underOwnId } from './read-delivery.ts';

/** Of one transaction. */
const maxBatch = 256;
/** So that the next batch is here while one is being stored. */
const maxInFlight = 2 * maxBatch;
/** Between tries while the database does not take anything. */
const outageBackoff = { minMs: 100, maxMs: 2_000 };
/** Of one that the database does not take while it takes others; by its deliveries. */
const loneBackoff = { minMs: 1_000, maxMs: 300_000 };
/** After this long in vain a delivery goes back: another service may reach the database. */
const mostHeldMs = 30_000;
const handBackBackoff = { minMs: 500, maxMs: 2_000 };
/** How long a stop waits for what is in hand. */
const drainMs = 4_000;

export interface ConsumerOptions {
  storage: TicketStorage;
  openSource: OpenCreateSource;
  /** The queue's name, which makes the ids of its messages unique. */
  topic: string;
  logger: Logger;
}

export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #source: CreateSource;
  /** Whoever reaches the queue can send rubbish in a loop. */
  readonly #ofDeliveries: Logger;
  /** Those to be finished or requeued, and since when (ms). */
  readonly #inHand = new Map<Delivery, number>();
  readonly #stopping = new AbortController();
  #waiting: Delivery[] = [];
  #working: Promise<void> | undefined;
  #limit = maxBatch;
  #failures = 0;
  #isOver = false;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#ofDeliveries = countedLogger(options.logger);
    this.#source = options.openSource({ onDelivery: (delivery) => this.#take(delivery), maxInFlight });
  }

  /** Whether it is connected to the queue now. */
  connected(): boolean {
    return this.#source.connected();
  }

  /** Takes nothing more, stores what is in hand as long as that works, and hands back the rest. */
  readonly stop = once(() => this.#stop());

  async #stop(): Promise<void> {
    this.#source.pause();
    this.#stopping.abort();
    await atMost(drainMs, this.#working ?? Promise.resolve());
    this.#isOver = true;
    for (const delivery of this.#inHand.keys()) delivery.requeue(0);
    this.#inHand.clear();
    this.#waiting = [];
    await this.#source.close();
  }

  #take(delivery: Delivery): void {
    if (this.#isOver) {
      delivery.requeue(0);
      return;
    }
    this.#inHand.set(delivery, performance.now());
    this.#waiting.push(delivery);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    // What arrived in the same moment goes together.
    await setImmediate();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#limit);
      try {
        await this.#store(batch);
        this.#failures = 0;
        this.#limit = Math.min(maxBatch, this.#limit * 2);
      } catch (err) {
        if (this.#stopping.signal.aborted) return;
        await this.#failed(batch, err);
      }
    }
  }

  async #store(batch: readonly Delivery[]): Promise<void> {
    const { storage, topic, logger } = this.#options;
    const creates = batch.map((delivery) => readDelivery(delivery, topic));
    const answers = await createTickets(storage, creates);
    await this.#fileUnderOwnIds(batch, creates, answers);
    const rejections = batch.flatMap((delivery, at) => {
      const answer = answers[at] as CreateAnswer;
      return 'refused' in answer ? [rejectionOf(delivery, topic, answer.refused)] : [];
    });
    if (rejections.length > 0) await storage.store.reject(rejections);
    for (const [at, create] of creates.entries()) {
      const answer = answers[at] as CreateAnswer;
      if ('requestId' in create && 'id' in answer)
        logger.debug({ requestId: create.requestId, ticketId: answer.id }, 'create stored');
    }
    for (const { requestId, field } of rejections)
      this.#ofDeliveries.warn({ requestId, field }, 'create rejected');
    for (const delivery of batch) this.#finish(delivery);
  }

  /** Puts in their places those of older producers whose request ids were taken. */
  async #fileUnderOwnIds(
    batch: readonly Delivery[],
    creates: (ReadCreate | Refused)[],
    answers: CreateAnswer[],
  ): Promise<void> {
    const { storage, topic } = this.#options;
    for (const [at, delivery] of batch.entries()) {
      const [create, answer] = [creates[at], answers[at]];
      if (!create || 'refused' in create || !answer || !isTaken(answer)) continue;
      const own = underOwnId(create, delivery, topic);
      if (!own) continue;
      creates[at] = own;
      answers.splice(at, 1, ...(await createTickets(storage, [own])));
    }
  }

  /** Unless a stop has given it back meanwhile. */
  #finish(delivery: Delivery): void {
    if (this.#inHand.delete(delivery)) delivery.finish();
  }

  #handBack(delivery: Delivery, delayMs: number): void {
    if (this.#inHand.delete(delivery)) delivery.requeue(delayMs);
  }

  /** The next try is of one alone: it shows whether the database is at fault, and costs it the least while it is. */
  async #failed(batch: readonly Delivery[], err: unknown): Promise<void> {
    const [first] = batch;
    const wasThere = this.#failures === 0;
    this.#limit = 1;
    if (first && batch.length === 1 && (await this.#isDatabaseThere())) {
      if (!wasThere) {
        // It may have come back since this try began: the same once more, while it is known to be there, tells.
        this.#failures = 0;
        this.#waiting.unshift(first);
        return;
      }
      this.#ofDeliveries.warn(
        { err, attempts: first.attempts },
        'a create could not be stored yet, though others can',
      );
      this.#handBack(first, backoffMs(first.attempts, loneBackoff));
      return;
    }
    this.#failures += 1;
    const pauseMs = backoffMs(this.#failures, outageBackoff);
    this.#ofDeliveries.warn({ err, inHand: this.#inHand.size, pauseMs }, 'creates could not be stored yet');
    this.#waiting.push(...batch);
    await pause(pauseMs, this.#stopping.signal);
    this.#handBackThoseHeldLong();
  }

  #isDatabaseThere(): Promise<boolean> {
    return this.#options.storage.store.ping().then(
      () => true,
      () => false,
    );
  }

  #handBackThoseHeldLong(): void {
    const nowMs = performance.now();
    this.#waiting = this.#waiting.filter((delivery) => {
      if (nowMs - (this.#inHand.get(delivery) ?? nowMs) < mostHeldMs) return true;
      this.#handBack(delivery, backoffMs(2, handBackBackoff));
      return false;
    });
  }
}

function isTaken(answer: CreateAnswer): boolean {
  return 'refused' in answer && answer.refused.code === 'CONFLICT';
}
