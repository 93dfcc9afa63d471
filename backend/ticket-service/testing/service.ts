/** A ticket service on a real Postgres, and callers of it over real gRPC. */
import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import { TicketServiceClient, ticketServiceDefinition } from '../../../proto/contract-package.ts';
import type { TicketServiceDefinition } from '../../../proto/generated/TicketService.ts';
import type { WatchTicketsResponse__Output } from '../../../proto/generated/WatchTicketsResponse.ts';
import { memoryCache } from '../../adapters/cache-memory.ts';
import type { TlsFiles } from '../../config.ts';
import { createLogger, type Logger } from '../../logger.ts';
import type { Cache } from '../../ports/cache.ts';
import { ApiTokens } from '../../secrets.ts';
import { openServerCredentials } from '../grpc/server-credentials.ts';
import { startTicketService } from '../server.ts';
import { openPostgresStore } from '../store/postgres-store.ts';
import type { TicketStore } from '../store/ticket-store.ts';
import { type TrustedCache, trustedCache } from '../use-cases/trusted-cache.ts';

type UnaryName = Exclude<keyof TicketServiceDefinition, 'WatchTickets'>;
type RequestOf<Name extends UnaryName> =
  TicketServiceDefinition[Name] extends MethodDefinition<infer Request, infer _R, infer _O, infer _P>
    ? Request
    : never;
type ResponseOf<Name extends UnaryName> =
  TicketServiceDefinition[Name] extends MethodDefinition<infer _Q, infer _R, infer _O, infer Response>
    ? Response
    : never;

export const silent = createLogger({ name: 'test', level: 'silent' });
const deadlineMs = 20_000;

export interface TestCaller {
  call<Name extends UnaryName>(name: Name, request: RequestOf<Name>): Promise<ResponseOf<Name>>;
  watch(resumeToken?: string): TestWatch;
  close(): void;
}

export interface TestWatch {
  /** The next event that is no heartbeat; rejects when the stream fails or ends. */
  next(): Promise<WatchTicketsResponse__Output>;
  /** The next event of all. */
  nextOfAll(): Promise<WatchTicketsResponse__Output>;
  pause(): void;
  resume(): void;
  cancel(): void;
}

/** @param agentTold the text of the metadata agent-bin */
export function connect(address: string, token?: string, agentTold?: string): TestCaller {
  const client = new TicketServiceClient(address, credentials.createInsecure(), {
    'grpc.initial_reconnect_backoff_ms': 50,
    'grpc.max_reconnect_backoff_ms': 200,
  });
  const metadata = new Metadata();
  if (token) metadata.set('authorization', `Bearer ${token}`);
  if (agentTold) metadata.set('agent-bin', Buffer.from(agentTold));
  return {
    call(name, request) {
      const method = ticketServiceDefinition[name] as unknown as MethodDefinition<object, object>;
      return new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          method.path,
          method.requestSerialize,
          method.responseDeserialize,
          request as object,
          metadata,
          { deadline: Date.now() + deadlineMs },
          (error, response) => (error ? reject(error) : resolve(response as never)),
        );
      });
    },
    watch: (resumeToken = '') => readWatch(client.WatchTickets({ resumeToken }, metadata)),
    close: () => client.close(),
  };
}

function readWatch(stream: ReturnType<TicketServiceClientInstance['WatchTickets']>): TestWatch {
  const events: WatchTicketsResponse__Output[] = [];
  const takers: { resolve(event: WatchTicketsResponse__Output): void; reject(reason: unknown): void }[] = [];
  let over: unknown;
  const finish = (reason: unknown) => {
    over ??= reason;
    for (const taker of takers.splice(0)) taker.reject(over);
  };
  stream.on('data', (event: WatchTicketsResponse__Output) => {
    const taker = takers.shift();
    if (taker) taker.resolve(event);
    else events.push(event);
  });
  stream.on('error', finish);
  stream.on('end', () => finish(new Error('the stream ended')));
  const nextOfAll = () =>
    new Promise<WatchTicketsResponse__Output>((resolve, reject) => {
      const event = events.shift();
      if (event) resolve(event);
      else if (over) reject(over);
      else takers.push({ resolve, reject });
    });
  return {
    nextOfAll,
    async next() {
      for (;;) {
        const event = await nextOfAll();
        if (event.kind !== 'HEARTBEAT') return event;
      }
    },
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    cancel: () => stream.cancel(),
  };
}

type TicketServiceClientInstance = InstanceType<typeof TicketServiceClient>;

export interface TestService extends TestCaller {
  address: string;
  store: TicketStore;
  stop(): Promise<void>;
}

/** The cache of a service that is known to be the only one. */
export function soleCache(cache: Cache = memoryCache({ maxEntries: 1_000 })): TrustedCache {
  return {
    ...cache,
    async dropForAnswer(...keys) {
      await cache.drop(keys.map((key) => ({ key })));
    },
    distrust() {},
    async stop() {},
  };
}

/** @param options.wrap what stands between the service and its store */
export async function startTestService(options: {
  postgresUrl: string;
  grpcAddress?: string;
  /** As they are; the caller that comes with the service shows the first. */
  apiTokens?: readonly string[];
  /** Instead of those. */
  tokens?: ApiTokens;
  admitWithoutToken?: readonly string[];
  grpcTls?: TlsFiles;
  queueTopic?: string;
  logger?: Logger;
  cache?: Cache;
  wrap?: (store: TicketStore) => TicketStore;
}): Promise<TestService> {
  const { wrap = (store) => store, apiTokens = [], cache = memoryCache({ maxEntries: 1_000 }) } = options;
  const { grpcAddress = '127.0.0.1:0', grpcTls, logger = silent, admitWithoutToken } = options;
  const tokens = options.tokens ?? new ApiTokens(apiTokens);
  const { credentials: own, close } = await openServerCredentials({
    grpcAddress,
    grpcTls,
    tokens,
    admitWithoutToken,
    logger,
  });
  const store = await openPostgresStore({ postgresUrl: options.postgresUrl, logger: silent });
  const wrapped = wrap(store);
  const trusted = trustedCache({ cache, lease: wrapped.cacheLease, logger: silent });
  const service = await startTicketService({
    store: wrapped,
    cache: trusted,
    grpcAddress,
    credentials: own,
    tokens,
    admitWithoutToken,
    queueTopic: options.queueTopic,
    reflects: true,
    logger,
    version: '1.2.3',
  });
  const caller = connect(service.address, apiTokens[0]);
  return {
    ...caller,
    address: service.address,
    store,
    async stop() {
      caller.close();
      await service.stop();
      close();
      await trusted.stop();
      await store.close();
    },
  };
}

/** What a call was refused with. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ code: number; field: string | undefined; text: string }> {
  const error = await call.then(
    () => {
      throw new Error('the call was not refused');
    },
    (thrown: ServiceError) => thrown,
  );
  if (!('code' in error)) throw error;
  return {
    code: error.code,
    field: error.metadata.get('error-field')[0]?.toString(),
    text: error.details,
  };
}
