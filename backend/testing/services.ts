/** Redis and NSQ for tests and development: a container where a Docker engine answers, else a process. */
import { createConnection } from 'node:net';
import { type ServiceName, wayOf } from './service-choice.ts';
import { findServicePort } from './service-ports.ts';
import { startServiceProcess } from './service-process.ts';
import type { ServicePlace, ServicePlan, TestService } from './test-service.ts';

export interface TestRedis extends TestService {
  readonly url: string;
  /** Empties it, as a restart does. */
  flush(): Promise<void>;
}

export interface TestNsqd extends TestService {
  /** `host:port` */
  readonly tcpAddress: string;
  readonly httpAddress: string;
  /** What is in a topic and its channels; undefined when nsqd has no such topic. */
  stats(topic: string): Promise<NsqTopicStats | undefined>;
}

/** As far as it is used, of nsqd's /stats. */
export interface NsqTopicStats {
  depth: number;
  message_count: number;
  channels: {
    channel_name: string;
    depth: number;
    message_count: number;
    in_flight_count: number;
    deferred_count: number;
    requeue_count: number;
    client_count: number;
  }[];
}

/** How many messages of a topic with one channel are not finished; undefined while the channel is not there. */
export function unfinished(stats: NsqTopicStats | undefined): number | undefined {
  const channel = stats?.channels[0];
  if (!stats || !channel) return undefined;
  // One on its way from the topic to the channel stands in neither's depth.
  const between = Math.max(0, stats.message_count - channel.message_count);
  return stats.depth + between + channel.depth + channel.in_flight_count + channel.deferred_count;
}

export interface TestNsqlookupd extends TestService {
  /** For a test nsqd's --lookupd-tcp-address. */
  readonly nsqdAddress: string;
  readonly httpAddress: string;
}

/** Holds nothing over a kill, as in production, where it is a cache. */
export async function startTestRedis(): Promise<TestRedis> {
  const port = await findServicePort();
  const service = await start('redis', {
    name: 'Redis',
    program: 'redis-server',
    ports: [port],
    args: ({ dataDir, host }) => [
      '--port',
      `${port}`,
      '--bind',
      host,
      '--dir',
      dataDir,
      '--save',
      '',
      '--appendonly',
      'no',
    ],
    isReady: async () => (await askRedis(port, 'PING')) === '+PONG',
  });
  return {
    ...service,
    url: `redis://127.0.0.1:${port}`,
    async flush() {
      const answer = await askRedis(port, 'FLUSHALL');
      if (answer !== '+OK') throw new Error(`Redis answered ${answer}`);
    },
  };
}

export interface TestNsqdOptions {
  /** More of nsqd's own. */
  args?: string[] | ((place: ServicePlace) => string[]);
  /** Name -> text; in its data folder. */
  files?: Record<string, string>;
}

/** Every message on disk before its OK, as in production. */
export async function startTestNsqd(options: TestNsqdOptions = {}): Promise<TestNsqd> {
  const { args = [], files = {} } = options;
  const [tcpPort, httpPort] = [await findServicePort(), await findServicePort()];
  const httpAddress = `127.0.0.1:${httpPort}`;
  const service = await start('nsqd', {
    name: 'nsqd',
    program: 'nsqd',
    ports: [tcpPort, httpPort],
    files,
    args: (place) => [
      ...nsqListen({ host: place.host, tcpPort, httpPort }),
      `--data-path=${place.dataDir}`,
      '--mem-queue-size=0',
      '--sync-every=1',
      ...(typeof args === 'function' ? args(place) : args),
    ],
    isReady: () => answersPing(httpAddress),
  });
  return {
    ...service,
    tcpAddress: `127.0.0.1:${tcpPort}`,
    httpAddress,
    async stats(topic) {
      const response = await fetch(`http://${httpAddress}/stats?format=json&topic=${topic}`);
      const { topics }: { topics: (NsqTopicStats & { topic_name: string })[] | null } = await response.json();
      return topics?.find((one) => one.topic_name === topic);
    },
  };
}

export async function startTestNsqlookupd(): Promise<TestNsqlookupd> {
  const [tcpPort, httpPort] = [await findServicePort(), await findServicePort()];
  const httpAddress = `127.0.0.1:${httpPort}`;
  const service = await start('nsqlookupd', {
    name: 'nsqlookupd',
    program: 'nsqlookupd',
    ports: [tcpPort, httpPort],
    args: ({ host }) => nsqListen({ host, tcpPort, httpPort }),
    isReady: () => answersPing(httpAddress),
  });
  return { ...service, nsqdAddress: `${service.peerHost}:${tcpPort}`, httpAddress };
}

/** @throws Error that says why there is none on this machine. */
async function start(name: ServiceName, plan: ServicePlan): Promise<TestService> {
  const way = await wayOf(name);
  if (way.kind === 'container') {
    // Loaded only where it is used: it takes half a second.
    const { startServiceContainer } = await import('./service-container.ts');
    return await startServiceContainer(way.image, plan);
  }
  if (way.kind === 'process') return await startServiceProcess(way.program, plan);
  throw new Error(`${plan.name} can't be started here: ${way.reason}.`);
}

function nsqListen(place: { host: string; tcpPort: number; httpPort: number }): string[] {
  const { host, tcpPort, httpPort } = place;
  return [
    `--tcp-address=${host}:${tcpPort}`,
    `--http-address=${host}:${httpPort}`,
    '--broadcast-address=127.0.0.1',
  ];
}

async function answersPing(address: string): Promise<boolean> {
  return (await fetch(`http://${address}/ping`, { signal: AbortSignal.timeout(1_000) })).ok;
}

/** One inline command on a connection of its own. Resolves with the first line of the answer. */
async function askRedis(port: number, command: string): Promise<string> {
  const socket = createConnection(port, '127.0.0.1');
  socket.setTimeout(1_000, () => socket.destroy(new Error('Redis does not answer')));
  socket.write(`${command}\r\n`);
  for await (const chunk of socket) return String(chunk).split('\r\n', 1)[0] ?? '';
  return '';
}
