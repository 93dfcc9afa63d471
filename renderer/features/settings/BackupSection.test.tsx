import { screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type {
  BackupStatus,
  BackupSummary,
  BridgeResult,
  CurrentSettings,
  DesktopBridge,
  Profile,
} from '../../../proto/desktop-bridge.ts';
import { Store } from '../../state/store.ts';
import { draw } from '../../testing/draw.tsx';
import { BackupSection } from './BackupSection.tsx';
import type { DesktopFace } from './use-service-settings.ts';

const status: BackupStatus = { folder: '/home/mo/backups', last: null, underWay: null, problem: null };
const summary: BackupSummary = { tickets: 1_234, madeAt: '2026-11-28T02:00:00.000Z' };

/** Main's side of the backups; `tell` has main tell that something has changed. */
function drawSection(profile: Profile, first: Partial<BackupStatus> = {}) {
  let current = { ...status, ...first };
  let changed = () => {};
  const bridge = {
    backupStatus: vi.fn(async () => ({ ok: true, value: current }) as const),
    makeBackup: vi.fn(async (): Promise<BridgeResult<BackupSummary>> => ({ ok: true, value: summary })),
    restoreBackup: vi.fn(
      async (): Promise<BridgeResult<BackupSummary | null>> => ({ ok: true, value: summary }),
    ),
    onBackupsChanged(listener: () => void) {
      changed = listener;
      return () => {};
    },
  };
  const saved = new Store({ profile } as CurrentSettings);
  const face = {
    kind: 'desktop',
    bridge: bridge as Partial<DesktopBridge> as DesktopBridge,
    settings: { saved } as DesktopFace['settings'],
    appVersion: '1.0.0',
  } as const;
  const tell = (now: Partial<BackupStatus>) => {
    current = { ...status, ...now };
    changed();
  };
  return { ...draw(<BackupSection face={face} />), bridge, tell };
}

const button = (name: string) => screen.findByRole('button', { name });

it('tells where they are, makes one at a click, and tells how far it is', async () => {
  const { person, bridge, tell } = drawSection('this-computer');
  await screen.findByText('Kept in /home/mo/backups');
  expect(screen.getByText(/There is none yet/)).toBeTruthy();
  await person.click(await button('Back up now'));
  expect(await screen.findByText('Backed up 1,234 tickets.')).toBeTruthy();

  tell({ underWay: { kind: 'make', percent: 40 } });
  const bar = await screen.findByRole('progressbar', { name: 'Backing up' });
  expect(bar.getAttribute('aria-valuetext')).toBe('40 %');
  await person.click(await button('Restore…'));
  expect(bridge.restoreBackup).not.toHaveBeenCalled();
  tell({ last: { file: '/home/mo/backups/a.deskbackup', madeAt: new Date().toISOString() } });
  await screen.findByText(/The last one was made/);
  expect(screen.queryByRole('progressbar')).toBeNull();
});

it('goes on saying why one could not be restored', async () => {
  const { person, bridge, tell } = drawSection('this-computer');
  const words = 'The backup is damaged.';
  await waitFor(async () => expect((await button('Restore…')).getAttribute('aria-disabled')).toBe('false'));
  bridge.restoreBackup.mockResolvedValueOnce({ ok: false, error: { field: null, message: words } });
  await person.click(await button('Restore…'));
  await screen.findByText('The restore failed.');
  tell({ problem: { text: words, isNightly: false } });
  expect((await screen.findByRole('alert')).textContent).toBe(words);
  // Who chooses none is told nothing.
  bridge.restoreBackup.mockResolvedValueOnce({ ok: true, value: null });
  await person.click(await button('Restore…'));
  expect(screen.queryByText(/^Restored/)).toBeNull();
});

it.each([
  ['team', /A team's server is backed up by whoever runs it/],
  ['docker', /stack on Docker/],
] as const)('says of the profile %s who backs it up', async (profile, words) => {
  const { bridge } = drawSection(profile);
  expect(await screen.findByText(words)).toBeTruthy();
  expect(within(screen.getByRole('group')).queryByRole('button')).toBeNull();
  expect(bridge.backupStatus).not.toHaveBeenCalled();
});
