import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { testFolder } from '../backend/testing/test-folder.ts';
import { emptyTeam } from '../proto/testing/team.ts';
import { openSettings } from './settings.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = testFolder();
  file = join(folder, 'settings.json');
});

const others = { closeToTray: false, theme: 'system' as const, updates: 'on' as const };
const at = (ticketServiceAddress: string) => ({
  profile: 'team' as const,
  team: { ...emptyTeam, ticketServiceAddress },
  ...others,
});
const standard = { profile: 'this-computer', team: emptyTeam, ...others };
const place = { x: 10, y: 20, width: 900, height: 700, maximized: false };

test('without a file the standard settings are in use, and none is written', async () => {
  const store = await openSettings(file);
  expect(store.current).toEqual(standard);
  expect(store.notice).toBeNull();
  expect(await readdir(folder)).toEqual([]);
});

test('what was saved is there at the next start', async () => {
  const store = await openSettings(file);
  await store.update(at('tickets.example.org:50051'));
  await store.update({ window: place });
  expect((await openSettings(file)).current).toEqual({
    ...at('tickets.example.org:50051'),
    window: place,
  });
});

test('changes made at the same time are all kept, and no temporary file stays', async () => {
  const store = await openSettings(file);
  await Promise.all([store.update({ window: place }), store.update(at('a:1'))]);
  expect((await openSettings(file)).current).toEqual({ ...at('a:1'), window: place });
  expect(await readdir(folder)).toEqual(['settings.json']);
});

test('fields of a newer desk are kept', async () => {
  const newer = { fromTheFuture: { a: [1] }, team: { ...emptyTeam, alsoNew: true } };
  await writeFile(file, JSON.stringify({ profile: 'docker', ...newer }));
  const store = await openSettings(file);
  await store.update({ profile: 'this-computer' });
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    profile: 'this-computer',
    ...others,
    ...newer,
  });
});

test.each([
  ['built-in', standard],
  ['tickets.example.org:50051', at('tickets.example.org:50051')],
])('what the first desks wrote is carried over: %s', async (ticketServiceAddress, expected) => {
  await writeFile(file, JSON.stringify({ ticketServiceAddress, window: place, fromTheFuture: 1 }));
  const store = await openSettings(file);
  expect(store.notice).toBeNull();
  expect(store.current).toEqual({ ...expected, window: place, fromTheFuture: 1 });
  await store.update({ window: place });
  expect(JSON.parse(await readFile(file, 'utf8'))).not.toHaveProperty('ticketServiceAddress');
  expect((await openSettings(file)).current).toMatchObject(expected);
});

/** The one file beside settings.json. */
async function asideText(notice: string | null): Promise<string> {
  const [aside = '', ...others] = (await readdir(folder)).filter((name) => name !== 'settings.json');
  expect(others).toEqual([]);
  expect(aside).toMatch(/^settings\.unreadable-.*\.json$/);
  expect(notice).toContain(aside);
  return readFile(join(folder, aside), 'utf8');
}

test.each([
  ['that is no JSON', '{"profile": "team', 'is not valid JSON'],
  ['that is empty', '', 'is not valid JSON'],
  ['that holds a list', '[]', 'holds no settings'],
])('a file %s is set aside whole, and the notice says why and where', async (_name, text, why) => {
  await writeFile(file, text);
  const store = await openSettings(file);
  expect(store.current).toEqual(standard);
  expect(store.notice).toContain(why);
  expect(await asideText(store.notice)).toBe(text);
  expect(await readdir(folder)).toHaveLength(1);
});

test.each([
  ['with an address of the wrong form', { ticketServiceAddress: 'http://a' }, 'ticketServiceAddress'],
  ['with an address that is a number', { ticketServiceAddress: 7 }, 'ticketServiceAddress'],
  ['with a team server of no address', { profile: 'team' }, 'profile'],
  ['with a way to the server that can not be read', { ...at('a:1'), team: { tls: 'yes' } }, 'team.tls'],
  ['with an unknown profile', { profile: 'cloud' }, 'profile'],
  [
    'with a token that is not encrypted',
    { token: { address: 'a:1', encrypted: 'not base64!' } },
    'token.encrypted',
  ],
  ['with no word for the tray', { closeToTray: 'never', updates: 'sometimes' }, 'closeToTray'],
])('of a file %s what is right goes on, and the notice says what is wrong', async (_name, wrong, why) => {
  const right = { window: place, fromTheFuture: 1 };
  const text = JSON.stringify({ ...right, ...wrong });
  await writeFile(file, text);
  const store = await openSettings(file);
  expect(store.current).toEqual({ ...standard, ...right });
  expect(store.notice).toContain(why);
  expect(await asideText(store.notice)).toBe(text);

  const next = await openSettings(file);
  expect(next.notice, 'said once').toBeNull();
  expect(next.current).toEqual({ ...standard, ...right });
});

test('a second unreadable file of the same moment does not overwrite the first that was set aside', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  onTestFinished(() => void vi.useRealTimers());
  for (const text of ['first', 'second']) {
    await writeFile(file, text);
    await openSettings(file);
  }
  const texts = await Promise.all(
    (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
  );
  expect(texts.sort()).toEqual(['first', 'second']);
});

test('a write that fails is refused in words, and changes nothing', async () => {
  const store = await openSettings(join(file, 'settings.json'));
  await writeFile(file, 'a file where a folder should be');
  await expect(store.update(at('a:1'))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('could not be saved'),
  });
  expect(store.current.profile).toBe('this-computer');
});

test.skipIf(process.platform === 'win32')('only the person may read the file', async () => {
  const store = await openSettings(file);
  await store.update({ window: place });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
