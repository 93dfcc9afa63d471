/** A bounded queue before a reader that may be slower than the tickets change. */
import type { FeedEvent } from './feed-event.ts';

const maxWaiting = 1_000;

export interface EventQueue {
  /** Writes, or keeps the event until drained() when the last write asked to wait. */
  push(event: FeedEvent): void;
  /** The reader can take more. */
  drained(): void;
}

/**
 * When too much waits, all of it gives way to one RESET: who reads everything anew needs no single changes.
 * @param write answers false to be left alone until drained() is called
 */
export function createEventQueue(write: (event: FeedEvent) => boolean): EventQueue {
  let waiting: FeedEvent[] = [];
  let blocked = false;
  return {
    push(event) {
      if (!blocked) {
        blocked = !write(event);
      } else if (waiting.length === maxWaiting) {
        waiting = [{ kind: 'RESET', position: event.position }];
      } else if (event.kind !== 'HEARTBEAT') {
        waiting.push(event);
      }
    },
    drained() {
      blocked = false;
      let next = waiting.shift();
      while (next) {
        blocked = !write(next);
        next = blocked ? undefined : waiting.shift();
      }
    },
  };
}
