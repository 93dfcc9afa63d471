import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDataFolder } from './data-folder.ts';

test('a data folder is made with those above it, and is its owner’s alone', async () => {
  const above = await mkdtemp(join(tmpdir(), 'desk-folder-'));
  onTestFinished(() => rm(above, { recursive: true }));
  const folder = join(above, 'a', 'desk');
  await Promise.all([openDataFolder(folder), openDataFolder(folder)]);
  if (process.platform !== 'win32') expect((await stat(folder)).mode & 0o777).toBe(0o700);

  await writeFile(join(above, 'file'), '');
  await expect(openDataFolder(join(above, 'file', 'desk'))).rejects.toThrow("can't be made (ENOTDIR)");
});

test.runIf(process.platform === 'linux')('where no folder can be made, that is said at once', async () => {
  await expect(openDataFolder('/proc/desk/a')).rejects.toThrow(
    "The data folder /proc/desk/a can't be made (ENOENT)",
  );
});
