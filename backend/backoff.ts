import { pause } from './pause.ts';

/**
 * How long to wait after the nth failure in a row: twice as long each time, from minMs up to maxMs, of which a random
 * half is left out, so that many who failed together do not come back together.
 */
export function backoffMs(failures: number, limits: { minMs: number; maxMs: number }): number {
  const fullMs = Math.min(limits.maxMs, limits.minMs * 2 ** Math.min(failures - 1, 30));
  return Math.max(limits.minMs, Math.round(fullMs * (0.5 + Math.random() / 2)));
}

export interface Retries {
  /** Resolves after the pause that follows one more failure, or at once when it is ended early. */
  pause(): Promise<void>;
  /** The next failure counts as the first. */
  succeeded(): void;
  /** Ends the pause under way. */
  now(): void;
}

/** The pauses of something that is tried for ever. @param signal ends them all */
export function createRetries(limits: { minMs: number; maxMs: number }, signal?: AbortSignal): Retries {
  let failures = 0;
  let early = new AbortController();
  return {
    async pause() {
      failures += 1;
      early = new AbortController();
      await pause(backoffMs(failures, limits), AbortSignal.any([early.signal, ...(signal ? [signal] : [])]));
    },
    succeeded() {
      failures = 0;
    },
    now: () => early.abort(),
  };
}
