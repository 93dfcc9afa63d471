import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { testFolder } from '../../backend/testing/test-folder.ts';
import { startFakeSessionBus } from '../testing/fake-session-bus.ts';
import { busPath, showsTrays } from './tray-host.ts';

let folder: string;
beforeEach(async () => {
  folder = testFolder();
});

test.each([true, false])('a bus on which somebody shows trays: %s', async (shows) => {
  const bus = await startFakeSessionBus(join(folder, 'bus'), { showsTrays: shows });
  onTestFinished(bus.close);
  expect(await showsTrays('linux', { DBUS_SESSION_BUS_ADDRESS: bus.address })).toBe(shows);
});

test('no bus, one that is gone, and one that says nothing are none', async () => {
  expect(await showsTrays('linux', { DBUS_SESSION_BUS_ADDRESS: 'disabled:' })).toBe(false);
  expect(await showsTrays('linux', { DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/none` })).toBe(false);
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(join(folder, 'mute'), resolve));
  onTestFinished(() => void mute.close());
  expect(await showsTrays('linux', { DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/mute` })).toBe(false);
});

test.each(['win32', 'darwin'] as const)('%s always shows them', async (platform) => {
  expect(await showsTrays(platform, {})).toBe(true);
});

test.each([
  ['unix:path=/run/user/1000/bus', '/run/user/1000/bus'],
  ['unix:guid=00,path=/a%20b', '/a b'],
  ['unix:abstract=/tmp/dbus-1,guid=00', '\0/tmp/dbus-1'],
  ['tcp:host=h,port=1;unix:path=/b', '/b'],
  ['tcp:host=h,port=1', undefined],
])('the address %s is the socket %j', (address, path) => {
  expect(busPath(address)).toBe(path);
});
