/** One of the backend's programs as a process, and what it prints. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { tiedToParent } from '../../build/child.ts';
import { createListeners } from '../../proto/listeners.ts';
import { sessionEnvironment } from '../config.ts';
import { bundleBackend } from './bundle.ts';
import { testToken } from './graphql.ts';

/** A line of its log. */
export interface LogEntry {
  msg: string;
  part?: string;
  childPid?: number;
  [key: string]: unknown;
}

export interface ProgramOptions {
  program: 'serve' | 'proxy' | 'ticket-service';
  /** Beside LOG_LEVEL=info, and the token that callerHeaders show. */
  env: Record<string, string>;
  /** What the program is started by: `prlimit --fsize=1000`, say. */
  wrapper?: readonly string[];
  /** Of Node, before the program. */
  nodeArgs?: readonly string[];
  /** Where its bundle is; bundled for this process when left out. */
  bundleDir?: string;
}

export async function spawnProgram(
  options: ProgramOptions,
): Promise<{ child: ChildProcess; log: ProcessLog }> {
  const bundleDir = options.bundleDir ?? (await bundleBackend());
  const [command = '', ...args] = [
    ...(options.wrapper ?? []),
    process.execPath,
    ...(options.nodeArgs ?? []),
    path.join(bundleDir, `${options.program}.cjs`),
  ];
  const child = spawn(...tiedToParent(command, args), {
    env: {
      ...sessionEnvironment(),
      LOG_LEVEL: 'info',
      ...(options.program !== 'ticket-service' && { API_TOKENS: testToken }),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, log: followOutput(child, options.program) };
}

export interface ProcessLog {
  /** The address that it printed. Rejects with the output when it ends before that. */
  ready: Promise<string>;
  exited: Promise<number | null>;
  /** Like exited, once all output has arrived. */
  closed: Promise<number | null>;
  output(): string;
  onEntry(listener: (entry: LogEntry) => void): void;
  nextEntry(fits: (entry: LogEntry) => boolean): Promise<LogEntry>;
}

function followOutput(child: ChildProcess, program: string): ProcessLog {
  const lines: string[] = [];
  const entries = createListeners<LogEntry>();
  // Not 'close': the ticket service of a killed desk has the same pipes, and takes a moment to follow it.
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ready = new Promise<string>((resolve, reject) => {
    const onLine = (line: string) => {
      lines.push(line);
      const address = /^(?:Ticket Desk is ready:|The ticket service is ready on) (\S+)$/.exec(line)?.[1];
      if (address) resolve(address);
      if (!line.startsWith('{')) return;
      entries.emit(JSON.parse(line));
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface(stream).on('line', onLine);
    }
    child.once('error', reject);
    void closed.then((code) => reject(new Error(`${program} ended with ${code}:\n${lines.join('\n')}`)));
  });
  return {
    ready,
    exited,
    closed,
    output: () => lines.join('\n'),
    onEntry: entries.add,
    nextEntry: (fits) =>
      new Promise((resolve, reject) => {
        const unsubscribe = entries.add((entry) => {
          if (!fits(entry)) return;
          unsubscribe();
          resolve(entry);
        });
        void exited.then((code) => reject(new Error(`${program} ended with ${code}:\n${lines.join('\n')}`)));
      }),
  };
}
