/** The backend's programs, bundled as they ship, for tests that start them as processes. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { nodeBuildOptions, outDir } from '../../build/bundle.ts';
import { once } from '../../proto/once.ts';
import { isAlive } from '../embedded/processes.ts';

const prefix = '.testing-';
const programs = ['serve', 'proxy', 'ticket-service', 'health-check', 'token'];

/**
 * The folder with the programs of backend/bin, as in out/; built once a process and removed with it, so
 * that test files which run at the same time don't build into each other's folder. The web face is left out.
 */
export const bundleBackend = once(async (): Promise<string> => {
  // Inside out/, because the bundles find native packages in the node_modules above them.
  const folder = path.join(outDir, `${prefix}${process.pid}`);
  await removeLeft();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const entryPoints = programs.map((out) => ({ in: `backend/bin/${out}.ts`, out }));
  await build({ ...nodeBuildOptions(folder, folder), entryPoints });
  return folder;
});

/** Test runners kill their workers, which then leave their folder. */
async function removeLeft(): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  for (const name of readdirSync(outDir).filter((entry) => entry.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length));
    if (pid === process.pid || !(await isAlive(pid)))
      rmSync(path.join(outDir, name), { recursive: true, force: true });
  }
}
