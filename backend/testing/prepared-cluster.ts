/**
 * A database cluster that is made once for a whole run of tests. A first start makes its own, in about a second; a test
 * that is not about that gets a copy of this one.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** The environment variable that names its folder. */
export const preparedCluster = 'PREPARED_CLUSTER';

/** Puts cluster and password into a desk's data folder. Does nothing where none was prepared. */
export async function copyPreparedCluster(dataDir: string): Promise<void> {
  const folder = process.env[preparedCluster];
  if (!folder) return;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  for (const name of ['postgres', 'postgres-password']) {
    const [from, to] = [path.join(folder, name), path.join(dataDir, name)];
    // Postgres runs as another user where a test runs as root: the owner is kept, which cp() of Node can't.
    if (process.platform === 'win32') await cp(from, to, { recursive: true });
    else await promisify(execFile)('cp', ['-a', from, to]);
  }
}
