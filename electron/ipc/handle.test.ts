import type { IpcMainInvokeEvent } from 'electron';
import { beforeEach, expect, test, vi } from 'vitest';
import { DeskError } from '../../backend/errors.ts';
import { createLogger } from '../../backend/logger.ts';
import { emptyTeam } from '../../proto/testing/team.ts';
import { callNames, channelOf } from './channels.ts';

import { contract, type Handlers } from './contract.ts';
import { setupIpc } from './handle.ts';

type Listener = (event: IpcMainInvokeEvent, ...given: unknown[]) => unknown;

const wanted = { profile: 'this-computer' as const, team: emptyTeam };
const current = {
  ...wanted,
  hasToken: false,
  lockedBy: {},
  updates: 'on' as const,
  agent: { id: 'b3c1f0d2-7a51-4d7e-9a64-2f1f0c9d8e7a', name: 'Ada', isConfirmed: true },
  keychainProblem: null,
};
const boot = {
  graphqlToken: 't',
  appVersion: '1',
  locale: 'de-DE',
  settings: current,
  notices: [],
};
const check = { tone: 'ok' as const, code: 'ok' as const, text: '' };
const status = { phase: 'stopped' as const, services: [], text: null, log: [] };
const habits = { closeToTray: false, openAtLogin: false, showsTrays: true };
const update = {
  phase: 'idle' as const,
  version: null,
  percent: null,
  text: null,
  page: null,
  lookedAt: null,
};
const ownFrame = {} as IpcMainInvokeEvent;
const listeners = new Map<string, Listener>();
const handlers = {
  boot: vi.fn<Handlers['boot']>(async () => boot),
  problem: vi.fn<Handlers['problem']>(async () => null),
  saveSettings: vi.fn<Handlers['saveSettings']>(async () => current),
  saveName: vi.fn<Handlers['saveName']>(async () => current),
  checkService: vi.fn<Handlers['checkService']>(async () => ({ ...check, queueRemark: null })),
  checkQueue: vi.fn<Handlers['checkQueue']>(async () => check),
  chooseFile: vi.fn<Handlers['chooseFile']>(async () => null),
  saveExport: vi.fn<Handlers['saveExport']>(async () => null),
  dockerStatus: vi.fn<Handlers['dockerStatus']>(async () => status),
  startDocker: vi.fn<Handlers['startDocker']>(async () => status),
  stopDocker: vi.fn<Handlers['stopDocker']>(async () => status),
  updateStatus: vi.fn<Handlers['updateStatus']>(async () => update),
  lookForUpdates: vi.fn<Handlers['lookForUpdates']>(async () => update),
  setUpdates: vi.fn<Handlers['setUpdates']>(async () => update),
  backupStatus: vi.fn<Handlers['backupStatus']>(async () => null),
  makeBackup: vi.fn<Handlers['makeBackup']>(async () => ({ tickets: 0, madeAt: '' })),
  restoreBackup: vi.fn<Handlers['restoreBackup']>(async () => null),
  showBackups: vi.fn<Handlers['showBackups']>(async () => {}),
  moveStatus: vi.fn<Handlers['moveStatus']>(async () => null),
  startMove: vi.fn<Handlers['startMove']>(async () => {}),
  pauseMove: vi.fn<Handlers['pauseMove']>(async () => {}),
  openExternal: vi.fn<Handlers['openExternal']>(async () => {}),
  habits: vi.fn<Handlers['habits']>(async () => habits),
  saveHabits: vi.fn<Handlers['saveHabits']>(async () => habits),
  networkChanged: vi.fn<Handlers['networkChanged']>(async () => {}),
  keepTheme: vi.fn<Handlers['keepTheme']>(async () => {}),
  keepList: vi.fn<Handlers['keepList']>(async () => {}),
};

beforeEach(() => {
  vi.clearAllMocks();
  listeners.clear();
  setupIpc({
    ipcMain: { handle: (channel, listener) => void listeners.set(channel, listener) },
    isOwnFrame: (event) => event === ownFrame,
    handlers,
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
});

const send = (channel: string, event: IpcMainInvokeEvent, ...given: unknown[]) =>
  listeners.get(channel)?.(event, ...given);

test('every channel of the contract is handled, and no other', () => {
  expect([...listeners.keys()].sort()).toEqual(callNames.map(channelOf).sort());
  expect([...callNames]).toEqual(Object.keys(contract));
});

test('a right message gets the value', async () => {
  expect(await send(channelOf('boot'), ownFrame)).toEqual({ ok: true, value: boot });
});

test('a message from a foreign frame is refused before anything is done', async () => {
  for (const channel of listeners.keys()) {
    expect(await send(channel, {} as IpcMainInvokeEvent, 'https://github.com/')).toMatchObject({ ok: false });
  }
  for (const handler of Object.values(handlers)) expect(handler).not.toHaveBeenCalled();
});

test.each([
  [channelOf('boot'), ['too much']],
  [channelOf('saveSettings'), []],
  [channelOf('saveSettings'), [null]],
  [channelOf('saveSettings'), [{ ...wanted, profile: 'elsewhere' }]],
  [channelOf('saveSettings'), [{ ...wanted, more: 1 }]],
  [channelOf('saveSettings'), [{ ...wanted, token: 5 }]],
  [channelOf('saveSettings'), [{ ...wanted, team: { ...emptyTeam, tls: 'yes' } }]],
  [
    channelOf('checkService'),
    [{ ...wanted, team: { ...emptyTeam, ticketServiceAddress: 'x'.repeat(2_001) } }],
  ],
  [channelOf('checkQueue'), [{ ...wanted, team: { ...emptyTeam, more: 1 } }]],
  [channelOf('startDocker'), ['--file=/etc/passwd']],
  [channelOf('setUpdates'), ['sometimes']],
  [channelOf('restoreBackup'), ['/etc/passwd']],
  [channelOf('openExternal'), [{ toString: 'https://github.com' }]],
  [channelOf('openExternal'), ['https://github.com', 'second']],
])('%s with the arguments %j is refused', async (channel, given) => {
  expect(await send(channel, ownFrame, ...given)).toMatchObject({
    ok: false,
    error: { message: expect.any(String) },
  });
  for (const handler of Object.values(handlers)) expect(handler).not.toHaveBeenCalled();
});

test('a wrong field is named', async () => {
  expect(await send(channelOf('saveSettings'), ownFrame, { ...wanted, profile: 5 })).toMatchObject({
    error: { field: 'profile' },
  });
});

test("a handler's refusal comes back as a plain value", async () => {
  handlers.saveSettings.mockRejectedValueOnce(
    new DeskError('BAD_USER_INPUT', 'No port.', { field: 'ticketServiceAddress' }),
  );
  expect(await send(channelOf('saveSettings'), ownFrame, wanted)).toEqual({
    ok: false,
    error: { field: 'ticketServiceAddress', message: 'No port.' },
  });
});

test('the text of an unforeseen failure stays inside', async () => {
  handlers.boot.mockRejectedValueOnce(new Error('secret detail'));
  expect(JSON.stringify(await send(channelOf('boot'), ownFrame))).not.toContain('secret detail');
});
