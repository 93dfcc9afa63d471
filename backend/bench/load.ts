/** Closed-loop load: each of n clients sends its next call when the last one was answered. */
import { quantile } from './rounds.ts';

export interface LoadFigures extends Record<string, number> {
  /** Median and 95th percentile of one call, in milliseconds. */
  p50Ms: number;
  p95Ms: number;
  /** Calls answered per second over the whole run. */
  perSecond: number;
}

/** Runs `calls` calls spread over `clients` loops. A call that fails ends the run: a benchmark of errors tells nothing. */
export async function load(
  call: (index: number) => Promise<void>,
  options: {
    clients: number;
    calls: number /** Before each call, not measured. */;
    prepare?: () => Promise<unknown>;
  },
): Promise<LoadFigures> {
  const timesMs: number[] = [];
  let next = 0;
  const client = async () => {
    while (next < options.calls) {
      const index = next;
      next += 1;
      await options.prepare?.();
      const startedAt = performance.now();
      await call(index);
      timesMs.push(performance.now() - startedAt);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: options.clients }, client));
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    p50Ms: quantile(timesMs, 0.5),
    p95Ms: quantile(timesMs, 0.95),
    perSecond: options.calls / seconds,
  };
}
