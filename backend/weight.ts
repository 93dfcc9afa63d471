/**
 * Bounds what is held in memory at once for answers. The weight of an answer is how many characters of text it may hold
 * at most, worked out before anything of it is read; what does not fit beside the others waits its turn.
 */
import { commentRule, limits } from '../proto/checks.ts';
import { type FieldName, fieldNames, fieldOf } from '../proto/ticket-fields.ts';
import { DeskError } from './errors.ts';

/** How long anything waits for its turn: as long as a call of the proxy's lasts. */
const waitMs = 10_000;

/** The text of a ticket's field, in characters, where it is as long as it may be; 0 where that is never much. */
export function fieldWeight(name: FieldName): number {
  const field = fieldOf(name);
  if (field.kind === 'text') return field.maxCharacters;
  return field.kind === 'set' ? field.maxCharacters * field.maxEntries : 0;
}

/** The text of one row, in characters, where each is as long as it may be. */
export const rowWeight = {
  ticket: fieldNames.reduce((sum, name) => sum + fieldWeight(name), 0),
  comment: commentRule.maxCharacters,
  /** What it was changed from and to, which may be a comment's text. */
  change: 2 * commentRule.maxCharacters,
} as const;

/** The longest list of tickets that the base contract has. */
export const longestListWeight = limits.maxListLength * rowWeight.ticket;

export interface Share {
  /** Any number of times. */
  release(): void;
}

/** So much at once, in the order in which it was asked for. */
export class Budget {
  readonly #total: number;
  #used = 0;
  readonly #waiting = new Set<{ weight: number; begin(): void }>();

  constructor(total: number) {
    this.#total = total;
  }

  /**
   * @param weight what is more than all that there is takes all; nothing never waits
   * @param signal who aborts waits no more, and gets nothing
   * @throws DeskError DEADLINE_EXCEEDED: it has waited for 10 s. What `signal` was aborted with.
   */
  async take(weight: number, signal?: AbortSignal): Promise<Share> {
    const own = Math.min(weight, this.#total);
    const mustWait = this.#waiting.size > 0 || this.#used + own > this.#total;
    if (own > 0 && mustWait) await this.#turn(own, signal);
    else this.#used += own;
    return this.#share(own);
  }

  #turn(weight: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#waiting.delete(one);
      };
      const giveUp = (reason: unknown) => {
        leave();
        reject(reason);
        this.#next();
      };
      const onAbort = () => giveUp(signal?.reason);
      const timer = setTimeout(() => giveUp(tooBusy()), waitMs);
      const one = {
        weight,
        begin() {
          leave();
          resolve();
        },
      };
      this.#waiting.add(one);
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort);
    });
  }

  #share(weight: number): Share {
    let held = weight;
    const release = () => {
      this.#used -= held;
      held = 0;
      this.#next();
    };
    return { release };
  }

  #next(): void {
    for (const one of this.#waiting) {
      if (this.#used + one.weight > this.#total) return;
      this.#used += one.weight;
      one.begin();
    }
  }
}

/** Two budgets, so that who asks for little never waits for those who ask for much. */
export class Lanes {
  readonly #lightUpTo: number;
  readonly #light: Budget;
  readonly #heavy: Budget;

  /** @param heaviest of what is heavy no more is answered at once; a heavier one is answered alone */
  constructor(heaviest: number) {
    this.#lightUpTo = heaviest / 2;
    // Some pages of a list, so that one who waits for its rows holds up nobody.
    this.#light = new Budget(heaviest);
    this.#heavy = new Budget(heaviest);
  }

  /** As Budget's. */
  take(weight: number, signal?: AbortSignal): Promise<Share> {
    return (weight > this.#lightUpTo ? this.#heavy : this.#light).take(weight, signal);
  }
}

function tooBusy(): DeskError {
  return new DeskError(
    'DEADLINE_EXCEEDED',
    'Ticket Desk has too much to answer at the moment. Ask for less at once, or try again.',
  );
}
