/** What is wrong on the disk or in the environment is told in the window, and nothing is touched. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { DesktopBridge } from '../../proto/desktop-bridge.ts';
import {
  expectConnected,
  freshFolder,
  launchConnectedDesk,
  launchDesk,
  type RunningDesk,
} from './harness.ts';

declare const window: Window & { desk: DesktopBridge };

const boot = (desk: RunningDesk) => desk.page.evaluate(() => window.desk.boot());
const problem = (desk: RunningDesk) => desk.page.evaluate(() => window.desk.problem());

test('a data folder of a newer version is left as it is, and the window says why', async () => {
  const userData = await freshFolder();
  // What this version would set aside, replay or start: each stays as the newer one wrote it.
  const files = {
    'settings.json': '{"profile":"of-tomorrow"}',
    'desk/format.json': '{"format":99}',
    'desk/outbox/CURRENT': 'MANIFEST-of-tomorrow',
    'desk/postgres/PG_VERSION': '99',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(userData, name)), { recursive: true });
    await writeFile(join(userData, name), text);
  }

  const desk = await launchDesk({ userData });
  expect(await problem(desk)).toEqual({ ok: true, value: expect.stringContaining('newer') });
  expect(await desk.graphql('{ healthCheck }')).toMatchObject({
    errors: [{ extensions: { code: 'UNAVAILABLE' } }],
  });
  await expect.poll(() => desk.page.getByText('written by a newer Ticket Desk').isVisible()).toBe(true);
  await desk.close();
  for (const [name, text] of Object.entries(files)) {
    expect(await readFile(join(userData, name), 'utf8'), name).toBe(text);
  }
  const found = await readdir(join(userData, 'desk'), { recursive: true });
  expect(found.sort()).toEqual([
    'format.json',
    'outbox',
    'outbox/CURRENT',
    'postgres',
    'postgres/PG_VERSION',
  ]);
  const besides = await readdir(userData);
  expect(besides.filter((name) => name.startsWith('settings'))).toEqual(['settings.json']);
  // The drafts, which a Chromium of another version may take for broken.
  expect(besides).not.toContain('Partitions');
});

test('a data folder that another desk has open is not shared', async () => {
  const first = await launchConnectedDesk();
  const second = await launchDesk({ env: { DATA_DIR: first.dataDir } });
  expect(await problem(second)).toEqual({ ok: true, value: expect.any(String) });
  await second.close().catch(() => undefined);
  await expectConnected(first);
});

test('a wrong environment is named in the window', async () => {
  const desk = await launchDesk({ env: { GRPC_ADDRESS: 'nowhere', LOG_LEVEL: 'loud' } });
  const answer = await problem(desk);
  for (const name of ['GRPC_ADDRESS', 'LOG_LEVEL'])
    expect(answer).toEqual({ ok: true, value: expect.stringContaining(name) });
});

test('a settings file that is no JSON is set aside, the desk opens, and the person is told', async () => {
  const userData = await freshFolder();
  await writeFile(join(userData, 'settings.json'), '{ torn');
  const desk = await launchConnectedDesk({ userData });
  expect(await problem(desk)).toEqual({ ok: true, value: null });
  expect(await boot(desk)).toMatchObject({
    ok: true,
    value: { notices: [expect.stringContaining('settings.unreadable-')] },
  });
  await expect.poll(() => desk.page.getByText('is not valid JSON').isVisible()).toBe(true);
  await desk.close();
  const aside = (await readdir(userData)).filter((name) => name.startsWith('settings.unreadable-'));
  expect(await readFile(join(userData, aside[0] ?? ''), 'utf8')).toBe('{ torn');
});

test('an address in the environment goes before the settings, and the person is told', async () => {
  const desk = await launchDesk({ env: { GRPC_ADDRESS: '127.0.0.1:9' } });
  expect(await boot(desk)).toMatchObject({
    ok: true,
    value: { notices: [expect.stringContaining('GRPC_ADDRESS is set')] },
  });
  expect(await desk.graphql('{ link { service } }')).toEqual({ data: { link: { service: '127.0.0.1:9' } } });
});
