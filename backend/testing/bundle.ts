/** The backend's programs, bundled as they ship, for tests that start them as processes. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { nodeBuildOptions, outDir } from '../../build/bundle.ts';

const programs = ['serve', 'proxy', 'ticket-service'];
let bundled: Promise<string> | undefined;

/**
 * The folder with serve.cjs, proxy.cjs and ticket-service.cjs; built once a process and removed with it, so
 * that test files which run at the same time don't build into each other's folder. The web face is left out.
 */
export function bundleBackend(): Promise<string> {
  bundled ??= bundleOnce();
  return bundled;
}

async function bundleOnce(): Promise<string> {
  // Inside out/, because the bundles find native packages in the node_modules above them.
  const folder = mkdtempSync(path.join(outDir, '.testing-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const entryPoints = programs.map((out) => ({ in: `backend/bin/${out}.ts`, out }));
  await build({ ...nodeBuildOptions(folder, folder), entryPoints });
  return folder;
}
