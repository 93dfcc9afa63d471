/** Ends a Postgres by its process id: asks, insists, and at last kills. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findPostgresBinaries } from './binaries.ts';
import { waitUntilGone } from './processes.ts';

/**
 * First the fast shutdown, which drops its clients and tidies up; then the immediate one, which leaves the
 * tidying to the next start, and for which Postgres gives its children 5 s before it kills them; then the one that
 * can't be ignored. None loses anything that was committed.
 */
const steps = [
  { signal: 'SIGINT', patienceMs: 7_000 },
  { signal: 'SIGQUIT', patienceMs: 6_000 },
  { signal: 'SIGKILL', patienceMs: 2_000 },
] as const;

/** The longest that it takes. */
export const postgresStopMs = steps.reduce((sum, { patienceMs }) => sum + patienceMs, 0);

/**
 * Resolves true once the process is gone, and false when nothing helps.
 * @throws when the process may not be signalled.
 */
export async function shutDownPostgres(pid: number): Promise<boolean> {
  // One that is stopped hears nothing else.
  if (process.platform !== 'win32') await send(pid, 'SIGCONT');
  for (const { signal, patienceMs } of steps) {
    await send(pid, signal);
    if (await waitUntilGone(pid, patienceMs)) return true;
  }
  return false;
}

async function send(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (process.platform === 'win32' && signal !== 'SIGKILL') {
    // Windows has no signals: pg_ctl reaches Postgres through a pipe.
    const { pgCtl } = await findPostgresBinaries();
    await promisify(execFile)(pgCtl, ['kill', signal.slice(3), String(pid)], { windowsHide: true });
    return;
  }
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}
