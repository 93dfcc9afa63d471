import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../backend/testing/test-folder.ts';
import { borrowFolder, lockProblem, ownFolderProblem } from './own-folder.ts';

/** As Electron answers. @param userData what it asks for; undefined: the folder can't be made */
function appIn(appData: string, userData?: string) {
  return {
    getName: () => 'Ticket Desk',
    getPath(name: string) {
      if (name === 'appData') return appData;
      if (userData === undefined) throw new Error("Failed to get 'userData' path");
      return userData;
    },
  };
}

test('a folder that can not be made is named, with the reason', () => {
  const file = join(testFolder(), 'file');
  writeFileSync(file, '');
  expect(ownFolderProblem(appIn(join(file, '.config')))).toBe(
    `Ticket Desk can't open: it keeps all it has in the folder ${join(file, '.config', 'Ticket Desk')}, and can't write there (ENOTDIR). Look at what is in the way there, then start again.`,
  );
  const folder = testFolder();
  expect(ownFolderProblem(appIn(folder))).toContain('(Electron refuses it)');
  expect(ownFolderProblem(appIn(folder, folder))).toBe(null);
});

test.runIf(process.platform === 'linux')('below /proc, where nothing is ever found, it ends as well', () => {
  expect(ownFolderProblem(appIn('/proc/nothing/.config'))).toContain('/proc/nothing/.config/Ticket Desk');
});

test('a lock that is not given is another desk, unless there is none and nothing can be written', () => {
  const folder = testFolder();
  const userData = join(folder, 'Ticket Desk');
  writeFileSync(userData, '');
  expect(lockProblem(appIn(folder, userData))).toContain(`${userData}, and can't write there (ENOTDIR)`);

  expect(lockProblem(appIn(folder, folder))).toBe(null);
  // On the full disk of a desk that runs.
  const locked = join(folder, 'locked');
  mkdirSync(locked);
  symlinkSync('host-4711', join(locked, 'SingletonLock'));
  expect(lockProblem(appIn(folder, locked))).toBe(null);
  expect(readdirSync(folder).sort()).toEqual(['Ticket Desk', 'locked']);
});

test('where no folder can be lent either, it is said', () => {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = join(testFolder(), 'nowhere');
  try {
    expect(borrowFolder({ setPath: () => undefined })).toBe(false);
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
});
