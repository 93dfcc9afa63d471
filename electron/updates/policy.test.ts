import { expect, test } from 'vitest';
import { installationOf, isDue, type Leaving, mayInstall } from './policy.ts';

const leaving: Leaving = { isReady: true, isBySystem: false, exitCode: 0, openWindows: 0, isStopped: true };

test('an update is installed once the person has left and all is on disk', () => {
  expect(mayInstall(leaving)).toBe(true);
});

test.each([
  ['nothing is ready', { isReady: false }],
  ['a window is open: somebody may be typing', { openWindows: 1 }],
  ['drafts and creates are not on disk yet', { isStopped: false }],
  ['the system shuts down and waits for nobody', { isBySystem: true }],
  ['the desk ended by an error', { exitCode: 1 }],
])('nothing is installed while %s', (_why, changed) => {
  expect(mayInstall({ ...leaving, ...changed })).toBe(false);
});

test('it is looked once a day, and at once where the clock went wrong', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  expect(isDue(undefined, now)).toBe(true);
  expect(isDue('2026-11-24T11:00:00Z', now)).toBe(false);
  expect(isDue('2026-11-23T12:00:00.001Z', now)).toBe(false);
  expect(isDue('2026-11-23T12:00:00Z', now)).toBe(true);
  expect(isDue('2026-11-25T00:00:00Z', now)).toBe(true);
  expect(isDue('nonsense', now)).toBe(true);
});

const facts = {
  platform: 'linux' as const,
  execPath: '/tmp/.mount_desk/ticket-desk',
  appImage: '/home/ada/Ticket-Desk.AppImage',
  appDir: '/tmp/.mount_desk',
  packageType: undefined,
  isWritable: () => true,
};

test('an AppImage, Windows and macOS replace themselves', () => {
  expect(installationOf(facts)).toEqual({ kind: 'itself' });
  for (const platform of ['win32', 'darwin'] as const) {
    expect(installationOf({ ...facts, platform, appImage: undefined })).toEqual({ kind: 'itself' });
  }
});

test.each([
  ['a deb', { appImage: undefined, packageType: 'deb' }, 'deb'],
  ['an rpm', { appImage: undefined, packageType: 'rpm' }, 'rpm'],
  ['an unpacked archive', { appImage: undefined }, 'tar.gz'],
  [
    "an app started from another program's AppImage",
    { execPath: '/opt/Ticket Desk/ticket-desk', packageType: 'deb' },
    'deb',
  ],
  ['an AppImage in a folder of root', { isWritable: () => false }, 'AppImage'],
])('%s is updated by hand', (_what, changed, packageType) => {
  expect(installationOf({ ...facts, ...changed })).toEqual({ kind: 'by-hand', packageType });
});
