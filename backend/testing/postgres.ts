/** A real Postgres for tests: the product's own, in a folder that goes with it. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { clusterFolder } from '../embedded/cluster.ts';
import { hasUnixSockets, socketFolder } from '../embedded/endpoints.ts';
import { type PostgresEndpoint, postgresSocketName, startPostgres } from '../embedded/postgres.ts';
import { createLogger } from '../logger.ts';
import { wayOf } from './service-choice.ts';
import { findServicePort } from './service-ports.ts';

export interface TestPostgres {
  /** Makes an empty database and answers its address. */
  createDatabase(): Promise<string>;
  /** Kills it with SIGKILL; it is started again by itself at once. Resolves once it serves again. */
  kill(): Promise<void>;
  /** Leaves nothing of it. */
  stop(): Promise<void>;
}

/** As a team has it: reached by TCP; of the version in docker-compose.yml where a Docker engine answers. */
export async function startTeamPostgres(): Promise<TestPostgres> {
  const way = await wayOf('postgres');
  if (way.kind === 'none') throw new Error(`Postgres can't be started here: ${way.reason}.`);
  if (way.kind === 'process') return await startTestPostgres({ overTcp: true });
  // Loaded only where it is used: it takes half a second.
  const { startPostgresContainer } = await import('./postgres-container.ts');
  return await startPostgresContainer(way.image);
}

/** Starts one for a test file, to be stopped after it. Takes about a second. */
export async function startTestPostgres(options: { overTcp?: boolean } = {}): Promise<TestPostgres> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'ticket-desk-test-'));
  const folder = socketFolder({ dataDir, name: 'run', socketName: postgresSocketName });
  const isSocket = hasUnixSockets && !options.overTcp;
  const endpoint: PostgresEndpoint = isSocket
    ? { kind: 'socket', folder }
    : { kind: 'loopback', port: await findServicePort() };
  let tellServing: () => void = () => {};
  const nextServing = () => new Promise<void>((resolve) => (tellServing = resolve));
  let serving = nextServing();
  const postgres = startPostgres({
    dataDir,
    endpoint,
    passwordFile: path.join(dataDir, 'password'),
    logger: createLogger({ name: 'test-postgres', level: 'silent' }),
    onProgress: () => {},
    onProblem: (problem) => {
      if (problem === undefined) tellServing();
    },
  });
  const url = await postgres.url;
  await serving;
  // Tests may lose their rows when the machine loses power.
  await runStatement(url, 'alter system set fsync = off');
  await runStatement(url, 'select pg_reload_conf()');

  return {
    createDatabase: () => createDatabase(url),
    async kill() {
      const pidFile = path.join(clusterFolder(dataDir), 'postmaster.pid');
      const pid = Number.parseInt(await readFile(pidFile, 'utf8'), 10);
      serving = nextServing();
      process.kill(pid, 'SIGKILL');
      await serving;
    },
    async stop() {
      await postgres.stop();
      if (isSocket) await folder.remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Makes an empty database on the server at this address. */
export async function createDatabase(url: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runStatement(url, `create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

/** Runs one statement on a connection of its own. */
export async function runStatement(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
