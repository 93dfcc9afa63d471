/** Stops what was started, in reverse order, once. */
import type { Logger } from './logger.ts';

export interface Lifecycle {
  /**
   * Remembers how to stop a part that has just been started. After stop() has begun the part is
   * stopped at once, so that a start that overlaps a stop leaves nothing behind.
   */
  add(name: string, stop: () => Promise<void> | void): void;
  /** Every caller gets the same promise. It never rejects: a part that fails to stop is logged, the rest goes on. */
  stop(): Promise<void>;
}

export function createLifecycle(logger: Logger): Lifecycle {
  const parts: { name: string; stop: () => Promise<void> | void }[] = [];
  let stopped: Promise<void> | undefined;

  async function stopParts(): Promise<void> {
    for (let part = parts.pop(); part; part = parts.pop()) {
      try {
        await part.stop();
      } catch (err) {
        logger.error({ err, part: part.name }, 'could not stop a part');
      }
    }
  }

  return {
    add(name, stop) {
      parts.push({ name, stop });
      if (stopped) stopped = stopped.then(stopParts);
    },
    stop() {
      stopped ??= stopParts();
      return stopped;
    },
  };
}
