/** Runs long work step by step while the link stands: one step at a time, and one that fails again after a pause. */
import { backoffMs } from '../backoff.ts';
import { toDeskError } from '../errors.ts';
import { atMost } from '../pause.ts';
import type { TicketClient } from './client/types.ts';
import { sendsStopMs } from './outbox/dispatcher.ts';

const backoff = { minMs: 200, maxMs: 30_000 };

export interface Steps {
  /** What comes next; undefined: nothing for now. It rejects where it is to be tried again. */
  next(): (() => Promise<void>) | undefined;
  /** Why nothing goes on at the moment; null: it does. */
  setProblem(problem: string | null): void;
  /** Told when there is something to run. @returns unsubscribe */
  onWork(listener: () => void): () => void;
}

export class StepRunner {
  readonly #steps: Steps;
  readonly #client: Pick<TicketClient, 'link' | 'onLink'>;
  readonly #minStepMs: number;
  readonly #unsubscribe: (() => void)[];
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #stopped = false;

  /** @param options.minStepMs what a step takes at least: where it is done sooner, the rest of the time is that of others */
  constructor(options: { steps: Steps; client: Pick<TicketClient, 'link' | 'onLink'>; minStepMs: number }) {
    this.#steps = options.steps;
    this.#client = options.client;
    this.#minStepMs = options.minStepMs;
    this.#unsubscribe = [
      this.#steps.onWork(() => this.retryNow()),
      this.#client.onLink(() => {
        this.#failures = 0;
        this.retryNow();
      }),
    ];
    this.retryNow();
  }

  /** Ends a pause. */
  retryNow(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#running) return;
    const { state, reason } = this.#client.link();
    if (state !== 'CONNECTED') {
      this.#steps.setProblem(`It goes on once the ticket service is reached. ${reason ?? ''}`.trim());
      return;
    }
    if (this.#failures === 0) this.#steps.setProblem(null);
    const step = this.#steps.next();
    if (!step) return;
    const nextAtMs = performance.now() + this.#minStepMs;
    this.#running = this.#run(step).finally(() => {
      this.#running = undefined;
      if (this.#failures === 0) this.#goOnAfter(nextAtMs - performance.now());
    });
  }

  /** Lets the step under way end for a moment; one that did not is made again at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await atMost(sendsStopMs, this.#running ?? Promise.resolve());
  }

  async #run(step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.#failures = 0;
    } catch (thrown) {
      this.#failures += 1;
      this.#steps.setProblem(toDeskError(thrown).message);
      this.#goOnAfter(backoffMs(this.#failures, backoff));
    }
  }

  #goOnAfter(pauseMs: number): void {
    if (!this.#stopped) this.#timer = setTimeout(() => this.retryNow(), pauseMs);
  }
}
