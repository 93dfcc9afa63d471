import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderDifferences, foldersNamed, unlookedAtPackages } from './reproducible.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'desk-twice-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function fill(name: string, files: Record<string, string>): string {
  const target = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(target, path, '..'), { recursive: true });
    writeFileSync(join(target, path), text);
  }
  return target;
}

test('folders of the same files with the same bytes do not differ', () => {
  const files = { 'main.cjs': 'a', 'renderer/index.html': 'b' };
  expect(folderDifferences(fill('one', files), fill('other', files))).toEqual([]);
});

test('a byte that differs is told of with its place, and so is a file of one build alone', () => {
  const one = fill('one', { 'main.cjs': 'made at 10:00', 'deep/gone.js': '' });
  const other = fill('other', { 'main.cjs': 'made at 10:01', 'new.js': '' });
  expect(folderDifferences(one, other).sort()).toEqual([
    'deep/gone.js was built the first time only',
    'main.cjs differs at byte 12: "made at 10:00" and "made at 10:01"',
    'new.js was built the second time only',
  ]);
});

test('a file that only goes on longer differs too', () => {
  const [one, other] = [fill('one', { a: 'same' }), fill('other', { a: 'same and more' })];
  expect(folderDifferences(one, other)).toEqual([expect.stringMatching(/^a differs at byte 4/)]);
  expect(folderDifferences(other, one)).toEqual([expect.stringMatching(/^a differs at byte 4/)]);
});

test('a folder of this machine is found in what was built', () => {
  const built = fill('built', { 'main.cjs': `require("${folder}/x")`, 'plain.cjs': 'require("./x")' });
  expect(foldersNamed(built, [folder])).toEqual([expect.stringMatching(/^main.cjs names /)]);
});

test('a package that is bundled must be one of those that ship', () => {
  const at = (folder: string, ships: boolean) => ({
    ...{ name: 'any', version: '1.0.0', licence: 'MIT', hasInstallScript: false },
    ...{ ships, folders: [folder] },
  });
  const nested = 'node_modules/a/node_modules/@s/b';
  const contents = { 'main.cjs': { '': 10, 'node_modules/pg': 5 }, renderer: { [nested]: 1 } };
  expect(unlookedAtPackages(contents, [at('node_modules/pg', true), at(nested, true)])).toEqual([]);
  expect(
    unlookedAtPackages(contents, [
      at('node_modules/pg', true),
      at(nested, false),
      at('node_modules/@s/b', true),
    ]),
  ).toEqual([`${nested} is in a bundle: make it a dependency, so that its licence counts as shipped`]);
});
