/** vitest's global set-up: packs once for all files that use a packed app, which would pack over one another. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { root } from '../bundle.ts';
import type { PackedApp } from '../package/pack.ts';

interface PackedApps {
  /** As it is handed out, and its tar.gz. */
  hardened: PackedApp;
  /** The same but for one fuse, through which end-to-end tests drive it. */
  twin: PackedApp;
}

declare module 'vitest' {
  interface ProvidedContext {
    packedApps: PackedApps;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  const asked = process.argv.slice(3).filter((argument) => !argument.startsWith('-'));
  const { testFiles } = await project.globTestFiles(asked);
  if (!testFiles.some((path) => /(package|clean-machine)\.test\.ts$/.test(path))) return;
  const work = mkdtempSync(join(tmpdir(), 'ticket-desk-packed-'));
  const list = join(work, 'packed.json');
  // Elsewhere, as electron-builder takes over the exit code of the process that it runs in.
  const packing = [join(root, 'build/run.mjs'), 'acceptance/packed-apps', list];
  await promisify(execFile)(process.execPath, packing, { cwd: root });
  project.provide('packedApps', JSON.parse(readFileSync(list, 'utf8')));
  rmSync(work, { recursive: true });
}

if (process.argv[1] === import.meta.filename) {
  // Unpacked on the same machine at once: what takes long to make is not worth its smaller size.
  process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL = '1';
  const { packApp } = await import('../package/pack.ts');
  const hardened = await packApp({ targets: ['tar.gz'], isInspectable: false });
  const twin = await packApp({ targets: [], isInspectable: true });
  writeFileSync(process.argv[2] as string, JSON.stringify({ hardened, twin } satisfies PackedApps));
}
