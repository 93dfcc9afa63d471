/** vitest's global set-up: the cluster that prepared-cluster.ts gives out. The workers inherit where it is. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startTestPostgres } from './postgres.ts';
import { preparedCluster } from './prepared-cluster.ts';

/** Several projects of one run share the cluster. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[preparedCluster]) return undefined;
  const folder = await mkdtemp(path.join(tmpdir(), 'ticket-desk-cluster-'));
  const postgres = await startTestPostgres({ dataDir: folder });
  await postgres.stop();
  process.env[preparedCluster] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
