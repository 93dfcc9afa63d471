/** A real Postgres for tests: the product's own, in a folder that goes with it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clusterFolder } from '../embedded/cluster.ts';
import { hasUnixSockets, socketFolder } from '../embedded/endpoints.ts';
import { type PostgresEndpoint, postgresSocketName, startPostgres } from '../embedded/postgres.ts';
import { createLogger } from '../logger.ts';
import { copyPreparedCluster } from './prepared-cluster.ts';
import { wayOf } from './service-choice.ts';
import { findServicePort } from './service-ports.ts';
import { createDatabase, queryAt, type TestPostgres } from './test-database.ts';

export type { TestPostgres };

/** As a team has it: reached by TCP; of the version in docker-compose.yml where a Docker engine answers. */
export async function startTeamPostgres(): Promise<TestPostgres> {
  const way = await wayOf('postgres');
  if (way.kind === 'none') throw new Error(`Postgres can't be started here: ${way.reason}.`);
  if (way.kind === 'process') return await startTestPostgres({ overTcp: true });
  // Loaded only where it is used: it takes half a second.
  const { startPostgresContainer } = await import('./postgres-container.ts');
  return await startPostgresContainer(way.image);
}

/**
 * Starts one for a test file, to be stopped after it.
 * @param options.dataDir stays when it is stopped; a fresh folder that goes with it when left out
 */
export async function startTestPostgres(
  options: { overTcp?: boolean; dataDir?: string } = {},
): Promise<TestPostgres> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'ticket-desk-test-')));
  if (!options.dataDir) await copyPreparedCluster(dataDir);
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
    logger: createLogger({ name: 'test-postgres', level: 'silent' }),
    onProgress: () => {},
    onProblem: (problem) => {
      if (problem === undefined) tellServing();
    },
  });
  const url = await postgres.url;
  await serving;
  // Tests may lose their rows when the machine loses power.
  await queryAt(url, 'alter system set fsync = off');
  await queryAt(url, 'select pg_reload_conf()');

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
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
