/** A managed installation in the real window: what the organisation's file sets, and a file that is wrong. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DesktopBridge } from '../../proto/desktop-bridge.ts';
import { freshFolder, launchConnectedDesk, launchDesk, openSettings, type RunningDesk } from './harness.ts';
import { lookAt } from './looks.ts';

declare const window: Window & { desk: DesktopBridge };

async function organisationsFile(text: string): Promise<string> {
  const file = join(await freshFolder(), 'config.json');
  await writeFile(file, text);
  return file;
}

const current = ({ page }: RunningDesk) =>
  page.evaluate(async () => {
    const boot = await window.desk.boot();
    if (!boot.ok) throw new Error('the desk does not boot');
    return boot.value.settings;
  });

test("profile, addresses, CA and updates of the file win over the person's, are shown as locked, and can not be changed", async () => {
  const caFile = '/etc/ticket-desk/ca.pem';
  const set = { ticketServiceAddress: '127.0.0.1:9', nsqdAddress: '127.0.0.1:7', tls: true, caFile };
  const file = await organisationsFile(JSON.stringify({ profile: 'team', ...set, updates: 'off' }, null, 2));
  const userData = await freshFolder();
  const own = { profile: 'this-computer', team: { ticketServiceAddress: 'mine:1' }, updates: 'on' };
  await writeFile(join(userData, 'settings.json'), JSON.stringify(own));

  const desk = await launchDesk({
    userData,
    env: { TICKET_DESK_MANAGED_CONFIG: file, NSQD_TCP_ADDRESS: '127.0.0.1:8' },
  });
  const { page } = desk;
  expect((await desk.graphql('{ link { service } }')).data).toEqual({ link: { service: '127.0.0.1:9' } });
  await openSettings(desk);
  for (const [name, value] of [
    ['Ticket service', '127.0.0.1:9'],
    // The environment goes before the file.
    ['NSQ (optional)', '127.0.0.1:8'],
    ['CA file', caFile],
  ] as const) {
    const field = page.getByLabel(name, { exact: true });
    expect(await field.inputValue()).toBe(value);
    expect(await field.isDisabled()).toBe(true);
  }
  for (const name of ['This computer', 'Docker on this computer', 'Team server', 'to the ticket service'])
    expect(await page.getByLabel(name, { exact: true }).isDisabled()).toBe(true);
  expect(await page.getByLabel('to NSQ').isDisabled()).toBe(false);
  expect(await page.getByText(`Set by your organisation (${file}).`).count()).toBe(4);
  await page.getByText('Set by NSQD_TCP_ADDRESS').waitFor();
  expect(await page.getByText('Left empty, the authorities').count()).toBe(0);
  await lookAt(desk, 'settings-managed');

  const before = await current(desk);
  const wanted = { ...before.team, ticketServiceAddress: 'other:1', caFile: '/tmp/other.pem', tls: false };
  await page.evaluate((team) => window.desk.saveSettings({ profile: 'docker', team }), wanted);
  expect(await current(desk)).toEqual(before);
  const saved = JSON.parse(await readFile(join(userData, 'settings.json'), 'utf8'));
  expect(saved).toMatchObject({ ...own, team: { ...own.team, caFile: '' } });
});

test('a file that is no JSON is an error that names its line, and the desk starts without it', async () => {
  const file = await organisationsFile('{\n  "profile": "team",\n  "updates": yes\n}\n');
  const desk = await launchConnectedDesk({ env: { TICKET_DESK_MANAGED_CONFIG: file } });
  await desk.page.getByText(`${file} is not valid JSON at line 3, column 14`).waitFor();
  expect(await current(desk)).toMatchObject({
    profile: 'this-computer',
    updates: 'off',
    lockedBy: { updates: { file } },
  });
  await lookAt(desk, 'managed-broken');
});
