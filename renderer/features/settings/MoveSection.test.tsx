import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type {
  BridgeResult,
  CurrentSettings,
  DesktopBridge,
  MoveStatus,
} from '../../../proto/desktop-bridge.ts';
import { Store } from '../../state/store.ts';
import { draw } from '../../testing/draw.tsx';
import { MoveSection } from './MoveSection.tsx';
import type { DesktopFace } from './use-service-settings.ts';

const address = 'tickets.example.org:50051';
const part = (count: number, checksum: string) => ({ count, checksum: checksum.repeat(64) });
const status: MoveStatus = {
  address,
  state: 'RUNNING',
  tickets: 1_200,
  sent: 300,
  compared: 0,
  renumbered: { count: 0, first: [] },
  refused: { count: 0, first: [] },
  comparison: [],
  different: [],
  problem: null,
};

/** Main's side of a move; `tell` has main tell that it has come further. */
function drawSection(first: MoveStatus | null, saved: Partial<CurrentSettings> = {}) {
  let current = first;
  let changed = () => {};
  const done = { ok: true, value: null } as const;
  const bridge = {
    moveStatus: vi.fn(async () => ({ ok: true, value: current }) as const),
    startMove: vi.fn(async (): Promise<BridgeResult<null>> => done),
    pauseMove: vi.fn(async () => done),
    onMoveChanged(listener: () => void) {
      changed = listener;
      return () => {};
    },
  };
  const save = vi.fn(async () => ({ ok: true, value: {} }));
  const team = { ticketServiceAddress: address };
  const settings = {
    saved: new Store({ profile: 'this-computer', team, ...saved } as CurrentSettings),
    save,
  };
  const face = {
    kind: 'desktop',
    bridge: bridge as Partial<DesktopBridge> as DesktopBridge,
    settings: settings as unknown as DesktopFace['settings'],
    appVersion: '1.0.0',
  } as const;
  const tell = (now: Partial<MoveStatus>) => {
    current = { ...status, ...now };
    changed();
  };
  return { ...draw(<MoveSection face={face} />), bridge, save, tell, team };
}

const button = (name: string) => screen.findByRole('button', { name });

it('tells how far it is and why it waits, and is stopped and gone on with', async () => {
  const { person, bridge, tell } = drawSection(status);
  expect(await screen.findByText(`Sent 300 of 1,200 tickets to ${address}.`)).toBeTruthy();
  const bar = screen.getByRole('progressbar', { name: 'Moving tickets' });
  expect(bar.getAttribute('aria-valuenow')).toBe('12.5');
  tell({ problem: 'The ticket service is not reachable.' });
  expect(await screen.findByText('The ticket service is not reachable.')).toBeTruthy();
  await person.click(await button('Stop'));
  expect(bridge.pauseMove).toHaveBeenCalled();

  tell({ state: 'STOPPED' });
  const words = 'Something waits to be sent.';
  bridge.startMove.mockResolvedValueOnce({ ok: false, error: { field: null, message: words } });
  await person.click(await button('Go on'));
  expect((await screen.findByRole('alert')).textContent).toBe(words);

  tell({ sent: 1_200, compared: 600 });
  expect(await screen.findByText(`Compared 600 of 1,200 tickets with ${address}.`)).toBeTruthy();
});

it('shows side by side what was sent and what is there, names what is not the same, and offers the switch', async () => {
  const { person, save, team } = drawSection({
    ...status,
    state: 'DONE',
    renumbered: { count: 30, first: [{ number: 1, id: 1_201 }] },
    refused: { count: 1, first: [{ number: 9, reason: 'title is empty.' }] },
    different: [7],
    comparison: [{ part: 'comments', sent: part(2_000, 'a'), answered: part(1_999, 'b') }],
  });
  expect(await screen.findByText(/not all are the same there/)).toBeTruthy();
  expect(screen.getByRole('row', { name: 'comments 2,000 aaaaaaaaaaaa 1,999 bbbbbbbbbbbb' })).toBeTruthy();
  expect(screen.getByText('30 tickets have other numbers there')).toBeTruthy();
  expect(screen.getByText('#1 is #1201')).toBeTruthy();
  expect(screen.getByText('and 29 more')).toBeTruthy();
  expect(screen.getByText('#9: title is empty.')).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toMatch(/#7/);
  await person.click(await button('Use the team server from now on'));
  expect(save).toHaveBeenCalledWith({ profile: 'team', team });
});

it('is of this computer alone', async () => {
  const { bridge } = drawSection(null, { profile: 'docker' });
  expect(screen.getByText(/can be moved to a team server while they are the ones in use/)).toBeTruthy();
  expect(bridge.moveStatus).not.toHaveBeenCalled();
});
