/**
 * Bulk changes: on the disk before they are called begun, each a job of chunks of which every one has a request id from
 * the beginning, so that whatever is sent again is done once. When a chunk is sent is the runner's.
 */
import { uuidv7 } from 'uuidv7';
import { limits } from '../../../proto/checks.ts';
import { chunksOf } from '../../../proto/chunks.ts';
import { timestamp } from '../../../proto/utc-time.ts';
import type { Agent } from '../../domain/agent.ts';
import type { BulkChange } from '../../domain/bulk-change.ts';
import { DeskError } from '../../errors.ts';
import type { ManyResult } from '../client/types.ts';
import type { RecordStore } from '../outbox/store.ts';
import { isUnderWay, type Work, WorkList } from '../work-list.ts';
import type { BulkRecord, ChunkRecord, JobRecord } from './job-record.ts';

export interface Job extends Work {
  record: JobRecord;
  chunks: ChunkRecord[];
  /** It was under way when this desk was opened. */
  isResumed: boolean;
}

export interface NewJob {
  id: string;
  agent: Agent | undefined;
  /** Of all that was asked. */
  digest: string;
}

const { bulkChunkTickets: chunkTickets } = limits;

export class Jobs extends WorkList<Job> {
  readonly #store: RecordStore<BulkRecord>;
  readonly #making = new Map<string, Promise<Job>>();

  constructor(store: RecordStore<BulkRecord>) {
    super({ noun: 'bulk change', onForget: (job) => this.#remove(job) });
    this.#store = store;
    const idleSinceMs = performance.now();
    for (const record of store.records)
      if (record.kind === 'JOB')
        this.add({ record, chunks: [], isResumed: isUnderWay({ record }), idleSinceMs });
    for (const record of store.records)
      if (record.kind === 'CHUNK') this.get(record.jobId)?.chunks.push(record);
  }

  /**
   * Keeps a job that is READY. The same id again answers the same job.
   * @param find its tickets
   * @throws DeskError CONFLICT: the id is in use for something else, or too many others wait. UNAVAILABLE: the disk refuses.
   */
  prepare(asked: NewJob & { change: BulkChange }, find: () => Promise<readonly number[]>): Promise<Job> {
    return this.#make(asked, async () => {
      const blocks = chunksOf(await find(), chunkTickets).map((ids) => ({ ids, undoes: null }));
      return this.#keep(asked, { change: asked.change, undoes: null, state: 'READY' }, blocks);
    });
  }

  /**
   * Begins a job that undoes another, its chunks from the last to the first.
   * @throws DeskError as prepare(); NOT_FOUND undoes; CONFLICT undoes: that one is under way, or was not begun.
   */
  async undo(asked: NewJob & Pick<JobRecord, 'token'> & { undoes: string }): Promise<Job> {
    const job = await this.#make(asked, async () => {
      const undone = this.require(asked.undoes, 'undoes');
      if (undone.record.state !== 'STOPPED' && undone.record.state !== 'DONE') {
        const words = isUnderWay(undone)
          ? 'This bulk change is under way. Stop it first.'
          : 'This bulk change was not begun, so there is nothing to undo.';
        throw new DeskError('CONFLICT', words, { field: 'undoes' });
      }
      const blocks = undone.chunks
        .filter(({ state, ids }) => state === 'DONE' && ids.length > 0)
        .map(({ ids, requestId }) => ({ ids, undoes: requestId }));
      const { undoes, token } = asked;
      return this.#keep(asked, { change: null, undoes, token, state: 'RUNNING' }, blocks.reverse());
    });
    this.wake();
    return job;
  }

  async #make(asked: NewJob, make: () => Promise<Job>): Promise<Job> {
    const making = this.#making.get(asked.id) ?? this.get(asked.id);
    if (!making) {
      const made = make().finally(() => this.#making.delete(asked.id));
      this.#making.set(asked.id, made);
      return made;
    }
    const job = await making;
    if (job.record.digest === asked.digest) return job;
    const words = 'This id was used for another bulk change. Give this one its own.';
    throw new DeskError('CONFLICT', words, { field: 'id' });
  }

  async #keep(
    { id, agent, digest }: NewJob,
    what: Pick<JobRecord, 'change' | 'undoes' | 'token' | 'state'>,
    blocks: readonly Pick<ChunkRecord, 'ids' | 'undoes'>[],
  ): Promise<Job> {
    this.makeRoom();
    const state = blocks.length === 0 && what.state === 'RUNNING' ? 'DONE' : what.state;
    const createdAt = timestamp();
    const sequence = this.nextSequence();
    const record: JobRecord = {
      kind: 'JOB',
      requestId: id,
      sequence,
      createdAt,
      agent,
      digest,
      ...what,
      state,
    };
    const chunks = blocks.map(({ ids, undoes }, at): ChunkRecord => {
      const common = {
        kind: 'CHUNK',
        jobId: id,
        requestId: uuidv7(),
        state: 'WAITING',
        failures: [],
      } as const;
      return { ...common, failures: [], sequence: at, size: ids.length, ids, undoes };
    });
    // Queued in one turn, they are in one batch.
    await this.#put(record, ...chunks);
    const job = { record, chunks, isResumed: false, idleSinceMs: performance.now() };
    this.add(job);
    this.tell(job);
    return job;
  }

  /**
   * @param token of whoever begins it
   * @throws DeskError NOT_FOUND; UNAVAILABLE: the disk refuses, and it is not begun.
   */
  async start(id: string, token?: string): Promise<Job> {
    const job = this.require(id);
    const { record } = job;
    if (record.state === 'RUNNING' || record.state === 'DONE') return job;
    const state = nextChunk(job) ? 'RUNNING' : 'DONE';
    // One that is stopping has its place already.
    const sequence = record.state === 'STOPPING' ? record.sequence : this.nextSequence();
    const begun: JobRecord = { ...record, token, state, sequence };
    await this.#put(begun);
    // It may have been begun or have stopped while the disk was told.
    if (job.record !== record) return job.record.state === 'STOPPED' ? this.start(id, token) : job;
    this.#show(job, begun);
    this.wake();
    return job;
  }

  /** Once nothing of it is on its way. @throws DeskError NOT_FOUND; UNAVAILABLE: the disk refuses. */
  async stop(id: string): Promise<Job> {
    const job = this.require(id);
    if (job.record.state === 'RUNNING') {
      await this.#change(job, nextChunk(job)?.state === 'SENT' ? 'STOPPING' : 'STOPPED');
      this.wake();
    }
    return job;
  }

  /** From now on the ticket service may have done it. @throws DeskError UNAVAILABLE: the disk refuses. */
  async markSent(chunk: ChunkRecord): Promise<void> {
    if (chunk.state === 'SENT') return;
    chunk.state = 'SENT';
    try {
      await this.#put(chunk);
    } catch (thrown) {
      chunk.state = 'WAITING';
      throw thrown;
    }
  }

  /** The ticket service has answered for it. What of this the disk refuses is asked for again after a start, and known. */
  settle(job: Job, chunk: ChunkRecord, { changedIds, failures }: ManyResult): void {
    Object.assign(chunk, { state: 'DONE', ids: [...changedIds], failures: [...failures] });
    this.#put(chunk).catch(() => undefined);
    const isStopping = job.record.state === 'STOPPING';
    if (!nextChunk(job)) this.#change(job, 'DONE').catch(() => undefined);
    else if (isStopping) this.#change(job, 'STOPPED').catch(() => undefined);
    else this.tell(job);
  }

  async #change(job: Job, state: JobRecord['state']): Promise<void> {
    this.#show(job, { ...job.record, state });
    await this.#put(job.record);
  }

  #show(job: Job, record: JobRecord): void {
    job.record = record;
    this.tell(job);
  }

  async #put(...records: BulkRecord[]): Promise<void> {
    await Promise.all(records.map((record) => this.#store.put(record, { sync: true })));
  }

  /** Not synced: after a power cut it may be there again for an hour. */
  #remove({ record, chunks }: Job): void {
    for (const { requestId } of [...chunks, record])
      this.#store.delete(requestId, { sync: false }).catch(() => undefined);
  }
}

/** The first that the ticket service has not answered for. */
export function nextChunk({ chunks }: Job): ChunkRecord | undefined {
  return chunks.find(({ state }) => state !== 'DONE');
}
