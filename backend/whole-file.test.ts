import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { testFolder } from './testing/test-folder.ts';
import { writeWholeFile } from './whole-file.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = testFolder();
  file = path.join(folder, 'file');
  await writeFile(file, 'earlier');
});

it('gives its name to what passed the check', async () => {
  const seen: string[] = [];
  await writeWholeFile(file, ['one', ' two'], {
    check: async (written) => seen.push(await readFile(written, 'utf8'), await readFile(file, 'utf8')),
  });
  expect(seen).toEqual(['one two', 'earlier']);
  expect(await readFile(file, 'utf8')).toBe('one two');
});

it.each([
  ['the check refuses', { check: () => Promise.reject(new Error('not so')) }],
  ['it is called off', { signal: AbortSignal.abort(new Error('not so')) }],
])('leaves the earlier file, and nothing else, when %s', async (_case, options) => {
  await expect(writeWholeFile(file, ['new'], options)).rejects.toThrow('not so');
  expect(await readdir(folder)).toEqual(['file']);
  expect(await readFile(file, 'utf8')).toBe('earlier');
});
