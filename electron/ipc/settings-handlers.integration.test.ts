import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { readDesktopConfig } from '../../backend/config.ts';
import { createLogger } from '../../backend/logger.ts';
import { type SmallService, startSmallService } from '../../backend/proxy/testing/small-service.ts';
import { testFolder } from '../../backend/testing/test-folder.ts';
import { emptyTeam } from '../../proto/testing/team.ts';
import { ownAgent } from '../own-agent.ts';
import { serviceChooser } from '../service-choice.ts';
import { openSettings } from '../settings.ts';
import { tokenStore } from '../token-store.ts';
import { settingsHandlers } from './settings-handlers.ts';

const secret = 'a-token-of-the-team-4711';
const team = { ...emptyTeam, ticketServiceAddress: 'tickets.example.org:50051' };
const wanted = { profile: 'team' as const, team };

let folder: string;
beforeEach(async () => {
  folder = testFolder();
});
// Who works here is saved in the background.

async function handlers(environment: Record<string, string> = {}, keychain: object = {}) {
  const config = readDesktopConfig(environment);
  const settings = await openSettings(join(folder, 'settings.json'));
  const safeStorage = {
    isEncryptionAvailable: () => false,
    encryptString: () => Buffer.alloc(0),
    decryptString: () => '',
    ...keychain,
  };
  const logger = createLogger({ name: 'test', level: 'silent' });
  const tokens = tokenStore({ safeStorage, settings, logger });
  const agent = ownAgent({ settings, logger });
  const unused = () => {
    throw new Error('not used');
  };
  const chooser = serviceChooser({
    ...{ config, settings, tokens, stack: { link: unused }, spawn: unused, onStackFound: unused },
  });
  const forgetKept = vi.fn(async () => {});
  const problem = vi.fn(async (): Promise<string | null> => null);
  const backend = { reopen: vi.fn(async () => {}), problem, forgetKept };
  return {
    ...settingsHandlers({ appVersion: '1.0.0', config, settings, tokens, agent, chooser, backend }),
    backend,
    settings,
  };
}

test('the desk is opened anew when the service changes, and left alone when nothing does', async () => {
  const { saveSettings, backend, current } = await handlers();
  expect(await saveSettings({ ...wanted, token: secret })).toMatchObject({ ...wanted, hasToken: true });
  expect(backend.reopen).toHaveBeenCalledTimes(1);
  await saveSettings(wanted);
  expect(backend.reopen).toHaveBeenCalledTimes(1);
  backend.forgetKept.mockClear();
  expect(JSON.stringify(current())).not.toContain(secret);
  expect(await saveSettings({ ...wanted, token: null })).toMatchObject({ hasToken: false });
  expect(backend.reopen).toHaveBeenCalledTimes(2);
  // Who has signed out reads nothing more of what was seen before.
  expect(backend.forgetKept).toHaveBeenCalledTimes(1);
});

test('a desk that could not be opened is opened anew by the same settings', async () => {
  const { saveSettings, backend } = await handlers();
  backend.problem.mockResolvedValue('The disk is full.');
  await expect(saveSettings(wanted)).rejects.toThrow('The disk is full.');
  backend.reopen.mockImplementation(async () => void backend.problem.mockResolvedValue(null));
  expect(await saveSettings(wanted)).toMatchObject(wanted);
  expect(backend.reopen).toHaveBeenCalledTimes(2);
});

test('a token that the keychain does not take leaves the settings as they were', async () => {
  const encryptString = () => {
    throw new Error('denied');
  };
  const { saveSettings, settings, backend } = await handlers(
    {},
    { isEncryptionAvailable: () => true, encryptString },
  );
  await expect(saveSettings({ ...wanted, token: secret })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(settings.current.profile).toBe('this-computer');
  expect(backend.reopen).not.toHaveBeenCalled();
});

test.each([
  ['ticketServiceAddress', { ...wanted, team: { ...team, ticketServiceAddress: 'http://tickets' } }],
  ['ticketServiceAddress', { ...wanted, team: { ...team, ticketServiceAddress: '' } }],
  ['nsqdAddress', { ...wanted, team: { ...team, nsqdAddress: 'queue' } }],
  ['keyFile', { ...wanted, team: { ...team, certFile: '/a.pem' } }],
  ['token', { ...wanted, token: 'short' }],
])('a wrong %s is refused by its name, and nothing is saved', async (field, wrong) => {
  const { saveSettings, settings, backend } = await handlers();
  await expect(saveSettings(wrong)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field });
  expect(settings.current.profile).toBe('this-computer');
  expect(backend.reopen).not.toHaveBeenCalled();
});

test('what the environment sets is not changed by saving', async () => {
  const { saveSettings, settings } = await handlers({ GRPC_ADDRESS: 'managed.example.org:1' });
  const answer = await saveSettings({ ...wanted, team: { ...team, nsqdAddress: 'queue:4150' } });
  expect(answer.team).toMatchObject({
    ticketServiceAddress: 'managed.example.org:1',
    nsqdAddress: 'queue:4150',
  });
  expect(settings.current).toMatchObject({ profile: 'this-computer', team: { ticketServiceAddress: '' } });
});

test('a kept token is shown to no address but its own', async () => {
  const service: SmallService = await startSmallService({});
  const { saveSettings, checkService } = await handlers();
  await saveSettings({ ...wanted, token: secret });
  const elsewhere = { ...wanted, team: { ...team, ticketServiceAddress: service.address } };
  expect(await checkService(elsewhere)).toMatchObject({ tone: 'ok' });
  await saveSettings({ ...elsewhere, token: secret });
  expect(await checkService(elsewhere)).toMatchObject({ tone: 'ok' });
  await service.stop();
  const shown = service.calls.map(({ authorization }) => authorization);
  expect(shown).toEqual([undefined, undefined, `Bearer ${secret}`, `Bearer ${secret}`]);
});
