/** Puts the desk together: with compose-ticket-service.ts the only file that names adapters. */
import path from 'node:path';
import { directQueue } from './adapters/queue-direct.ts';
import type { RunBackupTask } from './backup-task.ts';
import type { ServiceLinkConfig } from './config.ts';
import { markDataFolder, openDataFolder } from './data-folder.ts';
import type { Agent } from './domain/agent.ts';
import { type Backups, openBackups } from './embedded/backups.ts';
import { prepareBuiltInService } from './embedded/built-in-service.ts';
import type { SpawnTicketService } from './embedded/service-process.ts';
import { DeskError } from './errors.ts';
import { createLifecycle } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import type { ProxyMetrics } from './metrics/proxy-metrics.ts';
import type { CreateQueue } from './ports/create-queue.ts';
import { tlsProblem } from './probe/tls-problem.ts';
import { type MoveUp, type MoveUpOptions, openMoveUp } from './proxy/move-up/move-up.ts';
import { openProxy, type Proxy as TicketProxy } from './proxy/proxy.ts';
import {
  type ConnectionOptions,
  createTicketClient,
  type LinkStatus,
  type TicketClient,
} from './proxy/ticket-client.ts';
import { startSpanExporter } from './traces/span-exporter.ts';
import { traceCreates, tracedQueue } from './traces/traced.ts';

export type { Backups } from './embedded/backups.ts';
export type { ServiceProcess, SpawnTicketService } from './embedded/service-process.ts';
export { checkQueue } from './probe/check-queue.ts';
export { checkService } from './probe/check-service.ts';
export type { MoveUp } from './proxy/move-up/move-up.ts';

/** Where the ticket service is: started here on the data folder, or somewhere else. */
export type ServiceChoice =
  | { kind: 'built-in'; spawn: SpawnTicketService }
  | ({ kind: 'remote' } & ServiceLinkConfig & {
        /** What the person sees as linked to; the address when left out. */
        label?: string;
        /** Why it does not serve, when its owner is the one to know. */
        reason?: () => string | null;
        /** Told how the link to it stands, at each change. */
        onLink?: (state: LinkStatus['state']) => void;
      });

export interface DeskOptions {
  /** Absolute path; made when it is not there. */
  dataDir: string;
  service: ServiceChoice;
  /** Who works here; left out: nobody known, or each caller by their token. */
  agent?: (() => Agent | undefined) | undefined;
  logger: Logger;
  appVersion: string;
  /** Told what is going on, in words for the person, when the start takes a while. */
  onProgress?: (text: string) => void;
  /** Where traces go by OTLP; left out: nowhere. */
  tracesTo?: string | undefined;
  /** 32 bytes that encrypt kept tickets on the disk; left out: they are kept in clear. */
  keptKey?: Buffer | undefined;
  /** Kept tickets are dropped: whoever else keeps some must drop them too. */
  onForgetKept?: (() => void) | undefined;
  /** Where the tickets of a built-in desk may be moved to; null: nowhere yet. Left out: they may not. */
  moveTarget?: (() => ServiceLinkConfig | null) | undefined;
  /** Left out: nothing is measured. */
  measure?: ProxyMetrics | undefined;
}

/** A proxy with all that stands behind it. */
export type DeskBackend = Omit<TicketProxy, 'outbox' | 'isIdle'> & {
  outbox: Pick<TicketProxy['outbox'], 'waiting' | 'onChange'>;
  /** Of a built-in desk. */
  backups?: Backups | undefined;
  /** The same, of one whose tickets may be moved. */
  moveUp?: MoveUp | undefined;
};

/**
 * Resolves as soon as creates can be filed; Postgres and the service start beside it.
 * @throws DeskError BAD_USER_INPUT: the data folder is of a newer format or can't be used. Nothing was touched.
 * @throws DeskError CONFLICT: another desk has the data folder open. Nothing was touched.
 * @throws DeskError UNAVAILABLE: the disk, or the database on it, can't be used. Nothing was touched.
 */
export async function composeDesk(options: DeskOptions): Promise<DeskBackend> {
  const { dataDir, logger, appVersion, measure } = options;
  const lifecycle = createLifecycle(logger);
  try {
    await openDataFolder(dataDir);
    const service = await prepareService(options);
    lifecycle.add('service', service.stop);
    const client = createTicketClient({
      ...service.link,
      version: appVersion,
      diagnose: tlsProblem,
      logger,
    });
    lifecycle.add('client', () => client.close());
    if (options.service.kind === 'remote' && options.service.onLink) {
      const { onLink } = options.service;
      lifecycle.add(
        'link',
        client.onLink(({ state }) => onLink(state)),
      );
    }
    const plainQueue = await openQueue(options, client);
    lifecycle.add('queue', () => plainQueue.close());
    const measuredQueue = measure?.queue(plainQueue) ?? plainQueue;
    const spans =
      options.tracesTo &&
      startSpanExporter({ endpoint: options.tracesTo, serviceName: 'proxy', version: appVersion, logger });
    if (spans) lifecycle.add('traces', spans.stop);
    const queue = spans ? tracedQueue(measuredQueue, spans) : measuredQueue;
    const proxy = await openProxy({
      dataDir,
      queue,
      client: withReason(client, service),
      serviceLabel: service.label,
      agent: options.agent,
      keptKey: options.keptKey,
      onForgetKept: options.onForgetKept,
      logger,
      appVersion,
      // Early: it takes longer to start than all that follows.
      async onOwned() {
        await markDataFolder(dataDir);
        service.start();
      },
      onOperation: measure?.operation,
      onCreate: spans ? traceCreates(spans) : undefined,
    });
    lifecycle.add('proxy', () => proxy.stop());
    measure?.outbox(proxy.outbox);
    measure?.link(() => client.link().state === 'CONNECTED');
    const moveUp = await prepareMove(options, { source: client, isIdle: proxy.isIdle });
    if (moveUp) lifecycle.add('move', () => moveUp.stop());
    const isIdle = () => proxy.isIdle() && moveUp?.status()?.state !== 'RUNNING';
    const backups =
      service.runBackup &&
      openBackups({ folder: path.join(dataDir, 'backups'), run: service.runBackup, isIdle, logger });
    if (backups) lifecycle.add('backups', backups.stop);
    return {
      handle: proxy.handle,
      outbox: proxy.outbox,
      backups,
      moveUp,
      retryNow() {
        client.retryNow();
        plainQueue.retryNow?.();
        proxy.retryNow();
      },
      forgetKept: proxy.forgetKept,
      async forgetTickets() {
        await Promise.all([proxy.forgetTickets(), moveUp?.forget()]);
      },
      admitBy: proxy.admitBy,
      endSubscriptions: proxy.endSubscriptions,
      stop: lifecycle.stop,
    };
  } catch (thrown) {
    await lifecycle.stop();
    throw thrown;
  }
}

interface PreparedService {
  link: Pick<ConnectionOptions, 'address' | 'apiToken' | 'tls' | 'queueTopic'>;
  /** What the person sees as linked to. */
  label: string;
  /** Why it does not serve, when this desk is the one to know. */
  reason(): string | null;
  /** What it lacks though it is linked to, of the same kind. */
  problem(): string | null;
  onProblem(listener: () => void): () => void;
  /** Where this desk keeps the tickets. */
  runBackup?: RunBackupTask;
  start(): void;
  stop(): Promise<void>;
}

async function prepareService(options: DeskOptions): Promise<PreparedService> {
  const { service } = options;
  if (service.kind === 'remote') {
    const { grpcAddress, grpcTls, apiToken, nsq } = service;
    return {
      link: { address: grpcAddress, tls: grpcTls, apiToken, queueTopic: nsq?.topic },
      label: service.label ?? grpcAddress,
      reason: service.reason ?? (() => null),
      problem: () => null,
      onProblem: () => () => {},
      start() {},
      stop: async () => {},
    };
  }
  const builtIn = await prepareBuiltInService({
    dataDir: options.dataDir,
    spawn: service.spawn,
    logger: options.logger,
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
  const { address, apiToken, ...control } = builtIn;
  return { ...control, link: { address, apiToken }, label: 'this computer' };
}

async function prepareMove(
  { dataDir, service, agent = () => undefined, moveTarget, logger, appVersion }: DeskOptions,
  desk: Pick<MoveUpOptions, 'source' | 'isIdle'>,
): Promise<MoveUp | undefined> {
  if (service.kind !== 'built-in' || !moveTarget) return undefined;
  const connect = ({ grpcAddress, grpcTls, apiToken }: ServiceLinkConfig) =>
    createTicketClient({
      address: grpcAddress,
      tls: grpcTls,
      apiToken,
      version: appVersion,
      diagnose: tlsProblem,
      logger,
    });
  return openMoveUp({
    ...desk,
    folder: path.join(dataDir, 'move-up'),
    agent,
    logger,
    target() {
      const link = moveTarget();
      return link && { address: link.grpcAddress, connect: () => connect(link) };
    },
  });
}

/** @throws DeskError BAD_USER_INPUT: nothing says where to publish. */
async function openQueue({ service, logger }: DeskOptions, client: TicketClient): Promise<CreateQueue> {
  if (service.kind === 'built-in' || !service.nsq) return directQueue(client);
  const { nsqdAddress, topic, tls, authSecret } = service.nsq;
  if (nsqdAddress === undefined) {
    throw new DeskError(
      'BAD_USER_INPUT',
      'NSQD_TCP_ADDRESS is not set: creates are published to one nsqd, and nsqlookupd only tells where to take them from. Give its host:port, or leave NSQLOOKUPD_HTTP_ADDRESSES out and creates go by gRPC.',
    );
  }
  const { nsqQueue } = await import('./adapters/queue-nsq.ts');
  return nsqQueue({ nsqdAddress, topic, tls, authSecret, logger });
}

/** The client knows only whether somebody answers; the desk that starts service and database knows why not. */
function withReason(
  client: TicketClient,
  service: Pick<PreparedService, 'reason' | 'problem' | 'onProblem'>,
): TicketClient {
  const link = (): LinkStatus => {
    const known = client.link();
    const why = known.state === 'CONNECTED' ? service.problem() : service.reason();
    return { ...known, reason: why ?? known.reason };
  };
  return {
    ...client,
    link,
    onLink(listener) {
      const tell = () => listener(link());
      const ends = [client.onLink(tell), service.onProblem(tell)];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
