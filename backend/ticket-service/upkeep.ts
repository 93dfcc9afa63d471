/** Removes from the store, now and every hour, what has been kept long enough. */
import type { Logger } from '../logger.ts';
import { pause } from '../pause.ts';
import type { TicketStore } from './store/ticket-store.ts';

const everyMs = 60 * 60 * 1000;

/** @returns what stops it; that resolves once nothing runs any more, since the store is closed next */
export function startUpkeep(store: Pick<TicketStore, 'prune'>, logger: Logger): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    while (!signal.aborted) {
      await store
        .prune(signal)
        .catch((err) => logger.warn({ err }, 'not all that is old was forgotten; trying again in an hour'));
      await pause(everyMs, signal);
    }
  })();
  return () => {
    stopping.abort();
    return running;
  };
}
