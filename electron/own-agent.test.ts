import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createLogger } from '../backend/logger.ts';
import { testFolder } from '../backend/testing/test-folder.ts';
import { ownAgent } from './own-agent.ts';
import { openSettings } from './settings.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let folder: string;
beforeEach(async () => {
  folder = testFolder();
});

/** As a start of the desk does it. */
async function start(systemUser = () => 'ada') {
  const settings = await openSettings(join(folder, 'settings.json'));
  const agent = ownAgent({ settings, logger, systemUser });
  await settings.settled();
  return agent;
}

test('at the first start the system user is proposed, under an id that stays', async () => {
  const first = (await start()).current();
  expect(first).toEqual({ id: expect.stringMatching(uuid), name: 'ada', isConfirmed: false });
  expect((await start(() => 'another')).current()).toEqual(first);
});

test('a name that was said is there at the next start, under the same id', async () => {
  const agent = await start();
  const { id } = agent.current();
  await agent.rename(' Ada Lovelace ');
  expect(agent.current()).toEqual({ id, name: 'Ada Lovelace', isConfirmed: true });
  expect((await start()).current()).toEqual(agent.current());
});

test.each([
  ['throws', () => expect.fail('no such user')],
  ['is empty', () => ''],
  ['is too long', () => 'x'.repeat(101)],
])("where the system's name %s, another is proposed", async (_what, systemUser) => {
  expect((await start(systemUser)).current().name).toBe('Agent');
});

test.each(['', '  ', 'x'.repeat(101), 'a\0b', '\ud800'])('no name is %j, and it says why', async (name) => {
  const agent = await start();
  await expect(agent.rename(name)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'name' });
  expect(agent.current()).toMatchObject({ name: 'ada', isConfirmed: false });
});

test('where nothing can be saved, one desk works under one id all the same', async () => {
  const settings = await openSettings(join(folder, 'settings.json', 'below a file'));
  await writeFile(join(folder, 'settings.json'), '');
  const agent = ownAgent({ settings, logger });
  await settings.settled();
  expect(agent.current()).toEqual(agent.current());
  await expect(agent.rename('Ada')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(agent.current().isConfirmed).toBe(false);
});
