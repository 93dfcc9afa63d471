/** Which processes a desk has running, found from outside. Linux alone: it reads /proc. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';

/** Process ids of all that names the folder in its command line or works inside it: app, helpers, service, Postgres. */
export async function processesOn(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const found = await Promise.all(pids.map(async (pid) => ((await isOn(pid, folder)) ? pid : undefined)));
  return found.filter((pid) => pid !== undefined);
}

async function isOn(pid: number, folder: string): Promise<boolean> {
  const [commandLine, workFolder, status] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
    readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''),
  ]);
  const isZombie = /^State:\s+Z/m.test(status);
  return !isZombie && (commandLine.includes(folder) || workFolder.startsWith(folder));
}

/** Waits until none of them runs any more. */
export function expectNothingLeft(folder: string): Promise<void> {
  return expectLeft(folder, () => true);
}

/** After a kill: Postgres stays until the next start stops it, nothing else does. */
export function expectOnlyPostgresLeft(folder: string): Promise<void> {
  return expectLeft(folder, (line) => !line.includes('postgres'));
}

async function expectLeft(folder: string, isTooMuch: (line: string) => boolean): Promise<void> {
  const nothingIsLeft = async () => {
    const left = await Promise.all((await processesOn(folder)).map(describeProcess));
    expect(left.filter(isTooMuch), 'processes left behind').toEqual([]);
  };
  await vi.waitFor(nothingIsLeft, { timeout: 15_000, interval: 50 });
}

async function describeProcess(pid: number): Promise<string> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return `${pid} ${commandLine.replaceAll('\0', ' ').trim()}`;
}

/** The Postgres that runs on this data folder; undefined while there is none. */
export async function postgresPid(dataDir: string): Promise<number | undefined> {
  const lines = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(lines.split('\n')[0]);
  return pid > 0 && (await isOn(pid, dataDir)) ? pid : undefined;
}

/** The ticket service of the desk on this folder; undefined while there is none. */
export async function ticketServicePid(folder: string): Promise<number | undefined> {
  for (const pid of await processesOn(folder)) {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (commandLine.includes('node.mojom.NodeService')) return pid;
  }
  return undefined;
}
