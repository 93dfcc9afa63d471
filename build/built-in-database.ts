/** The built-in desk's database without its desk: for work on all of it while nobody else uses the data folder. */
import path from 'node:path';
import { markDataFolder, openDataFolder } from '../backend/data-folder.ts';
import { postgresEndpoint, startPostgres } from '../backend/embedded/postgres.ts';
import type { Logger } from '../backend/logger.ts';
import { openOutboxStore } from '../backend/proxy/outbox/store.ts';
import { onStopSignal } from './child.ts';
import { Problem } from './terminal.ts';

/**
 * Starts Postgres on a data folder, as the desk does, and stops it once the work is done, or is to be stopped by its signal.
 * @throws Problem: it was stopped
 * @throws DeskError CONFLICT: a desk has the folder open. BAD_USER_INPUT or UNAVAILABLE: it can't be used.
 */
export async function withBuiltInDatabase<Result>(
  options: { dataDir: string; logger: Logger; onProgress: (text: string) => void },
  work: (postgresUrl: string, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { dataDir, logger, onProgress } = options;
  await openDataFolder(dataDir);
  // Its lock is the data folder's: whoever has it open is the only desk there.
  const outbox = await openOutboxStore({ folder: path.join(dataDir, 'outbox'), logger });
  const stopping = new AbortController();
  const stopListening = onStopSignal(() => stopping.abort());
  try {
    await markDataFolder(dataDir);
    const endpoint = await postgresEndpoint(dataDir);
    let settle: (problem: unknown) => void = () => {};
    const started = new Promise<void>((resolve, reject) => {
      settle = (problem) => (problem === undefined ? resolve() : reject(problem));
    });
    const postgres = startPostgres({
      dataDir,
      endpoint,
      logger,
      onProgress,
      onProblem: (problem) => settle(problem),
    });
    try {
      await started;
      return await work(await postgres.url, stopping.signal);
    } catch (thrown) {
      if (stopping.signal.aborted) throw new Problem('Stopped.');
      throw thrown;
    } finally {
      await postgres.stop();
      if (endpoint.kind === 'socket') await endpoint.folder.remove();
    }
  } finally {
    await outbox.close();
    stopListening();
  }
}
