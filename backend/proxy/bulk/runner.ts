/** Runs bulk changes while the link stands: one chunk at a time, the jobs one after the other. */
import { backoffMs } from '../../backoff.ts';
import { type DeskError, isOfTheLink, mayPass, toDeskError } from '../../errors.ts';
import { atMost } from '../../pause.ts';
import type { ManyResult, TicketClient } from '../client/types.ts';
import { sendsStopMs } from '../outbox/dispatcher.ts';
import { type Job, type Jobs, nextChunk } from './jobs.ts';
import type { ChunkRecord } from './record.ts';

const backoff = { minMs: 200, maxMs: 30_000 };
/** What a chunk takes at least: where it is done sooner, the rest of the time is that of others. */
const chunkMs = 80;

type Client = Pick<TicketClient, 'changeMany' | 'undoChange' | 'link' | 'onLink'>;

export class Runner {
  readonly #jobs: Jobs;
  readonly #client: Client;
  readonly #unsubscribe: (() => void)[];
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #stopped = false;

  constructor({ jobs, client }: { jobs: Jobs; client: Client }) {
    this.#jobs = jobs;
    this.#client = client;
    this.#unsubscribe = [
      jobs.onWork(() => this.retryNow()),
      client.onLink(() => {
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
      this.#jobs.setProblem(`It goes on once the ticket service is reached. ${reason ?? ''}`.trim());
      return;
    }
    if (this.#failures === 0) this.#jobs.setProblem(null);
    const job = this.#jobs.current();
    const chunk = job && nextChunk(job);
    if (!chunk) return;
    const nextAtMs = performance.now() + chunkMs;
    this.#running = this.#run(job, chunk).finally(() => {
      this.#running = undefined;
      if (this.#failures === 0) this.#goOnAfter(nextAtMs - performance.now());
    });
  }

  /** Lets what is being sent be answered for a moment; what was not is sent again at the next start, and known. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await atMost(sendsStopMs, this.#running ?? Promise.resolve());
  }

  async #run(job: Job, chunk: ChunkRecord): Promise<void> {
    try {
      await this.#jobs.markSent(chunk);
      const result = await this.#send(job, chunk);
      this.#failures = 0;
      this.#jobs.settle(job, chunk, result);
    } catch (thrown) {
      this.#tryLater(toDeskError(thrown));
    }
  }

  /** @throws DeskError which may pass. */
  async #send({ record }: Job, { requestId, ids, undoes }: ChunkRecord): Promise<ManyResult> {
    const { change, agent } = record;
    try {
      if (undoes !== null) return await this.#client.undoChange({ requestId, undoes, agent });
      if (change) return await this.#client.changeMany({ requestId, ids, change, agent });
      return { changedIds: [], failures: [] };
    } catch (thrown) {
      const error = toDeskError(thrown);
      if (mayPass(error) || isOfTheLink(error)) throw error;
      // It is refused as it is, for each of its tickets.
      const { code, message, field = null } = error;
      return { changedIds: [], failures: ids.map((id) => ({ id, code, message, field, by: null })) };
    }
  }

  #tryLater(error: DeskError): void {
    this.#failures += 1;
    this.#jobs.setProblem(error.message);
    this.#goOnAfter(backoffMs(this.#failures, backoff));
  }

  #goOnAfter(pauseMs: number): void {
    if (!this.#stopped) this.#timer = setTimeout(() => this.retryNow(), pauseMs);
  }
}
