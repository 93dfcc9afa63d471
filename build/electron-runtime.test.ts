import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { ensureElectron, executablePath } from './electron-runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'ticket-desk-runtime-'));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('a runtime that the person points at is used as it is', async () => {
  const executable = join(folder, executablePath(process.platform));
  mkdirSync(dirname(executable), { recursive: true });
  writeFileSync(executable, '');
  chmodSync(executable, 0o755);
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
  expect(await ensureElectron()).toEqual({ executable, isFallback: false });
});

test('a folder without a runtime is named, and nothing is downloaded', async () => {
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '/nowhere');
  await expect(ensureElectron()).rejects.toThrow(/ELECTRON_OVERRIDE_DIST_PATH is \/nowhere/);
});
