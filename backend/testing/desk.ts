/** A whole desk as a process of its own on a temporary data folder, for tests and benchmarks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { tiedToParent } from '../../build/child.ts';
import { inheritedEnvironment } from '../config.ts';
import { databaseUser } from '../embedded/cluster.ts';
import { waitUntilGone } from '../embedded/processes.ts';
import { shutDownPostgres } from '../embedded/shutdown.ts';
import { bundleBackend } from './bundle.ts';

export type DeskPart = 'desk' | 'ticket-service' | 'postgres';

/** A line of the desk's log. */
export interface LogEntry {
  msg: string;
  part?: string;
  childPid?: number;
  [key: string]: unknown;
}

export interface GraphqlAnswer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
}

export interface TestDesk {
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Everything it has printed so far, on standard output and error. */
  output(): string;
  /** Sends one operation. @throws TypeError when nobody answers. */
  graphql<Data>(query: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer<Data>>;
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
    async graphql(query, variables) {
      const response = await fetch(new URL('/graphql', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return await response.json();
    },
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

async function spawnServe(options: DeskProcessOptions): Promise<{ child: ChildProcess; log: ProcessLog }> {
  const bundleDir = options.bundleDir ?? (await bundleBackend());
  const [command = '', ...args] = [
    ...(options.wrapper ?? []),
    process.execPath,
    path.join(bundleDir, 'serve.cjs'),
  ];
  const child = spawn(...tiedToParent(command, args), {
    env: {
      ...inheritedEnvironment(),
      PORT: '0',
      LOG_LEVEL: 'info',
      DATA_DIR: options.dataDir,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, log: followOutput(child) };
}

interface ProcessLog {
  /** The address that it printed. */
  ready: Promise<string>;
  exited: Promise<number | null>;
  /** Like exited, once all output has arrived. */
  closed: Promise<number | null>;
  output(): string;
  onEntry(listener: (entry: LogEntry) => void): void;
  nextEntry(fits: (entry: LogEntry) => boolean): Promise<LogEntry>;
}

function followOutput(child: ChildProcess): ProcessLog {
  const lines: string[] = [];
  const listeners = new Set<(entry: LogEntry) => void>();
  // Not 'close': the ticket service of a killed desk has the same pipes, and takes a moment to follow it.
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ready = new Promise<string>((resolve, reject) => {
    const onLine = (line: string) => {
      lines.push(line);
      const url = /^Ticket Desk is ready: (\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
      if (!line.startsWith('{')) return;
      const entry: LogEntry = JSON.parse(line);
      for (const listener of listeners) listener(entry);
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface(stream).on('line', onLine);
    }
    child.once('error', reject);
    void closed.then((code) => reject(new Error(`serve ended with ${code}:\n${lines.join('\n')}`)));
  });
  return {
    ready,
    exited,
    closed,
    output: () => lines.join('\n'),
    onEntry: (listener) => listeners.add(listener),
    nextEntry: (fits) =>
      new Promise((resolve, reject) => {
        const listener = (entry: LogEntry) => {
          if (!fits(entry)) return;
          listeners.delete(listener);
          resolve(entry);
        };
        listeners.add(listener);
        void exited.then((code) => reject(new Error(`serve ended with ${code}:\n${lines.join('\n')}`)));
      }),
  };
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

/** Asks the desk's own Postgres, past everything else. */
export async function queryDatabase<Row extends pg.QueryResultRow>(
  dataDir: string,
  sql: string,
): Promise<Row[]> {
  const client = new pg.Client(await databaseAddress(dataDir));
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}
