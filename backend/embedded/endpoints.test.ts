import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { socketFolder } from './endpoints.ts';

test('a folder for a socket loses its sockets, and nothing that somebody else has put in', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'desk-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
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
