/** Processes of the machine by their id, whoever started them. */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const pollMs = 20;

/** Whether a process has this id; a zombie, which only waits to be collected, counts as gone. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}

/** Resolves true once the process is gone, or false after `timeoutMs`. Polls: it need not be a child of ours. */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (await isAlive(pid)) {
    if (performance.now() > deadline) return false;
    await delay(pollMs);
  }
  return true;
}

/** The real path of what follows -D; undefined when there is none, or it is no folder any more. */
async function dataFolderIn(commandLine: string): Promise<string | undefined> {
  const words = commandLine.split('\0');
  const at = words.indexOf('-D');
  if (at < 0) return undefined;
  return await realpath(words[at + 1] ?? '').catch(() => undefined);
}

/**
 * The Postgres on this folder (a real path), by what runs: its postmaster, and children whose postmaster has gone. Files
 * that name it may be gone. Only Linux tells; elsewhere the answer is empty.
 */
export async function findPostgresOf(cluster: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const areOf = await Promise.all(pids.map((pid) => isPostgresOf(pid, cluster)));
  const found = pids.filter((_, at) => areOf[at]);
  const parents = await Promise.all(found.map(parentOf));
  return found.filter((_, at) => !found.includes(parents[at] ?? 0));
}

async function parentOf(pid: number): Promise<number> {
  // After the name, which may hold anything: the state, then the parent.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
}

/** Whether this process is a Postgres that has this folder (a real path) as its data folder. */
export async function isPostgresOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === 'linux') {
    // Each process of a Postgres works in its data folder. In a container root may not look at another user's
    // folder; the command line is there for everybody.
    const program = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (!program.startsWith('postgres')) return false;
    const [folder, commandLine] = await Promise.all([
      readlink(`/proc/${pid}/cwd`).catch(() => undefined),
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    ]);
    return folder === undefined ? (await dataFolderIn(commandLine)) === cluster : folder === cluster;
  }
  const command = await commandLineOf(pid);
  return /postgres/i.test(command) && command.includes(cluster);
}

async function commandLineOf(pid: number): Promise<string> {
  const [program, args]: [string, string[]] =
    process.platform === 'win32'
      ? [
          'powershell',
          ['-NoProfile', '-Command', `(Get-CimInstance Win32_Process -Filter ProcessId=${pid}).CommandLine`],
        ]
      : ['ps', ['-ww', '-o', 'command=', '-p', String(pid)]];
  return run(program, args, { windowsHide: true }).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
