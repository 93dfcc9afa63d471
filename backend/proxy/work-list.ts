/**
 * Long work that is kept on the disk, as bulk changes and imports are: one at a time is under way, in the order in which
 * they were begun, and each is known for an hour after its end.
 */
import { createListeners } from '../../proto/listeners.ts';
import { DeskError } from '../errors.ts';

/** So many are known at most. */
export const maxWork = 20;
/** For so long one is known after its end. */
export const keptMs = 60 * 60 * 1000;

export interface Work {
  record: {
    requestId: string;
    /** Order in which they run. */
    sequence: number;
    /** STOPPING: once it is known what became of what was sent. */
    state: 'READY' | 'RUNNING' | 'STOPPING' | 'STOPPED' | 'DONE';
    /** Of whoever began it; undefined: no token that could be withdrawn. */
    token?: string | undefined;
  };
  /** Since when it has not been under way, by performance.now(). */
  idleSinceMs: number;
}

export interface WorkListOptions<Item extends Work> {
  /** It is known no more, and goes from the disk. */
  onForget(item: Item): void;
  /** As the person calls one of them. */
  noun: string;
}

/** Why one is not found that may have been there. @param begun how one comes to be here */
export function unknownWork(noun: string, begun: 'prepared' | 'begun'): string {
  return `No such ${noun} is known here: it was never ${begun}, ended more than an hour ago, or gave way to newer ones.`;
}

export function tooMuchWork(noun: string): string {
  return `${maxWork} ${noun}s wait already. Let one of them end first.`;
}

export class WorkList<Item extends Work> {
  readonly #options: WorkListOptions<Item>;
  readonly #items = new Map<string, Item>();
  readonly #events = createListeners<Item>();
  readonly #work = createListeners<void>();
  #lastSequence = -1;
  #problem: string | null = null;
  #isGood: (token: string) => boolean = () => true;

  constructor(options: WorkListOptions<Item>) {
    this.#options = options;
  }

  /** Told of each step. @returns unsubscribe */
  readonly onChange = this.#events.add;
  /** Told when there is something to run. @returns unsubscribe */
  readonly onWork = this.#work.add;

  add(item: Item): void {
    this.#items.set(item.record.requestId, item);
    this.#lastSequence = Math.max(this.#lastSequence, item.record.sequence);
  }

  /** Behind all others. */
  nextSequence(): number {
    this.#lastSequence += 1;
    return this.#lastSequence;
  }

  /** In the order in which they were begun. */
  list(): Item[] {
    this.#forgetOld();
    return [...this.#items.values()].sort((a, b) => a.record.sequence - b.record.sequence);
  }

  get(id: string): Item | undefined {
    this.#forgetOld();
    return this.#items.get(id);
  }

  /** @throws DeskError NOT_FOUND */
  require(id: string, field = 'id'): Item {
    const item = this.get(id);
    if (item) return item;
    throw new DeskError('NOT_FOUND', unknownWork(this.#options.noun, 'prepared'), { field });
  }

  /** The one that is under way. */
  current(): Item | undefined {
    return this.list().find(isUnderWay);
  }

  /** @param isGood whether a token still admits whoever has it */
  admitBy(isGood: (token: string) => boolean): void {
    this.#isGood = isGood;
  }

  /** Whether whoever began it may do so no more. */
  isWithdrawn({ record: { token } }: Item): boolean {
    return token !== undefined && !this.#isGood(token);
  }

  /** Why it waits, or was stopped by nobody; else null. */
  reasonOf(item: Item): string | null {
    if (item.record.state === 'STOPPED' && this.isWithdrawn(item))
      return 'The token that it was begun with was withdrawn or has expired. Anybody else may let it go on.';
    if (!isUnderWay(item)) return null;
    return item === this.current() ? this.#problem : `It waits for another ${this.#options.noun} to end.`;
  }

  /** As the person sees it: what is under way waits while nothing goes on. */
  stateOf(item: Item): Exclude<Work['record']['state'], 'STOPPING'> | 'WAITING' {
    const { state } = item.record;
    if (state !== 'RUNNING' && state !== 'STOPPING') return state;
    return this.reasonOf(item) === null ? 'RUNNING' : 'WAITING';
  }

  /** Why nothing goes on at the moment; null: it does. */
  setProblem(problem: string | null): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    const current = this.current();
    if (current) this.#events.emit(current);
  }

  /** Tells that it has come on. */
  tell(item: Item): void {
    item.idleSinceMs = performance.now();
    this.#events.emit(item);
  }

  /** Tells that there is something to run. */
  wake(): void {
    this.#work.emit();
  }

  /** For one more. @throws DeskError CONFLICT: all that are known are under way. */
  makeRoom(): void {
    if (this.list().length < maxWork) return;
    const oldest = this.list().find((item) => !isUnderWay(item));
    if (oldest) this.forget(oldest);
    else throw new DeskError('CONFLICT', tooMuchWork(this.#options.noun), { field: 'id' });
  }

  forget(item: Item): void {
    this.#items.delete(item.record.requestId);
    this.#options.onForget(item);
  }

  /** What all of them are about is here no more. */
  forgetAll(): void {
    for (const item of this.#items.values()) this.forget(item);
  }

  #forgetOld(): void {
    for (const item of this.#items.values()) {
      const isOld = performance.now() - item.idleSinceMs > keptMs;
      if (isOld && !isUnderWay(item)) this.forget(item);
    }
  }
}

export function isUnderWay({ record }: Pick<Work, 'record'>): boolean {
  return record.state === 'RUNNING' || record.state === 'STOPPING';
}
