import { describe, expect, it } from 'vitest';
import { isMet, type LicenceRules, licenceProblems } from './licences.ts';
import type { LockedPackage } from './lock-file.ts';

const rules: LicenceRules = {
  ships: ['MIT', 'ISC'],
  builds: ['MPL-2.0'],
  exceptions: [{ package: 'odd@1.0.0', licence: 'MIT', reason: 'Its repository says so.' }],
};

const odd: LockedPackage = {
  name: 'odd',
  version: '1.0.0',
  folders: [],
  licence: null,
  ships: true,
  hasInstallScript: false,
};

const problemsOf = (given: Partial<LockedPackage>) =>
  licenceProblems([odd, { ...odd, name: 'given', version: '2.0.0', ...given }], rules);

describe('an SPDX expression', () => {
  const allowed = new Set(['MIT', 'ISC', 'GPL-2.0-with-Classpath-exception-2.0']);

  it.each([
    ['MIT', true],
    ['GPL-3.0-only', false],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only AND MIT OR ISC', true],
    ['GPL-3.0-only AND (MIT OR ISC)', false],
    ['GPL-2.0 WITH Classpath-exception-2.0', true],
    ['(MIT', false],
    ['MIT ISC', false],
    ['', false],
    ['SEE LICENSE IN LICENSE.txt', false],
  ])('%s is met: %s', (expression, met) => {
    expect(isMet(expression, allowed)).toBe(met);
  });
});

describe('the licences', () => {
  it('pass when each is allowed where its package is used', () => {
    expect(problemsOf({ licence: 'ISC' })).toEqual([]);
    expect(problemsOf({ licence: 'MPL-2.0', ships: false })).toEqual([]);
  });

  it('fail by the package’s name when one may not ship, may not build, or is not told of', () => {
    expect(problemsOf({ licence: 'MPL-2.0' })).toEqual([
      expect.stringMatching(/^given@2.0.0 ships under MPL-2.0/),
    ]);
    expect(problemsOf({ licence: 'AGPL-3.0-only', ships: false })).toEqual([
      expect.stringMatching(/^given@2.0.0 builds under AGPL-3.0-only/),
    ]);
    expect(problemsOf({ licence: null })).toEqual([expect.stringMatching(/^given@2.0.0 .*no licence/)]);
  });

  it('hold an exception to its version, and want it gone when nothing needs it', () => {
    expect(licenceProblems([{ ...odd, version: '1.0.1' }], rules)).toEqual([
      expect.stringMatching(/^odd@1.0.1/),
      expect.stringMatching(/^odd@1.0.0 needs no exception/),
    ]);
  });

  it('let no exception allow what is not allowed', () => {
    const wrong = { ...rules, exceptions: [{ package: 'odd@1.0.0', licence: 'GPL-3.0-only', reason: '' }] };
    expect(licenceProblems([odd], wrong)).toContainEqual(expect.stringMatching(/^odd@1.0.0 ships under no/));
  });
});
