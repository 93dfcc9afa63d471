import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockedPackages } from './lock-file.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'desk-lock-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function lock(packages: object): void {
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
}

test('what is no development dependency ships, and Electron does though it is one', () => {
  lock({
    'node_modules/react': { version: '19.0.0', license: 'MIT' },
    'node_modules/electron': { version: '45.0.0', license: 'MIT', dev: true },
    'node_modules/vite': { version: '8.0.0', license: 'MIT', dev: true },
  });
  expect(lockedPackages(root).filter(({ ships }) => ships)).toMatchObject([
    { name: 'react' },
    { name: 'electron' },
  ]);
});

test('a package ships when one of its places does, and goes by its own name where another stands for it', () => {
  lock({
    'node_modules/a/node_modules/@s/b': { version: '1.0.0', license: 'MIT', dev: true },
    'node_modules/c/node_modules/@s/b': { version: '1.0.0', license: 'MIT' },
    'node_modules/alias': { name: 'real', version: '2.0.0', license: 'ISC' },
  });
  expect(lockedPackages(root)).toMatchObject([
    { name: '@s/b', version: '1.0.0', ships: true },
    { name: 'real', version: '2.0.0' },
  ]);
});

test('licences of the old form are read from the installed package; of one that tells nothing there is none', () => {
  lock({ 'node_modules/old': { version: '1.0.0' }, 'node_modules/mute': { version: '1.0.0' } });
  for (const [name, text] of Object.entries({
    old: '{"licenses":[{"type":"MIT"},{"type":"ISC"}]}',
    mute: '{}',
  })) {
    mkdirSync(join(root, 'node_modules', name), { recursive: true });
    writeFileSync(join(root, 'node_modules', name, 'package.json'), text);
  }
  expect(lockedPackages(root).map(({ licence }) => licence)).toEqual(['MIT OR ISC', null]);
});
