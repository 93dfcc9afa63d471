import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createLogger } from '../backend/logger.ts';
import { testFolder } from '../backend/testing/test-folder.ts';
import { keptKey } from './kept-key.ts';
import { openSettings } from './settings.ts';
import { keychain, noKeychain } from './testing/keychain.ts';
import type { SafeStorage } from './token-store.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

let folder: string;
let file: string;
beforeEach(async () => {
  folder = testFolder();
  file = join(folder, 'settings.json');
});

/** As at a start of the app. */
const keyAtStart = async (safeStorage: SafeStorage) =>
  keptKey({ safeStorage, settings: await openSettings(file), logger });

test('the key is the same at each start, and the file does not hold it in clear', async () => {
  const key = await keyAtStart(keychain());
  expect(key).toHaveLength(32);
  expect(await keyAtStart(keychain())).toEqual(key);
  const text = await readFile(file, 'utf8');
  for (const form of ['base64', 'hex'] as const) expect(text).not.toContain(key?.toString(form));
});

test('without a keychain there is none, unless there was one: then nothing is kept in clear', async () => {
  expect(await keyAtStart(noKeychain)).toBeUndefined();
  const key = await keyAtStart(keychain());
  const whileLocked = await keyAtStart(noKeychain);
  expect(whileLocked).toHaveLength(32);
  expect(whileLocked).not.toEqual(key);
  expect(await keyAtStart(keychain())).toEqual(key);
});

test('one that the keychain can not open any more is made anew', async () => {
  const key = await keyAtStart(keychain());
  const other = keychain({
    decryptString() {
      throw new Error('of another computer');
    },
  });
  const fresh = await keyAtStart(other);
  expect(fresh).toHaveLength(32);
  expect(fresh).not.toEqual(key);
});
