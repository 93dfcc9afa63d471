/** A create queue that does with each create what the test says, when it says so. */
import type { NewTicket } from '../../domain/ticket.ts';
import type { CreateQueue, PublishResult } from '../../ports/create-queue.ts';

export interface Publish {
  create: NewTicket;
  signal: AbortSignal;
  answer(result: PublishResult): void;
  fail(error: Error): void;
}

export interface ControllableQueue extends CreateQueue {
  /** The next create that is sent, in the order of sending; waits for it. */
  next(): Promise<Publish>;
  /** How many were sent and not answered yet. */
  readonly pending: number;
}

export function controllableQueue(): ControllableQueue {
  const sent: Publish[] = [];
  let waiting: (() => void) | undefined;
  let pending = 0;
  return {
    publish(create, { signal }) {
      return new Promise((resolve, reject) => {
        pending += 1;
        const settled = (settle: () => void) => {
          pending -= 1;
          settle();
        };
        signal.addEventListener('abort', () => settled(() => reject(signal.reason)), { once: true });
        sent.push({
          create,
          signal,
          answer: (result) => settled(() => resolve(result)),
          fail: (error) => settled(() => reject(error)),
        });
        waiting?.();
      });
    },
    async next() {
      while (sent.length === 0) {
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
      }
      return sent.shift() as Publish;
    },
    get pending() {
      return pending;
    },
    async close() {},
  };
}
