/** A bounded queue between the desk's events and one subscriber, read as an async iterator. */
import { DeskError } from '../../errors.ts';

const maxWaiting = 1_000;

/**
 * @param options.subscribe begins to listen and returns unsubscribe; called at once.
 * @param options.first come before any event.
 */
export function eventStream<Event>(options: {
  subscribe(push: (event: Event) => void): () => void;
  first?: readonly Event[];
}): AsyncIterableIterator<Event> {
  const waiting: Event[] = [...(options.first ?? [])];
  let wake: (() => void) | undefined;
  let ended = false;
  let overrun = false;
  const unsubscribe = options.subscribe((event) => {
    if (waiting.length >= maxWaiting) {
      overrun = true;
      unsubscribe();
    } else waiting.push(event);
    wake?.();
  });

  function end(): IteratorResult<Event> {
    ended = true;
    waiting.length = 0;
    unsubscribe();
    wake?.();
    return { done: true, value: undefined };
  }

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (!ended && waiting.length === 0 && !overrun) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (ended) return { done: true, value: undefined };
      if (overrun) {
        end();
        throw new DeskError(
          'UNAVAILABLE',
          'More changed than this connection could carry. Read everything anew and subscribe again.',
        );
      }
      return { done: false, value: waiting.shift() as Event };
    },
    return: async () => end(),
    async throw(thrown) {
      end();
      throw thrown;
    },
  };
}
