import { describe, expect, test } from 'vitest';
import { type Machine, planTargets, refuseGaps, splitTargets } from './targets.ts';

const linux: Machine = { platform: 'linux', canDownload: false, tools: new Set() };

describe('on Linux', () => {
  test('without a way to the tools what needs none is made, and each other one says what it lacks', () => {
    const plan = planTargets(linux);
    expect(plan.targets).toEqual(['tar.gz']);
    const reasons = Object.fromEntries(plan.leftOut.map(({ target, reason }) => [target, reason]));
    expect(reasons.AppImage).toMatch(/AppImage tools could not be downloaded from github\.com/);
    expect(reasons.deb).toMatch(/^fpm could not be downloaded/);
    expect(reasons.rpm).toBe('the program rpmbuild is not installed');
    expect(reasons.nsis).toBe('it is built on Windows');
    expect(reasons.dmg).toBe('it is built on macOS');
  });

  test('with the tools of an ordinary machine everything for Linux is made', () => {
    const plan = planTargets({ ...linux, canDownload: true, tools: new Set(['rpmbuild']) });
    expect(plan.targets).toEqual(['tar.gz', 'AppImage', 'deb', 'rpm']);
  });

  test('with dpkg-deb the deb is made by that alone, whatever else there is', () => {
    const plan = planTargets({
      ...linux,
      canDownload: true,
      tools: new Set(['dpkg-deb', 'fpm', 'rpmbuild']),
    });
    expect(plan).toEqual({
      targets: ['tar.gz', 'AppImage', 'rpm'],
      isDebByDpkg: true,
      leftOut: expect.not.arrayContaining([expect.objectContaining({ target: 'deb' })]),
    });
  });

  test('an fpm that is installed stands in for the download', () => {
    const plan = planTargets({ ...linux, tools: new Set(['fpm', 'rpmbuild']) });
    expect(plan.targets).toEqual(['tar.gz', 'deb', 'rpm']);
  });
});

test.each([
  ['win32', ['nsis']],
  ['darwin', ['dmg', 'zip']],
] as const)('%s with its tools makes %s', (platform, targets) => {
  expect(planTargets({ platform, canDownload: true, tools: new Set() }).targets).toEqual(targets);
});

test('an archive is made when no deb or rpm marks the unpacked app as its own any more', () => {
  expect(splitTargets(['tar.gz', 'AppImage', 'deb', 'rpm'])).toEqual([
    ['deb', 'rpm'],
    ['tar.gz', 'AppImage'],
  ]);
});

test('a release is refused where one of this system’s own is left out, and only then', () => {
  expect(() => refuseGaps(planTargets(linux), 'linux')).toThrow(/would lack: .*AppImage/);
  const whole = planTargets({ platform: 'darwin', canDownload: true, tools: new Set() });
  expect(() => refuseGaps(whole, 'darwin')).not.toThrow();
});
