/**
 * `npm run seed -- --tickets N [--seed S] [--until YYYY-MM-DD]`: fills an empty desk with a helpdesk of three years that
 * ends on that day; the same seed makes the same rows. Onto POSTGRES_URL where it is set, else onto DATA_DIR's database.
 */
import '../backend/tidy-environment.ts';
import { parseArgs } from 'node:util';
import { readSeedConfig } from '../backend/config.ts';
import { DeskError } from '../backend/errors.ts';
import { createLogger } from '../backend/logger.ts';
import { seedDatabase } from '../backend/testing/seed/load.ts';
import { readPlan } from '../backend/testing/seed/plan.ts';
import { withBuiltInDatabase } from './built-in-database.ts';
import { onStopSignal } from './child.ts';
import { Problem, say, startProgress } from './terminal.ts';

const { values } = parseArgs({
  options: { tickets: { type: 'string' }, seed: { type: 'string' }, until: { type: 'string' } },
});

const stopping = new AbortController();
const stopListening = onStopSignal(() => stopping.abort());
const { signal } = stopping;

async function seed(): Promise<void> {
  const plan = readPlan(values);
  const { postgresUrl, dataDir } = readSeedConfig();
  const logger = createLogger({ name: 'seed', level: 'warn' });
  const fill = (url: string) =>
    seedDatabase({ postgresUrl: url, plan, logger, signal, onRows: startProgress('rows'), onStep: say });
  const startedMs = performance.now();
  const outcome = await (postgresUrl === undefined
    ? withBuiltInDatabase({ dataDir, logger, onProgress: say }, fill)
    : fill(postgresUrl));
  const what = `${plan.tickets.toLocaleString('en')} tickets of seed ${plan.seed}`;
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  say(outcome === 'seeded' ? `${what} in ${seconds} s.` : `${what} are there already.`);
}

try {
  await seed();
} catch (thrown) {
  if (signal.aborted) throw new Problem('Stopped. Nothing was changed.');
  if (!(thrown instanceof DeskError)) throw thrown;
  throw new Problem(thrown.message);
} finally {
  stopListening();
}
