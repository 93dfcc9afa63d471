import { screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { BackupStatus, DesktopBridge } from '../../proto/desktop-bridge.ts';
import type { Face } from '../state/boot.tsx';
import { draw } from '../testing/draw.tsx';
import { FollowDesktop } from './FollowDesktop.tsx';

it('tells once that a nightly backup failed, however often it is tried again until one is made', async () => {
  let changed = () => {};
  const backupStatus = vi.fn<DesktopBridge['backupStatus']>();
  const bridge = new Proxy({ backupStatus } as Partial<DesktopBridge> as DesktopBridge, {
    get: (known, name: keyof DesktopBridge) =>
      known[name] ??
      ((listener: () => void) => {
        if (name === 'onBackupsChanged') changed = listener;
        return () => {};
      }),
  });
  draw(<FollowDesktop />, { face: { kind: 'desktop', bridge } as Face });
  const told = "Today's backup could not be made. It is tried again later.";
  const change = async (problem: BackupStatus['problem']) => {
    const value = { folder: '/backups', last: null, underWay: null, problem };
    backupStatus.mockResolvedValueOnce({ ok: true, value });
    changed();
    await waitFor(() => expect(backupStatus.mock.settledResults.at(-1)?.type).toBe('fulfilled'));
  };
  await change({ text: 'The disk is full.', isNightly: false });
  await change(null);
  expect(screen.queryByText(told)).toBeNull();
  const full = { text: 'The disk is full.', isNightly: true };
  for (let times = 0; times < 3; times += 1) await change(full);
  expect(await screen.findAllByText(told)).toHaveLength(1);
  await change(null);
  await change(full);
  await waitFor(() => expect(screen.getAllByText(told)).toHaveLength(2));
});
