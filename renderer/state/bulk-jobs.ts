/**
 * The bulk changes of this desk, as the page knows them. They are read with each new link and after each act, while one
 * is under way, and when so many tickets change at once that another window must have begun one.
 */
import type { ApolloClient } from '@apollo/client';
import { createListeners } from '../../proto/listeners.ts';
import {
  BulkFailuresDocument,
  type BulkFailuresQuery,
  type BulkJobFieldsFragment,
  BulkJobsDocument,
  type PrepareBulk,
  PrepareBulkDocument,
  StartBulkDocument,
  StopBulkDocument,
  UndoBulkDocument,
} from '../graphql/generated/operations.ts';
import { askEveryMs, isUnderWay } from './background-work.ts';
import { Store } from './store.ts';

export type BulkJob = BulkJobFieldsFragment;
export type TicketFailure = BulkFailuresQuery['bulkJobs'][number]['failures'][number];

/** A burst of so many changes is none of a person's hands. */
const manyChanges = 20;

export class BulkJobs extends Store<readonly BulkJob[]> {
  readonly #client: ApolloClient;
  readonly #ended = createListeners<BulkJob>();
  /** Those that had ended by the answer to their beginning: that is told once it is read. */
  readonly #untold = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = 0;

  constructor(client: ApolloClient) {
    super([]);
    this.#client = client;
  }

  /** One that was begun or seen under way has come to each of its tickets. */
  readonly onEnded = this.#ended.add;

  stop(): void {
    this.#reading += 1;
    clearTimeout(this.#timer);
  }

  /** Told how many tickets have changed at once. */
  heed(changes: number): void {
    if (changes >= manyChanges && !this.state().some(isUnderWay)) void this.read();
  }

  /** What is known stays where they can't be read. */
  async read(): Promise<void> {
    this.#reading += 1;
    const reading = this.#reading;
    clearTimeout(this.#timer);
    const answer = await this.#client
      .query({ query: BulkJobsDocument, fetchPolicy: 'no-cache' })
      .catch(() => undefined);
    // One that was asked for later knows more.
    if (reading !== this.#reading) return;
    if (answer?.data) this.#take(answer.data.bulkJobs);
    const isMoreToRead = this.#untold.size > 0 || this.state().some(isUnderWay);
    if (isMoreToRead) this.#timer = setTimeout(() => void this.read(), askEveryMs);
  }

  /** Finds the tickets, and changes nothing. @throws what the request threw, as those below do. */
  async prepare(input: PrepareBulk): Promise<BulkJob> {
    const { data } = await this.#client.mutate({ mutation: PrepareBulkDocument, variables: { input } });
    return this.#know(data?.prepareBulk);
  }

  /** Begins it, or goes on with one that was stopped. */
  async begin(id: string): Promise<BulkJob> {
    const { data } = await this.#client.mutate({ mutation: StartBulkDocument, variables: { input: { id } } });
    return this.#know(data?.startBulk);
  }

  /** Ends it after the tickets that it is at. */
  async halt(id: string): Promise<BulkJob> {
    const { data } = await this.#client.mutate({ mutation: StopBulkDocument, variables: { input: { id } } });
    return this.#know(data?.stopBulk);
  }

  /** @param id of the job that undoes */
  async undo(id: string, undoes: string): Promise<BulkJob> {
    const input = { id, undoes };
    const { data } = await this.#client.mutate({ mutation: UndoBulkDocument, variables: { input } });
    return this.#know(data?.undoBulk);
  }

  /** Why something was not done to which tickets. */
  async failures(id: string): Promise<readonly TicketFailure[]> {
    const { data } = await this.#client.query({
      query: BulkFailuresDocument,
      variables: { id },
      fetchPolicy: 'no-cache',
    });
    return data?.bulkJobs[0]?.failures ?? [];
  }

  /** What an answer tells of one; what has become of it since, and of the others, is read. */
  #know(job: BulkJob | null | undefined): BulkJob {
    if (!job) throw new Error('The bulk change came back empty-handed.');
    const before = this.state().find(({ id }) => id === job.id);
    // One that comes to no ticket has ended by now; whoever began it knows of it by the time that this is read.
    if (job.state === 'DONE' && before?.state !== 'DONE') this.#untold.add(job.id);
    this.set([...this.state().filter((other) => other !== before), job]);
    void this.read();
    return job;
  }

  #take(jobs: readonly BulkJob[]): void {
    const wereUnderWay = this.state().filter(isUnderWay);
    const untold = new Set([...this.#untold, ...wereUnderWay.map(({ id }) => id)]);
    this.#untold.clear();
    this.set(jobs);
    for (const job of jobs) if (job.state === 'DONE' && untold.has(job.id)) this.#ended.emit(job);
  }
}
