/** What a program gives to its operator: its numbers, and whether it is ready. Nothing is served where no port is given. */
import type { Registry } from 'prom-client';
import type { MetricsConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import { createReadiness, type Readiness } from './readiness.ts';

export interface Operations {
  readonly readiness: Readiness;
  /** Undefined: nobody reads them, so nothing is measured. */
  readonly registry: Registry | undefined;
  stop(): Promise<void>;
}

/**
 * To be started before everything else and stopped after it, so that a start and an end can be watched.
 * @throws DeskError BAD_USER_INPUT: the port can't be had.
 */
export async function startOperations(options: {
  metrics: MetricsConfig | undefined;
  version: string;
  logger: Logger;
}): Promise<Operations> {
  const { metrics, version, logger } = options;
  const readiness = createReadiness();
  if (!metrics) return { readiness, registry: undefined, stop: async () => {} };
  const { createRegistry } = await import('./registry.ts');
  const { startOperationsServer } = await import('./operations-server.ts');
  const registry = createRegistry({ version });
  const server = await startOperationsServer({ ...metrics, registry, readiness, logger });
  logger.info({ url: server.url }, 'serving metrics');
  return { readiness, registry, stop: server.stop };
}
