/**
 * A team's whole stack as processes: a proxy, three ticket services on one channel, nsqd, Redis, Postgres, and between
 * each two of them a relay that breaks the link.
 */
import type pg from 'pg';
import { hashedLine } from '../secrets.ts';
import { connect, type TestCaller } from '../ticket-service/testing/service.ts';
import { askGraphql, type GraphqlServer, testToken } from './graphql.ts';
import { startTeamPostgres } from './postgres.ts';
import { type ProgramOptions, spawnProgram } from './program.ts';
import { type Fault, type Relay, startRelay } from './relay.ts';
import { findServicePort } from './service-ports.ts';
import { startTestNsqd, startTestRedis, type TestNsqd } from './services.ts';
import { queryAt } from './test-database.ts';

export const parts = ['proxy', 'ticket-service', 'nsqd', 'redis', 'postgres'] as const;
export type StackPart = (typeof parts)[number];

export const links = [
  'proxy–service',
  'proxy–nsqd',
  'service–nsqd',
  'service–redis',
  'service–postgres',
] as const;
export type StackLink = (typeof links)[number];

export const serviceCount = 3;

export interface TestStack extends GraphqlServer {
  /** Callers of each ticket service, past every relay. */
  readonly services: readonly TestCaller[];
  readonly nsqd: TestNsqd;
  readonly topic: string;
  /** Of the proxy. */
  readonly url: string;
  /** Of Postgres, past every relay. */
  readonly databaseUrl: string;
  /** Of Redis, past every relay. */
  readonly redisUrl: string;
  /** kill -9. @param which the ticket service, from 0 on */
  kill(part: StackPart, which?: number): Promise<void>;
  /** Starts again what was killed; resolves once it serves. */
  start(part: StackPart, which?: number): Promise<void>;
  /** Stops it from doing anything, while its connections stand; not of Postgres. @param which the ticket service */
  freeze(part: StackPart, which?: number): Promise<void>;
  thaw(part: StackPart, which?: number): Promise<void>;
  /** @param which the ticket services at whose end the link is cut; all when left out, and always for the proxy's */
  cut(link: StackLink, fault: Fault, which?: readonly number[]): Promise<void>;
  mend(link: StackLink): Promise<void>;
  /** Asks Postgres, past everything else. */
  query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>;
  /** What the programs have printed. */
  output(): string;
  stop(): Promise<void>;
}

const topic = 'ticketCreate';

export interface StackOptions extends Pick<ProgramOptions, 'nodeArgs' | 'bundleDir'> {
  dataDir: string;
}

/** @throws Error when a part does not start; what had started is stopped. */
export async function startTestStack(options: StackOptions): Promise<TestStack> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    return await startAll({ ...options, stops, stop });
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

async function startAll({
  dataDir,
  stops,
  stop,
  ...ofPrograms
}: StackOptions & { stops: (() => Promise<unknown>)[]; stop(): Promise<void> }): Promise<TestStack> {
  async function keep<Part extends { stop(): Promise<unknown> }>(starting: Promise<Part>): Promise<Part> {
    const part = await starting;
    stops.push(() => part.stop());
    return part;
  }
  const [postgres, redis, nsqd] = await Promise.all([
    keep(startTeamPostgres()),
    keep(startTestRedis()),
    keep(startTestNsqd()),
  ]);
  const databaseUrl = await postgres.createDatabase();
  const relays = createRelays(stops);

  const services: { address: string; program: StackProgram; caller: TestCaller }[] = [];
  for (let which = 0; which < serviceCount; which += 1) {
    const address = `127.0.0.1:${await findServicePort()}`;
    const env = {
      GRPC_ADDRESS: address,
      POSTGRES_URL: await relays.through('service–postgres', databaseUrl),
      REDIS_URL: await relays.through('service–redis', redis.url),
      NSQD_TCP_ADDRESS: await relays.add('service–nsqd', nsqd.tcpAddress),
    };
    const program = createProgram({ ...ofPrograms, program: 'ticket-service', env });
    const caller = connect(address);
    stops.push(program.stop, async () => caller.close());
    services.push({ address, program, caller });
  }
  await Promise.all(services.map(({ program }) => program.start()));
  // As a balancer in front of them: each new connection goes to the next one that runs.
  let turn = 0;
  const nextService = () => {
    const running = services.filter(({ program }) => program.isRunning());
    turn += 1;
    return (running[turn % running.length] ?? services[0])?.address ?? '';
  };
  const port = await findServicePort();
  const url = `http://127.0.0.1:${port}`;
  const proxy = createProgram({
    ...ofPrograms,
    program: 'proxy',
    env: {
      API_TOKENS: hashedLine(testToken, { name: 'soak', lastDay: undefined }),
      DATA_DIR: dataDir,
      PORT: String(port),
      GRPC_ADDRESS: await relays.add('proxy–service', nextService),
      NSQD_TCP_ADDRESS: await relays.add('proxy–nsqd', nsqd.tcpAddress),
    },
  });
  stops.push(proxy.stop);
  await proxy.start();

  const partOf = (part: StackPart, which: number) => {
    if (part === 'ticket-service') return services[which]?.program ?? proxy;
    // A Postgres is started again by its own keeper.
    const keptRunning = { start: async () => {}, freeze: async () => {}, thaw: async () => {} };
    return { proxy, nsqd, redis, postgres: { kill: postgres.kill, ...keptRunning } }[part];
  };
  return {
    services: services.map(({ caller }) => caller),
    nsqd,
    topic,
    url,
    databaseUrl,
    redisUrl: redis.url,
    graphql: (query, variables) => askGraphql(url, query, variables),
    kill: (part, which = 0) => partOf(part, which).kill(),
    start: (part, which = 0) => partOf(part, which).start(),
    freeze: (part, which = 0) => partOf(part, which).freeze(),
    thaw: (part, which = 0) => partOf(part, which).thaw(),
    cut: (link, fault, which) => relays.each(link, which, (relay) => relay.cut(fault)),
    mend: (link) => relays.each(link, undefined, (relay) => relay.mend()),
    query: (sql) => queryAt(databaseUrl, sql),
    output: () => [proxy, ...services.map(({ program }) => program)].map((one) => one.output()).join('\n\n'),
    stop,
  };
}

interface Relays {
  add(link: StackLink, to: string | (() => string)): Promise<string>;
  /** The URL with the relay's address in it. */
  through(link: StackLink, url: string): Promise<string>;
  each(
    link: StackLink,
    which: readonly number[] | undefined,
    act: (relay: Relay) => Promise<void>,
  ): Promise<void>;
}

function createRelays(stops: (() => Promise<unknown>)[]): Relays {
  const byLink = new Map<StackLink, Relay[]>();
  async function add(link: StackLink, to: string | (() => string)): Promise<string> {
    const relay = await startRelay({ to });
    stops.push(relay.close);
    byLink.set(link, [...(byLink.get(link) ?? []), relay]);
    return relay.address;
  }
  return {
    add,
    async through(link, url) {
      const changed = new URL(url);
      changed.host = await add(link, changed.host);
      return changed.href;
    },
    async each(link, which, act) {
      const relays = byLink.get(link) ?? [];
      const chosen = relays.length === 1 || !which ? relays : relays.filter((_, at) => which.includes(at));
      await Promise.all(chosen.map(act));
    },
  };
}

interface StackProgram {
  isRunning(): boolean;
  start(): Promise<void>;
  kill(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  stop(): Promise<void>;
  output(): string;
}

/** A program that is started again after it was killed. */
function createProgram(options: ProgramOptions): StackProgram {
  let running: Awaited<ReturnType<typeof spawnProgram>> | undefined;
  let before = '';
  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = running;
    running = undefined;
    if (!ending) return;
    ending.child.kill(signal);
    await ending.log.closed;
    before += `${ending.log.output()}\n`;
  }
  return {
    isRunning: () => running !== undefined,
    async start() {
      running = await spawnProgram(options);
      await running.log.ready;
    },
    kill: () => end('SIGKILL'),
    freeze: async () => void running?.child.kill('SIGSTOP'),
    thaw: async () => void running?.child.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
    output: () => `${options.program}:\n${before}${running?.log.output() ?? ''}`,
  };
}
