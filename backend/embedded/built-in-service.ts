/** The ticket service and the Postgres that the desk brings along, both kept running. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createListeners } from '../../proto/listeners.ts';
import type { RunBackupTask } from '../backup-task.ts';
import { emptiedFolders } from '../data-folder.ts';
import { DeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { makeSecret } from '../secrets.ts';
import { isNotRunning } from './backup-line.ts';
import { findPostgresBinaries } from './binaries.ts';
import { checkCluster } from './cluster.ts';
import { findFreePort, hasUnixSockets, type SocketFolder, socketFolder } from './endpoints.ts';
import { postgresEndpoint, startPostgres } from './postgres.ts';
import type { SpawnTicketService } from './service-process.ts';
import { type SupervisedService, superviseTicketService } from './supervised-service.ts';
import type { Supervised } from './supervisor.ts';

export interface BuiltInService {
  /** For gRPC: `unix:<path>`, or `127.0.0.1:<port>` where there are no Unix sockets. */
  readonly address: string;
  /** What the service demands; new with every launch of the desk. */
  readonly apiToken: string;
  /** What it is busy with, or why it does not serve, in words for the person; null when there is nothing to say. */
  reason(): string | null;
  /** What is wrong with a part that does not come back, though the other may serve. */
  problem(): string | null;
  /** Told when there is another problem, or none. @returns unsubscribe */
  onProblem(listener: () => void): () => void;
  runBackup: RunBackupTask;
  /** Starts both in the background. */
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
}

/**
 * Decides where the parts will listen; touches nothing in the data folder before start().
 * @throws DeskError UNAVAILABLE: the database there can't be used, or its program is missing; the text says why.
 */
export async function prepareBuiltInService(options: BuiltInServiceOptions): Promise<BuiltInService> {
  const { dataDir, logger } = options;
  await checkCluster(dataDir, await findPostgresBinaries());
  const apiToken = makeSecret();
  const endpoint = await chooseEndpoint(dataDir);
  const postgres = await postgresEndpoint(dataDir);
  const running: Supervised[] = [];
  let service: SupervisedService | undefined;
  let progress: string | null = null;
  const problems = new Map<string, string>();
  const problemChanged = createListeners<void>();
  let stopped: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (let part = running.pop(); part; part = running.pop()) await part.stop();
    await endpoint.folder?.remove();
    if (postgres.kind === 'socket') await postgres.folder.remove();
  }

  const problem = () => problems.get('postgres') ?? problems.get('service') ?? null;

  const keepProblem = (part: string) => (thrown: unknown) => {
    const before = problem();
    progress = null;
    if (thrown instanceof DeskError) problems.set(part, thrown.message);
    else problems.delete(part);
    if (problem() !== before) problemChanged.emit();
  };

  return {
    address: endpoint.address,
    apiToken,
    reason: () => problem() ?? progress,
    problem,
    onProblem: problemChanged.add,
    runBackup: async (...asked) => {
      if (!service) throw isNotRunning();
      return service.runBackup(...asked);
    },
    start() {
      if (stopped || running.length > 0) return;
      const database = startPostgres({
        dataDir,
        endpoint: postgres,
        logger,
        onProblem: keepProblem('postgres'),
        onProgress(text) {
          progress = text;
          options.onProgress?.(text);
        },
      });
      service = superviseTicketService({
        ...endpoint,
        spawn: options.spawn,
        apiToken,
        postgresUrl: database.url,
        logger,
        onProblem: keepProblem('service'),
      });
      running.push(database, service);
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
  const folder = socketFolder({ dataDir, name: emptiedFolders.serviceSocket, socketName });
  return { address: `unix:${path.join(folder.path, socketName)}`, folder };
}
