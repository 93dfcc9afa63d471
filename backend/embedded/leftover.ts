/**
 * The Postgres that a killed app left running. The desk holds the data folder's lock, so whatever still
 * runs on the cluster belongs to nobody any more.
 */
import { readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { findPostgresOf, isAlive, isPostgresOf } from './processes.ts';
import { shutDownPostgres } from './shutdown.ts';

/**
 * Stops a leftover, if there is one, and clears what it would keep a new Postgres from starting with.
 * @throws DeskError UNAVAILABLE: it runs and can't be stopped from here.
 */
export async function stopLeftover(options: { cluster: string; logger: Logger }): Promise<void> {
  const cluster = await realpath(options.cluster);
  for (const pid of await findPostgresOf(cluster))
    await stopPostgres(pid, { cluster, logger: options.logger });
  const pidFile = path.join(cluster, 'postmaster.pid');
  const pid = await readPid(pidFile);
  if (pid !== undefined && (await isAlive(pid))) {
    if (await isPostgresOf(pid, cluster)) await stopPostgres(pid, { cluster, logger: options.logger });
    else await disownPidFile(pidFile);
  }
}

async function readPid(pidFile: string): Promise<number | undefined> {
  const text = await readFile(pidFile, 'utf8').catch((thrown) => {
    if (thrown.code === 'ENOENT') return '';
    throw thrown;
  });
  const pid = Number(text.split('\n', 1)[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

async function stopPostgres(pid: number, options: { cluster: string; logger: Logger }): Promise<void> {
  options.logger.warn(
    { postgresPid: pid },
    'a Postgres was left running by a desk that was killed; stopping it',
  );
  const gone = await shutDownPostgres(pid).catch((cause) => {
    throw new DeskError(
      'UNAVAILABLE',
      `A database (process ${pid}) of another user still runs on ${options.cluster}. Stop it, or start Ticket Desk as that user.`,
      { cause },
    );
  });
  if (gone) return;
  throw new DeskError(
    'UNAVAILABLE',
    `A database (process ${pid}) still runs on ${options.cluster} and does not stop. Restart the computer.`,
  );
}

/**
 * After a power cut another program may have the id that the file names, and Postgres would refuse to start.
 * It takes no notice of its own parent's id, so that goes in; the rest stays, because with it Postgres checks
 * that no child of the old one is still at work.
 */
async function disownPidFile(file: string): Promise<void> {
  const [, ...rest] = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, [process.pid, ...rest].join('\n'));
}
