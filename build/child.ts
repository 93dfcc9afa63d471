/** Programs that a command starts and that must end with it, however it ends. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { say } from './terminal.ts';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Longer than the desk's own patience with everything that it stops. */
const stopTimeoutMs = 30_000;

export interface Child {
  /** Resolves with its exit code; 128 and the signal's number when a signal ended it, 127 when it never started. */
  exited: Promise<number>;
  /** Asks it to stop; one that has not ended after 30 s is killed. */
  stop(signal: NodeJS.Signals): void;
}

let canTieToParent: boolean | undefined;

/**
 * The command, told to stop when this process is gone, kill -9 included. Only Linux has that; elsewhere a
 * child outlives a parent that was killed.
 */
export function tiedToParent(command: string, args: string[]): [string, string[]] {
  if (process.platform !== 'linux') return [command, args];
  try {
    canTieToParent ??= execFileSync('setpriv', ['--help'], { encoding: 'utf8' }).includes('--pdeathsig');
  } catch {
    canTieToParent = false;
  }
  return canTieToParent ? ['setpriv', ['--pdeathsig', 'TERM', command, ...args]] : [command, args];
}

/** Starts a program with this terminal's input and output. */
export function startChild(options: { command: string; args: string[]; env?: NodeJS.ProcessEnv }): Child {
  const child = spawn(...tiedToParent(options.command, options.args), {
    stdio: 'inherit',
    env: options.env ?? process.env,
    // A group of its own: Ctrl+C reaches this process alone, which passes it on once.
    detached: process.platform !== 'win32',
  });
  let killTimer: NodeJS.Timeout | undefined;
  const exited = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      say(`${options.command} did not start: ${error.message}`);
      resolve(127);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(killTimer);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
  return {
    exited,
    stop(signal) {
      child.kill(signal);
      killTimer ??= setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    },
  };
}

/** The shell that npm runs a command in, and, where /proc tells, npm itself: changes when either has ended. */
function callers(): string {
  const stat = process.platform === 'linux' ? readStat(process.ppid) : '';
  return `${process.ppid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? ''}`;
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

const callersAtStart = callers();
const callersCheckMs = 500;

/**
 * Calls back on Ctrl+C and when the system asks to stop. npm passes SIGTERM to
 * the shell that it runs a command in, which ends without passing it on, and SIGKILL ends npm alone: that a
 * caller has ended counts as the signal.
 * @returns unsubscribe
 */
export function onStopSignal(listener: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of stopSignals) process.on(signal, listener);
  const isRunByNpm = process.env.npm_lifecycle_event !== undefined;
  const callersCheck = setInterval(() => {
    if (!isRunByNpm || callers() === callersAtStart) return;
    clearInterval(callersCheck);
    listener('SIGTERM');
  }, callersCheckMs);
  return () => {
    for (const signal of stopSignals) process.off(signal, listener);
    clearInterval(callersCheck);
  };
}

/** Runs a program to its end, passing on every signal to stop. @returns its exit code. */
export async function runInForeground(options: Parameters<typeof startChild>[0]): Promise<number> {
  const child = startChild(options);
  const stopListening = onStopSignal((signal) => child.stop(signal));
  const code = await child.exited;
  stopListening();
  return code;
}
