/** The ticket service on its address: the contract, gRPC's health check and reflection. */
import { Server, type ServerCredentials, type ServerInterceptor } from '@grpc/grpc-js';
import { contractPackage, ticketServiceDefinition } from '../../proto/contract-package.ts';
import { once } from '../../proto/once.ts';
import { countedLogger, createRefusalLog } from '../counted-log.ts';
import { DeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { ApiTokens } from '../secrets.ts';
import { startChangeFeed } from './change-feed/change-feed.ts';
import { ticketServiceHandlers } from './grpc/handlers.ts';
import { createHealthService } from './grpc/health-service.ts';
import { requireToken } from './grpc/require-token.ts';
import { createRunningCalls, type RunningCalls } from './grpc/running-calls.ts';
import { weighCalls } from './grpc/weigh-calls.ts';
import type { TicketStore } from './store/ticket-store.ts';
import { startUpkeep } from './upkeep.ts';
import type { TrustedCache } from './use-cases/trusted-cache.ts';

/** More than any acceptable request, if not of the longest threads to import; the fields' own limits give clearer errors. */
const maxRequestBytes = 4 * 1024 * 1024;
/** A peer that has gone without a word is noticed after both of these. */
const keepaliveMs = 20_000;
const keepaliveTimeoutMs = 10_000;
/** How long calls that run may still take once the service stops. */
const drainMs = 3_000;
/** How long the others may take to hear that they are refused. */
const refusalMs = 500;

export interface TicketServer {
  readonly address: string;
  /** Whether it has the database's changes, without which what it answers may be out of date. */
  isHealthy(): boolean;
  /** For gRPC's health check: whether the process as a whole is ready. */
  tellReady(ready: boolean): void;
  /** Lets the calls that run finish for a moment; every caller gets the same promise. */
  stop(): Promise<void>;
}

/**
 * Serves until it is stopped. Store and cache stay the caller's, to be closed after the stop.
 * @param options.grpcAddress `host:port` (0: any free port), or `unix:/path` of a socket
 * @param options.credentials in clear, or by TLS; they stay the caller's too
 * @param options.admitWithoutToken whose calls of the base contract need no token: addresses and ranges of them
 * @param options.queueTopic whose creates it stores; undefined: it takes none from a queue
 * @param options.reflects whether callers may ask for the contract by gRPC's server reflection
 * @param options.interceptors see every call, before its token is looked at
 * @throws DeskError BAD_USER_INPUT: can't listen there; UNAVAILABLE: the database is gone again
 */
export async function startTicketService(options: {
  store: TicketStore;
  cache: TrustedCache;
  grpcAddress: string;
  credentials: ServerCredentials;
  tokens: ApiTokens;
  admitWithoutToken?: readonly string[] | undefined;
  queueTopic?: string | undefined;
  reflects: boolean;
  logger: Logger;
  version: string;
  interceptors?: readonly ServerInterceptor[];
}): Promise<TicketServer> {
  const { store, cache, logger } = options;
  const ofCalls = countedLogger(logger);
  const health = createHealthService();
  let isHealthy = true;
  const onHealth = (healthy: boolean) => {
    isHealthy = healthy;
    health.tell({ canAnswer: healthy });
  };
  const feed = await startChangeFeed({
    changes: store.changes,
    presence: store.presence,
    cache,
    logger,
    onHealth,
  });
  const calls = createRunningCalls();
  const server = new Server({
    interceptors: [
      ...(options.interceptors ?? []),
      calls.interceptor,
      requireToken({ ...options, logRefusal: createRefusalLog(logger) }),
      weighCalls(),
    ],
    // Work in every call, for a page about it that nobody serves.
    'grpc.enable_channelz': 0,
    'grpc.max_receive_message_length': maxRequestBytes,
    'grpc.keepalive_time_ms': keepaliveMs,
    'grpc.keepalive_timeout_ms': keepaliveTimeoutMs,
  });
  server.addService(
    ticketServiceDefinition,
    ticketServiceHandlers({ ...options, logger: ofCalls, storage: { store, cache }, feed }),
  );
  health.addTo(server);
  if (options.reflects) {
    const { ReflectionService } = await import('@grpc/reflection');
    new ReflectionService(contractPackage).addToServer(server);
  }
  let address: string;
  try {
    address = await bind(server, options.grpcAddress, options.credentials);
  } catch (thrown) {
    await feed.stop();
    throw thrown;
  }
  const stopUpkeep = startUpkeep(store, logger);
  logger.info({ address }, 'the ticket service is ready');

  async function stop(): Promise<void> {
    onHealth(false);
    // The feed first: a shutdown waits for streams to end.
    await Promise.all([feed.stop(), shutDown(server, calls), stopUpkeep()]);
  }
  return {
    address,
    isHealthy: () => isHealthy,
    tellReady: (isReady) => health.tell({ isReady }),
    stop: once(stop),
  };
}

function bind(server: Server, grpcAddress: string, credentials: ServerCredentials): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync(grpcAddress, credentials, (cause, port) => {
      if (cause) {
        const message = `The ticket service can't listen on ${grpcAddress}: ${cause.message}. Is another one running? Set GRPC_ADDRESS to a free address.`;
        reject(new DeskError('BAD_USER_INPUT', message, { field: 'GRPC_ADDRESS', cause }));
      } else {
        const isSocket = grpcAddress.startsWith('unix:');
        resolve(isSocket ? grpcAddress : grpcAddress.replace(/:\d+$/, `:${port}`));
      }
    });
  });
}

async function shutDown(server: Server, calls: RunningCalls): Promise<void> {
  await new Promise<void>((resolve) => {
    const timers = [
      setTimeout(() => calls.refuse(), drainMs),
      setTimeout(() => {
        server.forceShutdown();
        resolve();
      }, drainMs + refusalMs),
    ];
    server.tryShutdown(() => {
      for (const timer of timers) clearTimeout(timer);
      resolve();
    });
  });
}
