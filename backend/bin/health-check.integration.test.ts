import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { bundleBackend } from '../testing/bundle.ts';
import { findServicePort } from '../testing/service-ports.ts';

it('says where nothing answers', async () => {
  const program = path.join(await bundleBackend(), 'health-check.cjs');
  const METRICS_PORT = String(await findServicePort());
  const asked = promisify(execFile)(process.execPath, [program], { env: { ...process.env, METRICS_PORT } });
  await expect(asked).rejects.toMatchObject({
    code: 1,
    stderr: `Nothing answers at http://127.0.0.1:${METRICS_PORT}/ready: the program is not there yet, or has ended.\n`,
  });
});
