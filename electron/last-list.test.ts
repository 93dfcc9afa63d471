import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { testFolder } from '../backend/testing/test-folder.ts';
import { lastList } from './last-list.ts';

const picture = { html: '<main>Printer jams</main>', css: '#last-list{}' };
const key = randomBytes(32);
let file: string;
beforeEach(async () => {
  const folder = testFolder();
  file = join(folder, 'last-list');
});

/** As at a start of the app. */
const open = (scope = 'team with token t', of: Buffer | undefined = key) =>
  lastList({ file, scope: () => scope, key: async () => of });

test('what was kept is there at the next start, and on the disk it is no text, nor is the token', async () => {
  expect(await open().read()).toBeUndefined();
  await open().keep(picture);
  expect(await open().read()).toEqual(picture);
  const bytes = await readFile(file, 'latin1');
  for (const text of ['Printer', 'token t']) expect(bytes).not.toContain(text);
});

test('it is not there for another ticket service, nor with another key, nor torn', async () => {
  await open().keep(picture);
  expect(await open('this-computer').read()).toBeUndefined();
  expect(await open(undefined, randomBytes(32)).read()).toBeUndefined();
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length - 1));
  expect(await open().read()).toBeUndefined();
});

test('without a keychain it is in clear, and still of one ticket service alone', async () => {
  const inClear = (scope: string) => lastList({ file, scope: () => scope, key: async () => undefined });
  await inClear('this-computer').keep(picture);
  expect(await inClear('this-computer').read()).toEqual(picture);
  expect(await inClear('docker').read()).toBeUndefined();
});

test('what is forgotten while it is still written does not come back', async () => {
  const list = open();
  await Promise.all([list.keep(picture), list.forget()]);
  expect(await list.read()).toBeUndefined();
});

test('a picture that is asked for before a switch is of the ticket service before it', async () => {
  let scope = 'before';
  const list = lastList({ file, scope: () => scope, key: async () => key });
  const kept = list.keep(picture);
  scope = 'after';
  await kept;
  expect(await list.read()).toBeUndefined();
});
