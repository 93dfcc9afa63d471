import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../testing/test-folder.ts';
import { socketFolder } from './endpoints.ts';

test('a folder for a socket loses its sockets, and nothing that somebody else has put in', async () => {
  const dataDir = testFolder();
  const folder = socketFolder({ dataDir, name: 'run', socketName: 'service-1.sock' });
  await folder.open();
  for (const name of ['notes', 'service-0.sock', 'data']) await writeFile(path.join(folder.path, name), '');
  await folder.open();
  expect(await readdir(folder.path)).toEqual(['notes']);
  await folder.remove();
  expect(await readdir(folder.path)).toEqual(['notes']);
  await rm(path.join(folder.path, 'notes'));
  await folder.remove();
  expect(await readdir(dataDir)).toEqual([]);
});
