/** The cluster: the folder in which Postgres keeps its data. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../data-folder.ts';
import { DeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { PostgresBinaries } from './binaries.ts';
import type { OsUser } from './os-user.ts';
import { makeSecretFile } from './secret-file.ts';

export const databaseUser = 'desk';
const unfinished = 'postgres.new-';
/** Postgres cuts paths at 1,023 bytes, those of its files too. */
const maxPathBytes = 900;

/** Where in the data folder the cluster is. */
export function clusterFolder(dataDir: string): string {
  return path.join(dataDir, 'postgres');
}

/**
 * Whether there is a cluster that this Postgres can open. Only reads.
 * @throws DeskError UNAVAILABLE: there is one of another version, a broken one, or one that can't be read.
 * @throws DeskError BAD_USER_INPUT: its path is too long for Postgres.
 */
export async function checkCluster(dataDir: string, binaries: PostgresBinaries): Promise<boolean> {
  const cluster = clusterFolder(dataDir);
  refuseLongPath(cluster);
  let version: string;
  try {
    version = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8')).trim();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' && (await isMissingOrEmpty(cluster))) return false;
    const why =
      code === 'ENOENT'
        ? 'is not a whole database (its file PG_VERSION is missing). Put it back from a backup, or move it away to start with an empty desk.'
        : `can't be read (${code}). Start Ticket Desk as the user who owns it, or give it to this user.`;
    throw new DeskError('UNAVAILABLE', `The database in ${cluster} ${why} Nothing was changed.`, { cause });
  }
  if (version === String(binaries.major)) return true;
  throw new DeskError(
    'UNAVAILABLE',
    `The database in ${cluster} was made by Postgres ${version}, and this Ticket Desk has Postgres ${binaries.major}. Start the Ticket Desk that made it, or move the folder away to start with an empty desk. Nothing was changed.`,
  );
}

/** The two that new databases are copied from, by their object identifiers (pg_database.dat of Postgres). */
const templates = ['1', '4'];

/**
 * How large its databases are, in bytes; 0 where that can't be read, of which Postgres tells. Not awaited, which takes a
 * third of the time of a thousand files that are.
 */
export function databaseBytes(cluster: string): number {
  const base = path.join(cluster, 'base');
  try {
    const folders = readdirSync(base).filter((name) => !templates.includes(name));
    const files = folders.flatMap((name) =>
      readdirSync(path.join(base, name)).map((file) => path.join(base, name, file)),
    );
    return files.reduce((sum, file) => sum + statSync(file).size, 0);
  } catch {
    return 0;
  }
}

function refuseLongPath(cluster: string): void {
  const bytes = Buffer.byteLength(cluster);
  if (bytes <= maxPathBytes) return;
  throw new DeskError(
    'BAD_USER_INPUT',
    `The path of the data folder is too long for the database: ${bytes} bytes, of which it takes ${maxPathBytes}. Choose a shorter DATA_DIR.`,
    { field: 'DATA_DIR' },
  );
}

async function isMissingOrEmpty(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (entries) => entries.length === 0,
    (thrown) => thrown.code === 'ENOENT',
  );
}

/**
 * Makes the cluster beside its place and renames it once it is whole and on disk, so that a kill in between
 * leaves nothing that could be taken for it. Takes about a second.
 */
export async function makeCluster(options: {
  dataDir: string;
  passwordFile: string;
  binaries: PostgresBinaries;
  user: OsUser;
  signal: AbortSignal;
}): Promise<void> {
  const { dataDir, user } = options;
  const left = (await readdir(dataDir)).filter((name) => name.startsWith(unfinished));
  for (const name of left)
    await rm(path.join(dataDir, name), { recursive: true, force: true, maxRetries: 5 });

  const folder = path.join(dataDir, unfinished + randomBytes(4).toString('hex'));
  await mkdir(folder, { mode: 0o700 });
  await user.own(folder);
  try {
    await initdb(folder, options);
    options.signal.throwIfAborted();
    await rename(folder, clusterFolder(dataDir));
    await syncFolder(dataDir);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    throw thrown;
  }
}

async function initdb(
  folder: string,
  options: { passwordFile: string; binaries: PostgresBinaries; user: OsUser; signal: AbortSignal },
): Promise<void> {
  const args = [
    `--pgdata=${folder}`,
    `--username=${databaseUser}`,
    `--pwfile=${options.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Postgres's own rules for letters: the same on every system, whatever locales that has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
  const child = options.user.spawn(options.binaries.initdb, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
    signal: options.signal,
  });
  const { code, lastLine } = await outcome(child);
  if (code === 0) return;
  throw new DeskError(
    'UNAVAILABLE',
    `The database could not be set up in ${path.dirname(folder)}: ${lastLine || `exit code ${code}`}`,
  );
}

/**
 * Gives the database a new password when the file with the old one was lost. Postgres must not be running:
 * its single-user mode asks for none.
 */
export async function resetPassword(options: {
  cluster: string;
  binaries: PostgresBinaries;
  user: OsUser;
  passwordFile: string;
  logger: Logger;
}): Promise<string> {
  const { cluster, passwordFile } = options;
  options.logger.warn({ file: passwordFile }, "the database's password is gone; giving it a new one");
  const password = await makeSecretFile(passwordFile);
  const child = options.user.spawn(options.binaries.postgres, ['--single', '-D', cluster, 'postgres'], {
    cwd: cluster,
    stdio: ['pipe', 'ignore', 'pipe'],
    windowsHide: true,
  });
  child.stdin?.end(`ALTER ROLE ${databaseUser} PASSWORD '${password}'\n`);
  const { code, lastLine } = await outcome(child);
  if (code === 0 && !/^\S*\s*(ERROR|FATAL|PANIC):/.test(lastLine)) return password;
  await rm(passwordFile, { force: true });
  throw new DeskError(
    'UNAVAILABLE',
    `The database's password (${passwordFile}) is gone and a new one could not be set: ${lastLine}`,
  );
}

/** Waits for a program to end; answers its exit code and what it said last of what went wrong. */
async function outcome(child: ChildProcess): Promise<{ code: number | null; lastLine: string }> {
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-2_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const lines = output.trim().split('\n');
  return { code, lastLine: lines.findLast((line) => /error|fatal|panic/i.test(line)) ?? lines.at(-1) ?? '' };
}
