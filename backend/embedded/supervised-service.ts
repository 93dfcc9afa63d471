/** Keeps the ticket service's process running. */
import type { RunBackupTask } from '../backup-task.ts';
import { DeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { atMost } from '../pause.ts';
import { type Ask, askTicketService } from './answers.ts';
import { backupLine, isNotRunning } from './backup-line.ts';
import type { SocketFolder } from './endpoints.ts';
import {
  isMessage,
  problemIn,
  type ServiceProcess,
  type SpawnTicketService,
  stopMessage,
} from './service-process.ts';
import { type Running, type Supervised, supervise } from './supervisor.ts';

export interface SupervisedServiceOptions {
  spawn: SpawnTicketService;
  /** What it binds, and the folder of its socket if that is one. */
  address: string;
  folder?: SocketFolder;
  /** What it demands of its callers. */
  apiToken: string;
  postgresUrl: Promise<string>;
  logger: Logger;
  /** Told why it does not run, and undefined once it does. */
  onProblem: (problem: unknown) => void;
}

/** How long it may take to let its calls finish before it is killed; it gives them 3 s itself. */
export const serviceStopMs = 5_000;

export interface SupervisedService extends Supervised {
  runBackup: RunBackupTask;
}

export function superviseTicketService(options: SupervisedServiceOptions): SupervisedService {
  let runBackup: RunBackupTask | undefined;
  const supervised = supervise({
    name: 'ticket-service',
    logger: options.logger,
    async start(signal) {
      const running = await startOnce(options, signal);
      runBackup = running.runBackup;
      return running;
    },
    onProblem: options.onProblem,
  });
  return {
    ...supervised,
    runBackup: async (...asked) => {
      if (!runBackup) throw isNotRunning();
      return runBackup(...asked);
    },
  };
}

type RunningService = Running & { runBackup: RunBackupTask };

async function startOnce(options: SupervisedServiceOptions, signal: AbortSignal): Promise<RunningService> {
  const aborted = new Promise<'aborted'>((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
  const postgresUrl = await Promise.race([options.postgresUrl, aborted]);
  await options.folder?.open();
  signal.throwIfAborted();
  const child = options.spawn({
    POSTGRES_URL: postgresUrl,
    GRPC_ADDRESS: options.address,
    API_TOKENS: options.apiToken,
    LOG_LEVEL: options.logger.level,
  });
  const running = watch(child, askTicketService(options.address, options.apiToken));
  let problem: DeskError | undefined;
  const ready = new Promise<'ready'>((resolve) => {
    child.onMessage((message) => {
      if (isMessage(message, 'ready')) resolve('ready');
      const text = problemIn(message);
      if (text === undefined) return;
      problem = new DeskError('UNAVAILABLE', text);
      options.onProblem(problem);
    });
  });
  const first = await Promise.race([ready, running.exited, aborted]);
  if (first === 'ready') return running;
  if (signal.aborted) await running.stop();
  throw problem ?? new Error(`the ticket service does not start: ${first}`);
}

function watch(child: ServiceProcess, ask: Ask): RunningService {
  const exited = new Promise<string>((resolve) => {
    child.onExit((code) => resolve(code === null ? 'killed' : `exit code ${code}`));
  });
  return {
    get pid() {
      return child.pid;
    },
    exited,
    ask,
    runBackup: backupLine(child, exited),
    async stop() {
      child.post(stopMessage);
      if ((await atMost(serviceStopMs, exited)) === undefined) child.kill();
      await exited;
    },
  };
}
