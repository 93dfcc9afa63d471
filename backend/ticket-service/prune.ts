/** Lets the store forget, now and then, what has been kept long enough. */
import type { Logger } from '../logger.ts';
import type { TicketStore } from './store/ticket-store.ts';

const everyMs = 60 * 60 * 1000;

/** Answers how to stop; resolves once what is being pruned is done, since the store is closed next. */
export function startPruning(store: TicketStore, logger: Logger): () => Promise<void> {
  let running = Promise.resolve();
  const prune = () => {
    running = store
      .prune()
      .catch((err) => logger.warn({ err }, 'could not prune old changes; trying again in an hour'));
  };
  prune();
  const timer = setInterval(prune, everyMs);
  return () => {
    clearInterval(timer);
    return running;
  };
}
