/** Puts the ticket service together. Apart from compose.ts, so that a desk does not load what its child process runs. */
import type { ServerInterceptor } from '@grpc/grpc-js';
import { memoryCache } from './adapters/cache-memory.ts';
import { redisCache } from './adapters/cache-redis.ts';
import { nsqSource } from './adapters/source-nsq.ts';
import type { TicketServiceConfig } from './config.ts';
import { createLifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { createReadiness, followReadiness, type Readiness } from './metrics/readiness.ts';
import type { Cache } from './ports/cache.ts';
import type { OpenCreateSource } from './ports/create-source.ts';
import { Consumer } from './ticket-service/consumer/consumer.ts';
import { startTicketService } from './ticket-service/server.ts';
import type { Connections } from './ticket-service/store/database.ts';
import { openPostgresStore } from './ticket-service/store/postgres-store.ts';
import type { TicketStore } from './ticket-service/store/ticket-store.ts';
import { trustedCache } from './ticket-service/use-cases/trusted-cache.ts';
import { openApiTokens } from './token-file.ts';
import { startSpanExporter } from './traces/span-exporter.ts';
import { tracedStore } from './traces/traced.ts';

/** Tickets and lists; the cache bounds its size too. */
const maxCachedEntries = 10_000;

/** Measures the parts of a service from outside; see backend/metrics/service-metrics.ts. */
export interface ServiceMetrics {
  store(store: TicketStore): TicketStore;
  cache(cache: Cache): Cache;
  source(open: OpenCreateSource): OpenCreateSource;
  calls: ServerInterceptor;
  connections(read: () => Connections): void;
}

/**
 * Resolves once the service serves; until then it waits for Postgres. From the first moment of its stop it is not
 * ready any more; then it lets what it has in hand finish.
 * @param options.readiness left out: gRPC's health check alone tells of it
 * @param options.measure left out: nothing is measured
 * @throws DeskError when it can't serve; the text says why.
 */
export async function composeTicketService(
  options: TicketServiceConfig & {
    version: string;
    logger: Logger;
    signal: AbortSignal;
    readiness?: Readiness;
    measure?: ServiceMetrics | undefined;
  },
): Promise<{ address: string; stop(): Promise<void> }> {
  const { logger, readiness = createReadiness(), measure } = options;
  const lifecycle = createLifecycle(logger);
  try {
    const postgres = await openPostgresStore(options);
    lifecycle.add('store', () => postgres.close());
    measure?.connections(postgres.connections);
    const measuredStore = measure?.store(postgres) ?? postgres;
    const spans =
      options.tracesTo &&
      startSpanExporter({ ...options, endpoint: options.tracesTo, serviceName: 'ticket-service' });
    if (spans) lifecycle.add('traces', spans.stop);
    const store = spans ? tracedStore(measuredStore, spans) : measuredStore;
    const { redisUrl } = options;
    const plainCache =
      redisUrl === undefined
        ? memoryCache({ maxEntries: maxCachedEntries })
        : redisCache({ url: redisUrl, logger });
    lifecycle.add('cache', () => plainCache.close());
    const measured = measure?.cache(plainCache) ?? plainCache;
    const cache = trustedCache({ cache: measured, lease: store.cacheLease, logger });
    lifecycle.add('trust in the cache', () => cache.stop());
    const interceptors = measure ? [measure.calls] : [];
    const { tokens, close: closeTokens } = openApiTokens({
      entries: options.apiTokens,
      file: options.apiTokensFile,
      logger,
    });
    lifecycle.add('tokens', closeTokens);
    const queueTopic = options.nsq?.topic;
    const server = await startTicketService({ ...options, store, cache, interceptors, tokens, queueTopic });
    lifecycle.add('server', () => server.stop());
    if (options.nsq) {
      const { topic } = options.nsq;
      const source = nsqSource({ ...options.nsq, logger });
      const openSource = measure?.source(source) ?? source;
      const consumer = new Consumer({ desk: { store, cache }, openSource, topic, logger });
      lifecycle.add('consumer', () => consumer.stop());
      readiness.add('queue', () => consumer.connected());
    }
    readiness.add('database', () => store.ping().then(() => true));
    readiness.add('changes', server.isHealthy);
    readiness.started();
    // Last, so that it ends first.
    lifecycle.add('health', followReadiness(readiness, server.tellReady));
    lifecycle.add('readiness', () => readiness.drain());
    return { address: server.address, stop: lifecycle.stop };
  } catch (thrown) {
    await lifecycle.stop();
    throw thrown;
  }
}
