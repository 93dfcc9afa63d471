/** Where the numbers of one process are kept: its own, and those that every Node process has. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** From a read out of the cache to the longest deadline. */
export const durationBucketsSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

export function createRegistry(options: { version: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'ticket_desk_build_info',
    help: 'Always 1; the version is the label.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: options.version }, 1);
  return registry;
}

/** Answers the seconds since it was called. */
export function stopwatch(): () => number {
  const startedAtMs = performance.now();
  return () => (performance.now() - startedAtMs) / 1000;
}
