/** The ticket service and the Postgres that the desk brings along, both kept running. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Logger } from '../logger.ts';
import { findFreePort, hasUnixSockets, type SocketFolder, socketFolder } from './endpoints.ts';
import { type PostgresEndpoint, postgresSocketName, startPostgres } from './postgres.ts';
import { makeSecret } from './secret-file.ts';
import type { SpawnTicketService } from './service-process.ts';
import { superviseTicketService } from './supervised-service.ts';
import type { Supervised } from './supervisor.ts';

export interface BuiltInService {
  /** For gRPC: `unix:<path>`, or `127.0.0.1:<port>` where there are no Unix sockets. */
  readonly address: string;
  /** What the service demands; new with every launch of the desk. */
  readonly apiToken: string;
  /** Starts both behind the caller's back. */
  start(): void;
  /** Stops the service, then Postgres; leaves no process. Every caller gets the same promise. */
  stop(): Promise<void>;
}

export interface BuiltInServiceOptions {
  /** There already, and nobody else's. */
  dataDir: string;
  spawn: SpawnTicketService;
  logger: Logger;
  /** Told what is going on, in words for the person, when it takes a while. */
  onProgress?: (text: string) => void;
  /** Told why the database or the service does not run. */
  onProblem?: (problem: unknown) => void;
}

/** Decides where the parts will listen; touches nothing in the data folder before start(). */
export async function prepareBuiltInService(options: BuiltInServiceOptions): Promise<BuiltInService> {
  const { dataDir } = options;
  const apiToken = makeSecret();
  const endpoint = await chooseEndpoint(dataDir);
  const postgres: PostgresEndpoint = hasUnixSockets
    ? { kind: 'socket', folder: socketFolder({ dataDir, name: 'pg-run', socketName: postgresSocketName }) }
    : { kind: 'loopback', port: await findFreePort() };
  const running: Supervised[] = [];
  let stopped: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (let part = running.pop(); part; part = running.pop()) await part.stop();
    await endpoint.folder?.remove();
    if (postgres.kind === 'socket') await postgres.folder.remove();
  }

  return {
    address: endpoint.address,
    apiToken,
    start() {
      if (stopped || running.length > 0) return;
      const passwordFile = path.join(dataDir, 'postgres-password');
      const database = startPostgres({ ...options, endpoint: postgres, passwordFile });
      running.push(database);
      running.push(superviseTicketService({ ...options, ...endpoint, apiToken, postgresUrl: database.url }));
    },
    stop() {
      stopped ??= stopAll();
      return stopped;
    },
  };
}

async function chooseEndpoint(dataDir: string): Promise<{ address: string; folder?: SocketFolder }> {
  if (!hasUnixSockets) return { address: `127.0.0.1:${await findFreePort()}` };
  // A name of its own a launch: a service that outlives its killed desk removes its own socket, not this one.
  const socketName = `service-${randomBytes(4).toString('hex')}.sock`;
  const folder = socketFolder({ dataDir, name: 'run', socketName });
  return { address: `unix:${path.join(folder.path, socketName)}`, folder };
}
