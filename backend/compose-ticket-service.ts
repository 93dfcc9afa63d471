/** Puts the ticket service together. Apart from compose.ts, so that a desk does not load what its child process runs. */
import { memoryCache } from './adapters/cache-memory.ts';
import type { TicketServiceConfig } from './config.ts';
import { createLifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { startTicketService } from './ticket-service/server.ts';
import { openPostgresStore } from './ticket-service/store/postgres-store.ts';

/** Tickets and lists; the cache bounds its size too. */
const maxCachedEntries = 10_000;

/**
 * Resolves once the service serves; until then it waits for Postgres.
 * @throws DeskError when it can't serve; the text says why.
 */
export async function composeTicketService(
  options: TicketServiceConfig & { version: string; logger: Logger; signal: AbortSignal },
): Promise<{ address: string; stop(): Promise<void> }> {
  const { logger } = options;
  const lifecycle = createLifecycle(logger);
  try {
    const store = await openPostgresStore(options);
    lifecycle.add('store', () => store.close());
    const cache = memoryCache({ maxEntries: maxCachedEntries });
    lifecycle.add('cache', () => cache.close());
    const server = await startTicketService({ ...options, store, cache });
    lifecycle.add('server', () => server.stop());
    return { address: server.address, stop: lifecycle.stop };
  } catch (thrown) {
    await lifecycle.stop();
    throw thrown;
  }
}
