/** Puts the parts together: the only file that names adapters. */
import type { SpawnTicketService } from './embedded/service-process.ts';
import type { Logger } from './logger.ts';

export type { ServiceProcess, SpawnTicketService } from './embedded/service-process.ts';

/** Where the ticket service is: started here on the data folder, or somewhere else. */
export type ServiceChoice =
  | { kind: 'built-in'; spawn: SpawnTicketService }
  | { kind: 'remote'; address: string; apiToken?: string };

export interface DeskOptions {
  /** Absolute path; made when it is not there. */
  dataDir: string;
  service: ServiceChoice;
  logger: Logger;
  appVersion: string;
}

export interface DeskBackend {
  /** Answers /graphql, /query and /health. */
  handle(request: Request): Promise<Response>;
  outbox: {
    waiting(): { waiting: number; failed: number };
    /** Answers how to stop listening. */
    onChange(listener: () => void): () => void;
  };
  /** Drains and stops everything, in reverse order of start; every caller gets the same promise. */
  stop(): Promise<void>;
}

/**
 * Resolves as soon as the outbox is open, so that creates work at once; Postgres and the service start behind it.
 * @throws DeskError BAD_USER_INPUT: the data folder is of a newer format or can't be used. Nothing was touched.
 * @throws DeskError CONFLICT: another desk has the data folder open. Nothing was touched.
 */
export async function composeDesk(options: DeskOptions): Promise<DeskBackend> {
  throw new Error(`not built yet: ${options.dataDir}`);
}
