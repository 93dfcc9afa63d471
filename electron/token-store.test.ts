import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createLogger } from '../backend/logger.ts';
import { testFolder } from '../backend/testing/test-folder.ts';
import { openSettings, type SettingsStore } from './settings.ts';
import { keychain, noKeychain } from './testing/keychain.ts';
import { type SafeStorage, tokenStore } from './token-store.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const address = 'tickets.example.org:50051';
const secret = 'a-token-of-the-team-4711';

let folder: string;
let file: string;
let settings: SettingsStore;
beforeEach(async () => {
  folder = testFolder();
  file = join(folder, 'settings.json');
  settings = await openSettings(file);
});

const open = (safeStorage: SafeStorage) => tokenStore({ safeStorage, settings, logger });

test('a token is there at the next start, and the file does not hold it in clear', async () => {
  await open(keychain()).save(address, secret);
  expect(await readFile(file, 'utf8')).not.toContain(secret);
  settings = await openSettings(file);
  expect(open(keychain()).tokenFor(address)).toBe(secret);
});

test('a token is for its address alone', async () => {
  const tokens = open(keychain());
  await tokens.save(address, secret);
  expect(tokens.tokenFor('imitation.example.org:50051')).toBeUndefined();
});

test.each([
  ['no keychain', noKeychain],
  ['one that keeps in clear', keychain({ getSelectedStorageBackend: () => 'basic_text' })],
])(
  'with %s a token lasts until the desk is closed, is never written down, and the person is told',
  async (_name, safeStorage) => {
    const tokens = open(safeStorage);
    expect(tokens.problem).toContain('until Ticket Desk is closed');
    await tokens.save(address, secret);
    expect(tokens.tokenFor(address)).toBe(secret);
    expect(await readFile(file, 'utf8')).not.toMatch(/token|4711/);
    settings = await openSettings(file);
    expect(open(safeStorage).tokenFor(address)).toBeUndefined();
  },
);

test('a token that the keychain can not open any more is as none', async () => {
  await open(keychain()).save(address, secret);
  const other = keychain({
    decryptString() {
      throw new Error('of another computer');
    },
  });
  expect(open(other).tokenFor(address)).toBeUndefined();
});

test('a token that is removed is gone from memory and file', async () => {
  const tokens = open(keychain());
  await tokens.save(address, secret);
  await tokens.save(address, null);
  expect(tokens.tokenFor(address)).toBeUndefined();
  expect(await readFile(file, 'utf8')).not.toContain('encrypted');
});
