/**
 * Starts a program with its three standard streams, the environment that is named for it, and nothing else of this
 * process. Chromium opens most descriptors
 * without O_CLOEXEC and closes them in the children that it starts itself; Node leaves them open in its own. Postgres,
 * which outlives a desk that was killed, held by them the other ends of Chromium's pipes, and the desk's window and
 * its helpers, which end when those close, stayed as long.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { inheritedEnvironment } from '../config.ts';

export interface AloneOptions extends Omit<SpawnOptions, 'env'> {
  stdio: ['ignore' | 'pipe', 'ignore' | 'pipe', 'ignore' | 'pipe'];
}

/** O_CLOEXEC of Linux's fcntl.h, the same on x64 and arm64. */
const closeOnExec = 0o2000000;
const firstAfterStreams = 3;

/** As Node's spawn(). Elsewhere than on Linux, libuv itself lets a child inherit nothing. */
export function spawnAlone(command: string, args: readonly string[], options: AloneOptions): ChildProcess {
  const alone = { ...options, env: inheritedEnvironment('program') };
  if (process.platform !== 'linux') return spawn(command, args, alone);
  const inherited = inheritedDescriptors();
  const highest = Math.max(...inherited, firstAfterStreams - 1);
  const nothing = openSync('/dev/null', 'r+');
  try {
    // Node can't close a child's descriptor, but can put another in its place.
    const instead = Array.from({ length: highest + 1 - firstAfterStreams }, (_, index) =>
      inherited.includes(index + firstAfterStreams) ? nothing : ('ignore' as const),
    );
    return spawn(command, args, { ...alone, stdio: [...options.stdio, ...instead] });
  } finally {
    closeSync(nothing);
  }
}

/** Those beyond the standard streams that a child would find open. */
function inheritedDescriptors(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => fd >= firstAfterStreams && !isClosedOnExec(fd));
}

function isClosedOnExec(fd: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0';
    return (Number.parseInt(flags, 8) & closeOnExec) !== 0;
  } catch {
    // Closed since the folder was read.
    return true;
  }
}
