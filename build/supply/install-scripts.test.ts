import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../bundle.ts';
import { installScriptProblems } from './install-scripts.ts';

const locked = (name: string, hasInstallScript: boolean) => ({
  name,
  version: '1.0.0',
  folders: [],
  licence: 'MIT',
  ships: true,
  hasInstallScript,
});

test('a package with an install script must be decided on by name, to run it or not', () => {
  const packages = [locked('native', true), locked('plain', false)];
  expect(installScriptProblems(packages, { native: true })).toEqual([]);
  expect(installScriptProblems(packages, { native: false })).toEqual([]);
  expect(installScriptProblems(packages, {})).toEqual([
    expect.stringMatching(/^native has an install script/),
  ]);
});

test('a decision about a package without one, or that is gone, has no place', () => {
  expect(installScriptProblems([locked('plain', false)], { plain: false, gone: true })).toEqual([
    expect.stringMatching(/^plain has no install script/),
    expect.stringMatching(/^gone has no install script/),
  ]);
});

test('npm stops before it runs one that nobody decided on, where it knows how to', () => {
  expect(readFileSync(join(root, '.npmrc'), 'utf8').split('\n')).toContain('strict-allow-scripts=true');
});
