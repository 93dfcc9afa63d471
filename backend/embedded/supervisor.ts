/**
 * Keeps one process serving: starts it, starts it again when it ends or what it serves is answered no more, and stops it
 * for good.
 */
import { createRetries } from '../backoff.ts';
import type { Logger } from '../logger.ts';
import { type Ask, untilUnanswered } from './answers.ts';

/** A process that has started. */
export interface Running {
  readonly pid: number | undefined;
  /** Resolves with how it ended, in a few words; never rejects. */
  exited: Promise<string>;
  /** Asks at what it serves. */
  ask: Ask;
  /** Asks it to end, insists after a while, and resolves once it has ended. Safe to call twice. */
  stop(): Promise<void>;
}

export interface Supervised {
  /** Resolves once nothing runs any more; every caller gets the same promise. */
  stop(): Promise<void>;
}

export interface SuperviseOptions {
  name: string;
  /** Starts the process; on abort it ends what it began and rejects. */
  start(signal: AbortSignal): Promise<Running>;
  logger: Logger;
  /** Told why it does not run, and undefined once it does. */
  onProblem: (problem: unknown) => void;
}

/** Between two starts. */
const backoff = { minMs: 100, maxMs: 5_000 };
/** Having run this long, its end counts as the first failure. */
const healthyAfterMs = 10_000;

export function supervise(options: SuperviseOptions): Supervised {
  const { name, logger } = options;
  const stopping = new AbortController();
  const { signal } = stopping;

  async function runOnce(): Promise<void> {
    const running = await options.start(signal);
    options.onProblem(undefined);
    logger.info({ part: name, childPid: running.pid }, 'started');
    const stop = () => void running.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const asking = new AbortController();
    const ended = running.exited.then((how) => {
      asking.abort();
      return `${name} ended: ${how}`;
    });
    const unserved = await untilUnanswered(running.ask, asking.signal);
    if (unserved !== undefined) {
      logger.warn({ part: name, unserved }, 'it runs and does not serve; stopping it');
      await running.stop();
    }
    const how = await ended;
    signal.removeEventListener('abort', stop);
    if (signal.aborted) return await running.stop();
    throw new Error(unserved ?? how);
  }

  async function loop(): Promise<void> {
    const retries = createRetries(backoff, signal);
    while (!signal.aborted) {
      const startedAt = performance.now();
      try {
        await runOnce();
      } catch (err) {
        if (signal.aborted) break;
        if (performance.now() - startedAt >= healthyAfterMs) retries.succeeded();
        logger.warn({ err, part: name }, 'not running; starting again after a pause');
        options.onProblem(err);
        await retries.pause();
      }
    }
  }

  const done = loop();
  return {
    stop() {
      stopping.abort();
      return done;
    },
  };
}
