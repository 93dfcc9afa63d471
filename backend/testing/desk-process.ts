/** A whole desk as a process of its own on a temporary data folder, for tests and benchmarks. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { databaseUser } from '../embedded/cluster.ts';
import { waitUntilGone } from '../embedded/processes.ts';
import { shutDownPostgres } from '../embedded/shutdown.ts';
import { askGraphql, type GraphqlServer } from './graphql.ts';
import { type LogEntry, spawnProgram } from './program.ts';
import { queryAt } from './test-database.ts';

export type DeskPart = 'desk' | 'ticket-service' | 'postgres';

export interface TestDesk extends GraphqlServer {
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Everything it has printed so far, on standard output and error. */
  output(): string;
  /** Resolves with the next line of the log, from now on, that fits. */
  nextEntry(fits: (entry: LogEntry) => boolean): Promise<LogEntry>;
  /** Resolves once the ticket service answers and its database does. */
  healthy(): Promise<void>;
  /** The process id of a part; undefined while it does not run. */
  pidOf(part: DeskPart): number | undefined;
  /** Stops reading its output, as `serve | head` does. */
  closeOutput(): void;
  /** kill -9; resolves once that process is gone. */
  kill(part: DeskPart): Promise<void>;
  /** Asks it to stop. @returns its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface DeskProcessOptions {
  dataDir: string;
  /** Beside PORT=0 and LOG_LEVEL=info. */
  env?: Record<string, string>;
  /** What the program is started by: `prlimit --fsize=1000`, say. */
  wrapper?: readonly string[];
  /** Of Node, before the program. */
  nodeArgs?: readonly string[];
  /** Where serve.cjs is; bundled for this process when left out. */
  bundleDir?: string;
}

/** A folder for a desk's data, short enough for sockets. */
export function makeDataDir(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'desk-'));
}

/** Removes a desk's data folder, and the Postgres that still runs on it. */
export async function removeDataDir(dataDir: string): Promise<void> {
  const pidFile = await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(pidFile.split('\n', 1)[0]);
  if (pid > 0) await shutDownPostgres(pid);
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
}

/** Starts `serve` and resolves once it has told its address. @throws Error with its output when it ends before that. */
export async function startDesk(options: DeskProcessOptions): Promise<TestDesk> {
  const { child, log } = await spawnServe(options);
  const pids = new Map<string, number>();
  log.onEntry((entry) => {
    if (entry.msg === 'started' && entry.part && entry.childPid) pids.set(entry.part, entry.childPid);
  });
  const url = await log.ready;
  const { pid = 0 } = child;
  const pidOf = (part: DeskPart) => (part === 'desk' ? pid : pids.get(part));

  const desk: TestDesk = {
    url,
    dataDir: options.dataDir,
    pid,
    output: log.output,
    nextEntry: log.nextEntry,
    pidOf,
    graphql: (query, variables) => askGraphql(url, query, variables),
    async healthy() {
      await until(async () => {
        const { data } = await desk.graphql<{ healthCheck: string }>('{ healthCheck }');
        return data?.healthCheck === 'success';
      });
    },
    closeOutput() {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
    async kill(part) {
      const victim = pidOf(part);
      if (victim === undefined) return;
      if (part !== 'desk') pids.delete(part);
      sendSignal(victim, 'SIGKILL');
      if (part === 'desk') await log.exited;
      else await waitUntilGone(victim, 10_000);
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return await log.closed;
    },
  };
  return desk;
}

/** Starts `serve` and answers how it ended, for one that is to fail. */
export async function runDesk(options: DeskProcessOptions): Promise<{ code: number | null; output: string }> {
  const { log } = await spawnServe(options);
  log.ready.catch(() => {});
  const code = await log.closed;
  return { code, output: log.output() };
}

function spawnServe(options: DeskProcessOptions) {
  const { dataDir, env, ...others } = options;
  return spawnProgram({ ...others, program: 'serve', env: { PORT: '0', DATA_DIR: dataDir, ...env } });
}

/** Polls, for what tells no event. @throws Error after `timeoutMs`. */
export async function until(
  condition: () => Promise<boolean>,
  { timeoutMs = 30_000, everyMs = 25 } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`still not so after ${timeoutMs} ms: ${condition}`);
    await delay(everyMs);
  }
}

/** How to connect to the Postgres of a desk that runs on this folder. */
export async function databaseAddress(dataDir: string): Promise<pg.ClientConfig> {
  return {
    host: path.join(dataDir, 'pg-run'),
    user: databaseUser,
    database: 'postgres',
    password: (await readFile(path.join(dataDir, 'postgres-password'), 'utf8')).trim(),
  };
}

/** The same as one text, as POSTGRES_URL takes it. */
export async function databaseUrl(dataDir: string): Promise<string> {
  const { host = '', user, database, password } = await databaseAddress(dataDir);
  return `postgresql://${user}:${encodeURIComponent(String(password))}@localhost/${database}?host=${encodeURIComponent(host)}`;
}

/** Asks the desk's own Postgres, past everything else. */
export async function queryDatabase<Row extends pg.QueryResultRow>(
  dataDir: string,
  sql: string,
): Promise<Row[]> {
  return await queryAt(await databaseAddress(dataDir), sql);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}
