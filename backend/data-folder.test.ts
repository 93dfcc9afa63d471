import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { markDataFolder, openDataFolder } from './data-folder.ts';
import { testFolder } from './testing/test-folder.ts';

test('a data folder is made with those above it, and is its owner’s alone', async () => {
  const above = testFolder();
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

/** Root may read whatever others may not. */
async function asNobody<Result>(run: () => Promise<Result>): Promise<Result> {
  if (process.getuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}

test.skipIf(process.platform === 'win32')('one of another user says what to do', async () => {
  const folder = testFolder();
  await chmod(folder, 0o200);
  await expect(asNobody(() => openDataFolder(folder))).rejects.toThrow(
    "format.json can't be read (EACCES). Start Ticket Desk as the user who owns it, or give it to this user.",
  );
});

test('a folder of others is not taken, in which a desk would remove files as its own', async () => {
  const home = testFolder();
  await mkdir(join(home, 'run'));
  await mkdir(join(home, 'exports'));
  await expect(openDataFolder(home)).rejects.toThrow(
    'is no data folder of Ticket Desk, which would empty what is in it: exports, run. Choose another one',
  );
  await markDataFolder(home);
  await openDataFolder(home);
});
