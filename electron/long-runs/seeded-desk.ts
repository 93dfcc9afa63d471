/** A desk that has been in use for years: its folder, filled before it is opened. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '../../backend/logger.ts';
import { copyPreparedCluster } from '../../backend/testing/prepared-cluster.ts';
import { seedDatabase } from '../../backend/testing/seed/load.ts';
import { readPlan } from '../../backend/testing/seed/plan.ts';
import { withBuiltInDatabase } from '../../build/built-in-database.ts';
import { freshFolder } from '../e2e/harness.ts';

/** @returns a folder for a launch, removed when the test finishes. Ada works there. */
export async function seededFolder(tickets: number): Promise<string> {
  const userData = await freshFolder();
  const dataDir = join(userData, 'desk');
  const agent = { id: randomUUID(), name: 'Ada', isConfirmed: true };
  await writeFile(join(userData, 'settings.json'), JSON.stringify({ agent }));
  await copyPreparedCluster(dataDir);
  const logger = createLogger({ name: 'seed', level: 'warn' });
  await withBuiltInDatabase({ dataDir, logger, onProgress() {} }, (postgresUrl) =>
    seedDatabase({ postgresUrl, plan: readPlan({ tickets: String(tickets) }), logger }),
  );
  return userData;
}
