/**
 * Puts the ticket service together. Apart from compose.ts, so that a desk does not load what its child process runs; Redis's
 * and NSQ's clients and gRPC's reflection are loaded where they are used alone, as that takes long.
 */
import { memoryCache } from './adapters/cache-memory.ts';
import type { RunBackupTask } from './backup-task.ts';
import type { NsqConfig, TicketServiceConfig } from './config.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { createReadiness, followReadiness, type Readiness } from './metrics/readiness.ts';
import type { ServiceMetrics } from './metrics/service-metrics.ts';
import { Consumer } from './ticket-service/consumer/consumer.ts';
import { openServerCredentials } from './ticket-service/grpc/server-credentials.ts';
import { startTicketService } from './ticket-service/server.ts';
import { backupTasks } from './ticket-service/store/backup/backup-tasks.ts';
import { openPostgresStore } from './ticket-service/store/postgres-store.ts';
import type { TicketStore } from './ticket-service/store/ticket-store.ts';
import type { TicketStorage } from './ticket-service/use-cases/create-tickets.ts';
import { type TrustedCache, trustedCache } from './ticket-service/use-cases/trusted-cache.ts';
import { openApiTokens } from './token-file.ts';
import { startSpanExporter } from './traces/span-exporter.ts';
import { tracedStore } from './traces/traced.ts';

/** Tickets and lists; the cache bounds its size too. */
const maxCachedEntries = 10_000;

export interface TicketServiceOptions extends TicketServiceConfig {
  version: string;
  logger: Logger;
  /** A desk's own, which nobody else can call: it does without gRPC's reflection. */
  isOfDesk?: boolean;
  /** Ends the waiting for Postgres. */
  signal: AbortSignal;
  /** Told what it waits for while it starts, in words for the person. */
  onWaiting?: (text: string) => void;
  /** Left out: gRPC's health check alone tells of it. */
  readiness?: Readiness;
  /** Left out: nothing is measured. */
  measure?: ServiceMetrics | undefined;
}

/**
 * Resolves once the service serves; until then it waits for Postgres. From the first moment of its stop it is not
 * ready any more; then it lets what it has in hand finish.
 * @throws DeskError when it can't serve; the text says why.
 */
export async function composeTicketService(
  options: TicketServiceOptions,
): Promise<{ address: string; runBackup: RunBackupTask; stop(): Promise<void> }> {
  const { logger, readiness = createReadiness(), measure } = options;
  const lifecycle = createLifecycle(logger);
  try {
    const { tokens, close: closeTokens } = openApiTokens({
      entries: options.apiTokens,
      file: options.apiTokensFile,
      logger,
    });
    lifecycle.add('tokens', closeTokens);
    // Before the database is waited for: what is wrong with these, waiting does not mend.
    const { credentials, close: closeCredentials } = await openServerCredentials({ ...options, tokens });
    lifecycle.add('certificates', closeCredentials);
    const store = await openStore(options, lifecycle);
    const cache = await openCache(options, store, lifecycle);
    const interceptors = measure ? [measure.calls] : [];
    const queueTopic = options.nsq?.topic;
    const access = { tokens, credentials };
    const server = await startTicketService({
      ...options,
      ...access,
      store,
      cache,
      interceptors,
      queueTopic,
      reflects: !options.isOfDesk,
    });
    lifecycle.add('server', () => server.stop());
    if (options.nsq) {
      const consumer = await startConsumer(options, options.nsq, { store, cache });
      lifecycle.add('consumer', () => consumer.stop());
      readiness.add('queue', () => consumer.connected());
    }
    const backups = backupTasks(options);
    lifecycle.add('backups', backups.stop);
    readiness.add('database', () => store.ping().then(() => true));
    readiness.add('changes', server.isHealthy);
    readiness.started();
    // Last, so that it ends first.
    lifecycle.add('health', followReadiness(readiness, server.tellReady));
    lifecycle.add('readiness', () => readiness.drain());
    return { address: server.address, runBackup: backups.run, stop: lifecycle.stop };
  } catch (thrown) {
    await lifecycle.stop();
    throw thrown;
  }
}

/** The tickets, with what watches over each call of them. */
async function openStore(options: TicketServiceOptions, lifecycle: Lifecycle): Promise<TicketStore> {
  const { measure, tracesTo } = options;
  const postgres = await openPostgresStore(options);
  lifecycle.add('store', () => postgres.close());
  measure?.connections(postgres.connections);
  const measured = measure?.store(postgres) ?? postgres;
  if (tracesTo === undefined) return measured;
  const spans = startSpanExporter({ ...options, endpoint: tracesTo, serviceName: 'ticket-service' });
  lifecycle.add('traces', spans.stop);
  return tracedStore(measured, spans);
}

/** Redis where one is named, else in this process; read from only while it is known to be right. */
async function openCache(
  { redisUrl, measure, logger }: TicketServiceOptions,
  store: TicketStore,
  lifecycle: Lifecycle,
): Promise<TrustedCache> {
  const plain =
    redisUrl === undefined
      ? memoryCache({ maxEntries: maxCachedEntries })
      : (await import('./adapters/cache-redis.ts')).redisCache({ url: redisUrl, logger });
  lifecycle.add('cache', () => plain.close());
  const cache = trustedCache({
    cache: measure?.cache(plain) ?? plain,
    lease: store.cacheLease,
    logger,
  });
  lifecycle.add('trust in the cache', () => cache.stop());
  return cache;
}

async function startConsumer(
  { measure, logger }: TicketServiceOptions,
  nsq: NsqConfig,
  storage: TicketStorage,
): Promise<Consumer> {
  const { nsqSource } = await import('./adapters/source-nsq.ts');
  const source = nsqSource({ ...nsq, logger });
  const openSource = measure?.source(source) ?? source;
  return new Consumer({ storage, openSource, topic: nsq.topic, logger });
}
