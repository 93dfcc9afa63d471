/**
 * Moves all tickets of this desk to another ticket service, with what was said about them and done to them: chunk by
 * chunk, each on the disk before the next, so that a move goes on after a kill where it was. What is sent again is known
 * there by its request ids. Afterwards what the service answers is compared with what was sent.
 */
import { uuidv7 } from 'uuidv7';
import { chunksOf } from '../../../proto/chunks.ts';
import type { MoveStatus } from '../../../proto/desktop-bridge.ts';
import { createListeners } from '../../../proto/listeners.ts';
import type { Agent } from '../../domain/agent.ts';
import { DeskError, isToBeSentAgain, toDeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { atMost, pause } from '../../pause.ts';
import type { ExportedTicket, TicketClient, TicketToImport } from '../client/types.ts';
import { sendsStopMs } from '../outbox/dispatcher.ts';
import { openRecordStore, type RecordStore } from '../outbox/store.ts';
import { WayOut } from '../outbox/way-out.ts';
import { summaryOf, toMove } from './checksums.ts';
import { type MoveChunk, type MovedTicket, type MoveRecord, moveForm } from './move-record.ts';
import { statusOf } from './status.ts';

/** Tickets of a chunk: few enough that little is sent again after a kill. */
const chunkTickets = 100;
/** Of one request, as JSON, which is longer than what is sent: less than a ticket service takes (4 MiB). */
const maxRequestBytes = 3_500_000;

export interface MoveUp {
  /** Null: nothing was moved yet. */
  status(): MoveStatus | null;
  /**
   * Begins a move to the target, or goes on with one to it that was stopped.
   * @throws DeskError CONFLICT: something waits to be sent, or a move is under way. UNAVAILABLE: this desk or its disk
   * does not answer.
   */
  start(): Promise<void>;
  /** What was moved stays there. */
  pause(): Promise<void>;
  /** Ends it and keeps nothing of it: the tickets that it was about are here no more. */
  forget(): Promise<void>;
  /** Told of each step. @returns unsubscribe */
  onChange(listener: () => void): () => void;
  stop(): Promise<void>;
}

export interface MoveUpOptions {
  folder: string;
  source: Pick<TicketClient, 'exportTickets'>;
  /** Where the settings say that tickets are to be moved to; null: nowhere yet. */
  target(): { address: string; connect(): TargetClient } | null;
  /** Whether nothing waits to be sent. */
  isIdle(): boolean;
  agent: () => Agent | undefined;
  logger: Logger;
}

export type TargetClient = Pick<TicketClient, 'importTickets' | 'exportTickets' | 'close'>;

export async function openMoveUp(options: MoveUpOptions): Promise<MoveUp> {
  const store = await openRecordStore({ folder: options.folder, logger: options.logger }, moveForm);
  const mover = new Mover(options, store);
  mover.resume();
  return mover;
}

class Mover implements MoveUp {
  readonly #options: MoveUpOptions;
  readonly #store: RecordStore<MoveRecord | MoveChunk>;
  readonly #listeners = createListeners<void>();
  readonly onChange = this.#listeners.add;
  readonly #way = new WayOut(1);
  #move: MoveRecord | undefined;
  #chunks: MoveChunk[] = [];
  #problem: string | null = null;
  #cancel = new AbortController();
  #running: Promise<void> | undefined;
  /** While it runs. */
  #target: TargetClient | undefined;
  #isPlanning = false;

  constructor(options: MoveUpOptions, store: RecordStore<MoveRecord | MoveChunk>) {
    this.#options = options;
    this.#store = store;
    for (const record of store.records) {
      if (record.kind === 'MOVE') this.#move = record;
      else this.#chunks.push(record);
    }
  }

  status(): MoveStatus | null {
    if (!this.#move) return null;
    return this.#move.result ?? statusOf(this.#move, this.#chunks, this.#problem);
  }

  async start(): Promise<void> {
    const address = this.#options.target()?.address;
    if (address === undefined) throw new DeskError('BAD_USER_INPUT', 'Name the ticket service first.');
    if (!this.#options.isIdle()) {
      const words =
        'Something waits to be sent, and would not be moved. Let it be sent, or discard it in the outbox, then move.';
      throw new DeskError('CONFLICT', words);
    }
    if (this.#isPlanning || this.#move?.state === 'RUNNING')
      throw new DeskError('CONFLICT', 'A move is under way. Let it end, or stop it first.');
    this.#isPlanning = true;
    // The one before may have been stopped.
    this.#cancel = new AbortController();
    try {
      if (this.#move?.state === 'STOPPED' && this.#move.address === address) await this.#change('RUNNING');
      else await this.#plan(address);
    } finally {
      this.#isPlanning = false;
    }
    this.resume();
  }

  /**
   * Which tickets are moved is decided now, as of one moment. Those with the highest numbers go first: a number that is
   * given anew is beyond all of them.
   */
  async #plan(address: string): Promise<void> {
    const numbers: number[] = [];
    for await (const { tickets } of this.#read(this.#options.source, undefined, false)) {
      numbers.push(...tickets.map(({ ticket }) => ticket.id));
    }
    numbers.reverse();
    const chunks = chunksOf(numbers, chunkTickets).map(
      (ofChunk, at): MoveChunk => ({
        kind: 'CHUNK',
        requestId: uuidv7(),
        sequence: at + 1,
        numbers: ofChunk,
        state: 'WAITING',
        tickets: [],
        refused: [],
      }),
    );
    const agent = this.#options.agent();
    const move: MoveRecord = {
      kind: 'MOVE',
      requestId: uuidv7(),
      sequence: 0,
      address,
      agent,
      state: 'RUNNING',
      result: null,
    };
    // Queued in one turn, they are in one batch.
    await Promise.all([
      ...this.#removals(),
      ...[...chunks, move].map((record) => this.#store.put(record, { sync: true })),
    ]);
    this.#chunks = chunks;
    this.#move = move;
    this.#listeners.emit();
  }

  async pause(): Promise<void> {
    await this.#halt();
    if (this.#move?.state === 'RUNNING') await this.#change('STOPPED');
  }

  async forget(): Promise<void> {
    await this.#halt();
    const removed = Promise.all(this.#removals());
    this.#move = undefined;
    this.#chunks = [];
    this.#tell(null);
    await removed;
  }

  /** Of all that is kept. Queued in one turn, they are in one batch. */
  #removals(): Promise<void>[] {
    const kept = [...this.#chunks, ...(this.#move ? [this.#move] : [])];
    return kept.map(({ requestId }) => this.#store.delete(requestId, { sync: true }));
  }

  /** Lets what is under way end; at the next start the move goes on. */
  async stop(): Promise<void> {
    await this.#halt();
    await this.#store.close();
  }

  /** What is being sent may be answered for a moment; else it is sent again when the move goes on, and known. */
  async #halt(): Promise<void> {
    this.#cancel.abort();
    await atMost(sendsStopMs, this.#running ?? Promise.resolve());
    await this.#target?.close();
    await this.#running;
  }

  resume(): void {
    const move = this.#move;
    if (move?.state !== 'RUNNING' || this.#running) return;
    const target = this.#options.target();
    if (target?.address !== move.address) {
      this.#tell(`The settings do not name ${move.address} any more. Name it again, or move to another one.`);
      return void this.#change('STOPPED').catch(() => undefined);
    }
    const client = target.connect();
    this.#target = client;
    this.#running = this.#run(client, this.#cancel.signal)
      .catch(async (thrown) => {
        const error = toDeskError(thrown);
        this.#options.logger.warn({ err: thrown }, 'the move to another ticket service has stopped');
        this.#tell(error.message);
        await this.#change('STOPPED').catch(() => undefined);
      })
      .finally(async () => {
        this.#running = undefined;
        this.#target = undefined;
        await client.close();
      });
  }

  async #run(target: TargetClient, signal: AbortSignal): Promise<void> {
    const steps = [
      ['WAITING', (chunk: MoveChunk) => this.#send(chunk, target)],
      ['MOVED', (chunk: MoveChunk) => this.#compare(chunk, target)],
    ] as const;
    for (const [state, step] of steps) {
      for (const chunk of this.#chunks) {
        if (chunk.state !== state) continue;
        const done = await this.#untilDone(async () => {
          const found = await step(chunk);
          await this.#store.put({ ...chunk, ...found }, { sync: true });
          return found;
        }, signal);
        if (!done) return;
        Object.assign(chunk, done);
        this.#tell(null);
      }
    }
    await this.#untilDone(() => this.#finish(), signal);
  }

  /** What is to be told of it is kept, and no more of each ticket. */
  async #finish(): Promise<void> {
    if (!this.#move) return;
    const move: MoveRecord = { ...this.#move, state: 'DONE' };
    move.result = statusOf(move, this.#chunks, null);
    // Queued in one turn, they are in one batch.
    await Promise.all([
      this.#store.put(move, { sync: true }),
      ...this.#chunks.map(({ requestId }) => this.#store.delete(requestId, { sync: true })),
    ]);
    this.#move = move;
    this.#chunks = [];
    this.#listeners.emit();
  }

  /** @returns undefined: it was cancelled. @throws DeskError that does not pass. */
  async #untilDone<Done>(step: () => Promise<Done>, signal: AbortSignal): Promise<Done | undefined> {
    while (!signal.aborted) {
      try {
        const done = await step();
        this.#way.open();
        return done;
      } catch (thrown) {
        const error = toDeskError(thrown);
        if (signal.aborted) return undefined;
        if (!isToBeSentAgain(error)) throw error;
        this.#tell(error.message);
        this.#way.close();
        await pause(this.#way.openAtMs - performance.now(), signal);
      }
    }
    return undefined;
  }

  async #send(chunk: MoveChunk, target: TargetClient): Promise<Partial<MoveChunk>> {
    const tickets: MovedTicket[] = [];
    const refused: MoveChunk['refused'] = [];
    const told = await this.#all(this.#options.source, chunk.numbers);
    const found = new Set(told.map(({ ticket }) => ticket.id));
    for (const number of chunk.numbers.filter((one) => !found.has(one)))
      refused.push({ number, reason: 'It was deleted here after the move had begun.' });
    const { requests, tooLarge } = inRequests(told.map(toMove));
    for (const { ticket } of tooLarge) {
      const reason = 'With its comments and history it is larger than a ticket service takes (3.5 MB).';
      refused.push({ number: ticket.id, reason });
    }
    for (const request of requests) {
      const answers = await target.importTickets({ tickets: request, agent: this.#move?.agent });
      for (const [at, one] of request.entries()) {
        const { id: number } = one.ticket;
        const { id = null, rejection = null } = answers[at] ?? {};
        if (id !== null) tickets.push({ number, id, sent: summaryOf(one), answered: null });
        else
          refused.push({ number, reason: rejection?.reason ?? 'The ticket service gave no answer for it.' });
      }
    }
    return { state: 'MOVED', tickets, refused };
  }

  async #compare(chunk: MoveChunk, target: TargetClient): Promise<Partial<MoveChunk>> {
    const answered = await this.#all(
      target,
      chunk.tickets.map(({ id }) => id),
    );
    const byId = new Map(answered.map((one) => [one.ticket.id, summaryOf(one, { isImported: true })]));
    const tickets = chunk.tickets.map((moved) => ({ ...moved, answered: byId.get(moved.id) ?? null }));
    return { state: 'COMPARED', tickets };
  }

  async #all(client: Pick<TicketClient, 'exportTickets'>, ids: readonly number[]): Promise<ExportedTicket[]> {
    // None would be any.
    if (ids.length === 0) return [];
    const all: ExportedTicket[] = [];
    for await (const { tickets } of this.#read(client, ids, true)) all.push(...tickets);
    return all;
  }

  #read(
    client: Pick<TicketClient, 'exportTickets'>,
    ids: readonly number[] | undefined,
    withThreads: boolean,
  ) {
    const { signal } = this.#cancel;
    return client.exportTickets({ filter: {}, ids, except: [], withThreads, me: undefined, signal });
  }

  #tell(problem: string | null): void {
    this.#problem = problem;
    this.#listeners.emit();
  }

  async #change(state: 'RUNNING' | 'STOPPED'): Promise<void> {
    if (!this.#move) return;
    const move = { ...this.#move, state };
    await this.#store.put(move, { sync: true });
    this.#move = move;
    this.#listeners.emit();
  }
}

/** As few requests as what a ticket service takes at once leaves, and what no request can carry. */
function inRequests(tickets: readonly TicketToImport[]) {
  const requests: TicketToImport[][] = [];
  const tooLarge: TicketToImport[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const ticket of tickets) {
    const size = Buffer.byteLength(JSON.stringify(ticket));
    if (size > maxRequestBytes) {
      tooLarge.push(ticket);
      continue;
    }
    bytes += size;
    if (bytes > maxRequestBytes) {
      requests.push([]);
      bytes = size;
    }
    requests.at(-1)?.push(ticket);
  }
  return { requests, tooLarge };
}
