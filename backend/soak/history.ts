/** What was asked of a desk, when, and what it answered; what was broken meanwhile; and what the desk holds at the end. */

export const kinds = [
  'create',
  'update',
  'status',
  'comment',
  'edit comment',
  'delete comment',
  'delete',
  'restore',
  'bulk',
  'undo',
  'import',
  'move up',
  'read',
  'count',
] as const;
export type Kind = (typeof kinds)[number];

/**
 * STORED: the database has it. QUEUED: it is on the disk of the proxy. REFUSED: there is no such ticket. CLASH: somebody
 * else changed the same meanwhile. WRONG: none of what may be answered.
 */
export type AnswerState = 'STORED' | 'QUEUED' | 'REFUSED' | 'CLASH' | 'WRONG';

export interface Answer {
  state: AnswerState;
  /** Of a ticket that was written or read; undefined: not told, or of a read: it was not there. */
  version?: number | undefined;
  /** Of what is wrong, in words; of a job, what it told. */
  told?: string;
  /** Of a job or an import: how many tickets it has changed or stored. */
  count?: number;
  /** Of a read of many: those that it showed. */
  seen?: readonly { id: number; version: number }[];
  counts?: readonly ToldCount[];
}

/** Of tickets with a description that begins so, in this status; what is left out leaves all through. */
export interface CountFilter {
  description?: string;
  status?: string;
}

export interface ToldCount {
  filter: CountFilter;
  count: number;
  /** False: there are more. */
  exact: boolean;
}

export interface Operation {
  /** The way in: `proxy`, or `service 0`. */
  by: string;
  kind: Kind;
  /** Its number, or the request id of its create. */
  ticket?: number | string | undefined;
  requestId?: string;
  /** What it writes; but for a status no two operations of a run write the same. Of an import the titles of its rows. */
  texts?: readonly string[];
  /** It is made only if nobody else has changed the same since. */
  expectedVersion?: number | undefined;
  /** Milliseconds since the run began; of what is sent again and again the first time. */
  askedMs: number;
  /** Undefined: whether it was done is not known. */
  answeredMs?: number;
  answer?: Answer;
}

/** Something that was broken. */
export interface Breakage {
  lane: string;
  what: string;
  fromMs: number;
  toMs: number;
}

/** The parts of an operation that its asker knows beforehand. */
export type Asked = Omit<Operation, 'askedMs' | 'answeredMs' | 'answer'>;

/** One run's operations, in the order in which they were asked. */
export class History {
  readonly operations: Operation[] = [];
  readonly breakages: Breakage[] = [];
  readonly #startMs = performance.now();

  nowMs(): number {
    return performance.now() - this.#startMs;
  }

  /** @param ask resolves with undefined when it gets no answer. @throws what `ask` throws, as WRONG */
  async run(asked: Asked, ask: () => Promise<Answer | undefined>): Promise<Answer | undefined> {
    const operation: Operation = { ...asked, askedMs: this.nowMs() };
    this.operations.push(operation);
    const answer = await ask().catch((thrown): Answer => ({ state: 'WRONG', told: String(thrown) }));
    if (!answer) return undefined;
    operation.answeredMs = this.nowMs();
    operation.answer = answer;
    return answer;
  }

  /** Those of each kind that were answered, and did what they were to do. */
  done(): Record<Kind, number> {
    const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
    for (const operation of this.operations) if (isDone(operation)) counts[operation.kind] += 1;
    return counts;
  }
}

export function isDone({ answer }: Operation): boolean {
  return answer?.state === 'STORED' || answer?.state === 'QUEUED';
}

export interface FinalTicket {
  id: number;
  requestId: string | null;
  version: number;
  isDeleted: boolean;
  /** An older service stored it, and it became a create's own later on. */
  isAdopted: boolean;
  /** Fields by their declared names, as the history writes values. */
  values: Record<string, string | null>;
}

/** One line of the history that the desk keeps. */
export interface FinalChange {
  ticketId: number;
  version: number;
  field: string;
  from: string | null;
  to: string | null;
}

export interface FinalComment {
  id: number;
  ticketId: number;
  requestId: string;
  body: string;
  isDeleted: boolean;
}

/** All that a desk holds once nothing waits any more. */
export interface FinalReads {
  tickets: readonly FinalTicket[];
  /** In the order in which they were written. */
  changes: readonly FinalChange[];
  comments: readonly FinalComment[];
  /** Which version of which ticket a request made. */
  requests: readonly { requestId: string; ticketId: number; version: number }[];
  /** As each way in told them. */
  counts: readonly (ToldCount & { by: string })[];
  /** Requests that went back to their author, which is where what can't be made any more belongs. */
  backWithAuthor: readonly string[];
}
