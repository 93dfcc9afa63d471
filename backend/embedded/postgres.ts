/** The desk's own Postgres: set up once, started, kept running, stopped. */
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { emptiedFolders } from '../data-folder.ts';
import { DeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { askPostgres } from './answers.ts';
import { findPostgresBinaries, type PostgresBinaries } from './binaries.ts';
import {
  checkCluster,
  clusterFolder,
  databaseBytes,
  databaseUser,
  makeCluster,
  resetPassword,
} from './cluster.ts';
import { findFreePort, hasLineBreak, hasUnixSockets, type SocketFolder, socketFolder } from './endpoints.ts';
import { stopLeftover } from './leftover.ts';
import { findPostgresUser, type OsUser } from './os-user.ts';
import { makeSecretFile, readSecret } from './secret-file.ts';
import { shutDownPostgres } from './shutdown.ts';
import { type Running, type Supervised, supervise } from './supervisor.ts';

/** Where Postgres listens. */
export type PostgresEndpoint = { kind: 'socket'; folder: SocketFolder } | { kind: 'loopback'; port: number };

export interface PostgresOptions {
  dataDir: string;
  endpoint: PostgresEndpoint;
  logger: Logger;
  /** Told what is going on, in words for the person, when it takes a while. */
  onProgress: (text: string) => void;
  /** Told why it does not run, and undefined once it does. */
  onProblem: (problem: unknown) => void;
}

const socketPort = 5432;
/** The socket's file name, for the length of its path. */
export const postgresSocketName = `.s.PGSQL.${socketPort}`;
/** How long the children of a killed Postgres may take to notice. */
const childrenMs = 10_000;

/** Where that of a data folder listens; nothing is made there yet. */
export async function postgresEndpoint(dataDir: string): Promise<PostgresEndpoint> {
  if (!hasUnixSockets) return { kind: 'loopback', port: await findFreePort() };
  const name = emptiedFolders.postgresSocket;
  return { kind: 'socket', folder: socketFolder({ dataDir, name, socketName: postgresSocketName }) };
}

/** The address with the password in it, for the ticket service's environment. */
function postgresUrl(endpoint: PostgresEndpoint, password: string): string {
  const user = `${databaseUser}:${encodeURIComponent(password)}`;
  if (endpoint.kind === 'loopback') return `postgresql://${user}@127.0.0.1:${endpoint.port}/postgres`;
  return `postgresql://${user}@localhost:${socketPort}/postgres?host=${encodeURIComponent(endpoint.folder.path)}`;
}

/**
 * Postgres writes the path of its data into a file of lines, and by a line of that file it knows whether children of a
 * killed one are still at work.
 */
async function withoutLineBreak(cluster: string, endpoint: PostgresEndpoint): Promise<string> {
  if (!hasLineBreak(cluster) || endpoint.kind === 'loopback') return cluster;
  const link = path.join(endpoint.folder.path, 'data');
  await symlink(cluster, link);
  return link;
}

/** One path of a list of paths, in which a comma parts them and blanks at the ends are taken off. */
function inList(folder: string): string {
  return `"${folder.replaceAll('"', '""')}"`;
}

export interface SupervisedPostgres extends Supervised {
  /** Its address; resolves once Postgres is set up and about to answer. */
  url: Promise<string>;
}

/** Starts Postgres in the background and keeps it running until it is stopped. */
export function startPostgres(options: PostgresOptions): SupervisedPostgres {
  let tellUrl: (url: string) => void;
  const url = new Promise<string>((resolve) => {
    tellUrl = resolve;
  });
  const supervised = supervise({
    name: 'postgres',
    logger: options.logger,
    async start(signal) {
      const prepared = await prepare(options, signal, (password) =>
        tellUrl(postgresUrl(options.endpoint, password)),
      );
      return await launch({ ...options, ...prepared, signal });
    },
    onProblem: options.onProblem,
  });
  return { ...supervised, url };
}

interface Prepared {
  cluster: string;
  binaries: PostgresBinaries;
  user: OsUser;
}

async function prepare(
  options: PostgresOptions,
  signal: AbortSignal,
  tellPassword: (password: string) => void,
): Promise<Prepared> {
  const { dataDir, endpoint, logger } = options;
  const passwordFile = path.join(dataDir, 'postgres-password');
  const cluster = clusterFolder(dataDir);
  const binaries = await findPostgresBinaries();
  const user = await findPostgresUser({ cluster, logger });
  const password = await readSecret(passwordFile);
  if (await checkCluster(dataDir, binaries)) {
    // Early: the ticket service takes longer to start than Postgres does.
    if (password) tellPassword(password);
    await stopLeftover({ cluster, logger });
    if (!password) tellPassword(await resetPassword({ cluster, binaries, user, passwordFile, logger }));
  } else {
    options.onProgress('Setting up the database, this once …');
    const newPassword = password ?? (await makeSecretFile(passwordFile));
    await user.own(passwordFile);
    await makeCluster({ dataDir, passwordFile, binaries, user, signal });
    tellPassword(newPassword);
  }
  if (endpoint.kind === 'socket') {
    await endpoint.folder.open();
    await user.own(endpoint.folder.path);
  }
  signal.throwIfAborted();
  options.onProgress('Starting the database …');
  return { cluster, binaries, user };
}

async function launch(
  options: Prepared & { endpoint: PostgresEndpoint; logger: Logger; signal: AbortSignal },
): Promise<Running> {
  const { cluster, endpoint, logger, signal } = options;
  const child = options.user.spawn(
    options.binaries.postgres,
    [
      '-D',
      await withoutLineBreak(cluster, endpoint),
      ...settings(endpoint, databaseBytes(cluster)).flatMap((setting) => ['-c', setting]),
    ],
    {
      cwd: cluster,
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
      // A session of its own: Ctrl+C in a terminal reaches the desk alone, which then stops things in order.
      detached: process.platform !== 'win32',
    },
  );
  let lastFatal: string | undefined;
  const ready = new Promise<void>((resolve) => {
    if (!child.stderr) return;
    createInterface(child.stderr).on('line', (line) => {
      logger.debug({ line }, 'postgres');
      if (/^(FATAL|PANIC):/.test(line)) lastFatal = line.replace(/^\w+:\s*/, '');
      if (line.includes('database system is ready to accept connections')) resolve();
    });
  });
  const exited = new Promise<string>((resolve) => {
    const describe = (code: number | null, by: string | null) =>
      lastFatal ?? (by ? `signal ${by}` : `exit code ${code}`);
    child.once('error', (thrown) => resolve(thrown.message));
    // The children hold the pipe open, so it closes once the last of them has ended, and a new start won't meet them.
    child.once('close', (code, by) => resolve(describe(code, by)));
    child.once('exit', async (code, by) => {
      await delay(childrenMs, undefined, { ref: false });
      resolve(describe(code, by));
    });
  });
  const running: Running = {
    pid: child.pid,
    exited,
    ask: askPostgres(
      endpoint.kind === 'socket'
        ? { path: path.join(endpoint.folder.path, postgresSocketName) }
        : { host: '127.0.0.1', port: endpoint.port },
    ),
    async stop() {
      if (child.pid !== undefined) await shutDownPostgres(child.pid);
      await exited;
    },
  };

  const aborted = new Promise<'aborted'>((resolve) =>
    signal.addEventListener('abort', () => resolve('aborted'), { once: true }),
  );
  const first = await Promise.race([ready, exited, aborted]);
  if (first === undefined) return running;
  if (signal.aborted) await running.stop();
  throw new DeskError('UNAVAILABLE', `The database in ${cluster} does not start: ${first}`);
}

/**
 * As much of Postgres's own cache, in MB, as keeps the open tickets and the words of all in it: with more tickets than fit,
 * a search has each page from the system anew, and takes up to three times as long.
 */
function cacheOf(databases: number): number {
  const [least, most, partOfAll] = [32, 256, 16];
  return Math.min(Math.max(Math.ceil(databases / partOfAll / 2 ** 20), least), most);
}

/** Small, safe and quiet: one person's desk, whose rows must not appear in a log. */
function settings(endpoint: PostgresEndpoint, databases: number): string[] {
  const address =
    endpoint.kind === 'socket'
      ? [
          'listen_addresses=',
          `unix_socket_directories=${inList(endpoint.folder.path)}`,
          'unix_socket_permissions=0700',
          `port=${socketPort}`,
        ]
      : ['listen_addresses=127.0.0.1', `port=${endpoint.port}`];
  return [
    ...address,
    'max_connections=30',
    `shared_buffers=${cacheOf(databases)}MB`,
    'io_method=sync',
    'wal_level=minimal',
    'max_wal_senders=0',
    'max_logical_replication_workers=0',
    'min_wal_size=32MB',
    'max_wal_size=256MB',
    'log_destination=stderr',
    'logging_collector=off',
    'log_line_prefix=',
    'log_error_verbosity=terse',
    'log_min_error_statement=panic',
    // A Postgres that crashes again at each try, as on a full disk, must end to be told of.
    'restart_after_crash=off',
    'lc_messages=C',
  ];
}
