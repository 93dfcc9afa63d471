/** Runs long work step by step while the link stands: one step at a time, and one that fails again after a pause. */
import { backoffMs } from '../backoff.ts';
import { toDeskError } from '../errors.ts';
import { atMost } from '../pause.ts';
import type { TicketClient } from './client/types.ts';
import { sendsStopMs } from './outbox/dispatcher.ts';
import { ownBackoff } from './outbox/way-out.ts';
import type { Work, WorkList } from './work-list.ts';

export interface StepRunnerOptions<Item extends Work> {
  work: WorkList<Item> & { stop(id: string): Promise<unknown> };
  /** What comes next of the one that is under way; undefined: nothing for now. It rejects where it is to be tried again. */
  next(item: Item | undefined): (() => Promise<void>) | undefined;
  client: Pick<TicketClient, 'link' | 'onLink'>;
  /** What a step takes at least: where it is done sooner, the rest of the time is that of others. */
  minStepMs: number;
}

export class StepRunner<Item extends Work> {
  readonly #options: StepRunnerOptions<Item>;
  readonly #unsubscribe: (() => void)[];
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #stopped = false;

  constructor(options: StepRunnerOptions<Item>) {
    this.#options = options;
    this.#unsubscribe = [
      options.work.onWork(() => this.retryNow()),
      options.client.onLink(() => {
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
    const { work, client, minStepMs } = this.#options;
    const { state, reason } = client.link();
    if (state !== 'CONNECTED') {
      work.setProblem(`It goes on once the ticket service is reached. ${reason ?? ''}`.trim());
      return;
    }
    if (this.#failures === 0) work.setProblem(null);
    const step = this.#next();
    if (!step) return;
    const nextAtMs = performance.now() + minStepMs;
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

  #next(): (() => Promise<void>) | undefined {
    const { work, next } = this.#options;
    const item = work.current();
    if (item?.record.state === 'RUNNING' && work.isWithdrawn(item))
      return async () => void (await work.stop(item.record.requestId));
    return next(item);
  }

  async #run(step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.#failures = 0;
    } catch (thrown) {
      this.#failures += 1;
      this.#options.work.setProblem(toDeskError(thrown).message);
      this.#goOnAfter(backoffMs(this.#failures, ownBackoff));
    }
  }

  #goOnAfter(pauseMs: number): void {
    if (!this.#stopped) this.#timer = setTimeout(() => this.retryNow(), pauseMs);
  }
}
