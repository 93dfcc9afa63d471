/** A whole proxy on a real ticket service and a real Postgres, called as a client calls it. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directQueue } from '../../adapters/queue-direct.ts';
import type { Agent } from '../../domain/agent.ts';
import { createLogger, type Logger } from '../../logger.ts';
import type { CreateQueue } from '../../ports/create-queue.ts';
import { startTestPostgres, type TestPostgres } from '../../testing/postgres.ts';
import { startTestService, type TestService } from '../../ticket-service/testing/service.ts';
import { type Proxy as DeskProxy, openProxy } from '../proxy.ts';
import { createTicketClient, type TicketClient } from '../ticket-client.ts';
import { linkState } from './link-state.ts';

export interface GraphqlAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of the query, which each test knows.
  data?: any;
  errors?: { message: string; extensions: { code: string; field?: string; [key: string]: unknown } }[];
}

/** Sends one GraphQL request to a handler. */
export async function ask(
  handle: (request: Request) => Promise<Response>,
  query: string,
  variables?: Record<string, unknown>,
): Promise<GraphqlAnswer> {
  const response = await handle(graphqlRequest({ query, variables }));
  return { status: response.status, ...(await response.json()) };
}

export function graphqlRequest(body: unknown, init: RequestInit = {}): Request {
  return new Request('http://127.0.0.1/graphql', {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    ...init,
  });
}

export interface ProxyOn {
  proxy: DeskProxy;
  client: TicketClient;
  dataDir: string;
  ask(query: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer>;
  /** Resolves once the outbox is empty. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

/** A proxy on a folder of its own, linked to this address. */
export async function proxyOn(options: {
  address: string;
  apiToken?: string;
  dataDir?: string;
  /** Which ticket service that is, for the person. */
  serviceLabel?: string;
  /** Who works there; left out: nobody known. */
  agent?: Agent;
  /** Left out: creates go by gRPC too. */
  queue?: CreateQueue;
  /** Until then creates wait on their way out. */
  sendAfter?: Promise<void>;
  onForgetKept?: () => void;
  /** Left out: nothing is logged. */
  logger?: Logger;
}): Promise<ProxyOn> {
  const { serviceLabel = 'this computer', logger = createLogger({ name: 'test', level: 'silent' }) } =
    options;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'ticket-desk-proxy-')));
  const client = createTicketClient({ ...options, version: '1.2.3', logger });
  const queue = options.queue ?? directQueue(client);
  const proxy = await openProxy({
    dataDir,
    queue: {
      ...queue,
      async publish(...create) {
        await options.sendAfter;
        return queue.publish(...create);
      },
    },
    client,
    serviceLabel,
    agent: () => options.agent,
    onForgetKept: options.onForgetKept,
    logger,
    appVersion: '1.2.3',
  });
  return {
    proxy,
    client,
    dataDir,
    ask: (query, variables) => ask(proxy.handle, query, variables),
    drained: () =>
      new Promise((resolve) => {
        const stop = proxy.outbox.onChange(look);
        function look(): void {
          if (proxy.outbox.waiting().waiting > 0) return;
          stop();
          resolve();
        }
        look();
      }),
    async stop() {
      await proxy.stop();
      await client.close();
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface RealDesk extends ProxyOn {
  postgres: TestPostgres;
  postgresUrl: string;
  service: TestService;
}

/** @param agent who works there; left out: nobody known */
export async function startRealDesk(agent?: Agent): Promise<RealDesk> {
  const postgres = await startTestPostgres();
  const postgresUrl = await postgres.createDatabase();
  const service = await startTestService({ postgresUrl });
  const proxy = await proxyOn({ address: service.address, ...(agent && { agent }) });
  await linkState(proxy.client, 'CONNECTED');
  return {
    ...proxy,
    postgres,
    postgresUrl,
    service,
    async stop() {
      await proxy.stop();
      await service.stop();
      await postgres.stop();
    },
  };
}
