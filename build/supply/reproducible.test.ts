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

test('folders of the same files with the same bytes do not differ', async () => {
  const files = { 'main.cjs': 'a', 'renderer/index.html': 'b' };
  expect(await folderDifferences(fill('one', files), fill('other', files))).toEqual([]);
});

test('a byte that differs is told of with its file, and so is a file of one build alone', async () => {
  const one = fill('one', { 'main.cjs': 'made at 10:00', 'deep/gone.js': 'x', 'icon.png': '\0a' });
  const other = fill('other', { 'main.cjs': 'made at 10:01', 'new.js': 'x', 'icon.png': '\0b' });
  const told = (await folderDifferences(one, other)).join('\n');
  expect(told).toMatch(/main\.cjs[\s\S]*-made at 10:00[\s\S]*\+made at 10:01/);
  expect(told).toMatch(/deep\/gone\.js[\s\S]*deleted file/);
  expect(told).toMatch(/new\.js[\s\S]*new file/);
  expect(told).toMatch(/Binary files .*icon\.png .*differ/);
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
  const bundled = ['node_modules/pg', nested];
  expect(unlookedAtPackages(bundled, [at('node_modules/pg', true), at(nested, true)])).toEqual([]);
  expect(
    unlookedAtPackages(bundled, [
      at('node_modules/pg', true),
      at(nested, false),
      at('node_modules/@s/b', true),
    ]),
  ).toEqual([`${nested} is in a bundle: make it a dependency, so that its licence counts as shipped`]);
});
