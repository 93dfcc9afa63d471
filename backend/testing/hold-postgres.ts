/** Runs the desk's Postgres on the folder in argv until it is killed; a program for tests, to be killed. */
import { postgresEndpoint, startPostgres } from '../embedded/postgres.ts';
import { createLogger } from '../logger.ts';

const dataDir = process.argv[2] ?? '';
const postgres = startPostgres({
  dataDir,
  endpoint: await postgresEndpoint(dataDir),
  logger: createLogger({ name: 'hold-postgres', level: 'silent' }),
  onProblem: (problem) => problem === undefined && process.send?.('started'),
  onProgress: (text) => process.send?.(text),
});
void postgres.url;
// The channel to the parent must not keep this process from being the one that was killed.
process.on('disconnect', () => process.exit());
