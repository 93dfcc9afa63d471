/** Updates in the real window, from a feed on this computer, into a file that stands in for the AppImage. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { freshFolder, launchConnectedDesk, openSettings, type RunningDesk } from './harness.ts';
import { lookAt } from './looks.ts';
import { type Installed, installStandIn, standIn, startFeed, type UpdateFeed } from './update-feed.ts';

interface Setup {
  feed: UpdateFeed;
  installed: Installed;
  desk: RunningDesk;
  page: Page;
}

async function setup(env: Record<string, string> = {}): Promise<Setup> {
  const feed = await startFeed();
  const installed = await installStandIn(feed.url);
  const desk = await launchConnectedDesk({ env: { ...installed.env, ...env } });
  await openSettings(desk);
  return { feed, installed, desk, page: desk.page };
}

const section = (page: Page) => page.getByRole('group', { name: 'Updates' });
const lookNow = (page: Page) => section(page).getByRole('button', { name: 'Look for updates now' }).click();
const phase = (page: Page, name: string) =>
  page.locator(`[data-update="${name}"]`).waitFor({ timeout: 30_000 });
const pending = ({ cache }: Installed) =>
  readdir(join(cache, 'ticket-desk-updater', 'pending')).catch(() => []);
const isVersion = async ({ appImage }: Installed, version: string) =>
  expect((await readFile(appImage)).equals(standIn(version))).toBe(true);

async function show(desk: RunningDesk, name: string): Promise<void> {
  await section(desk.page).scrollIntoViewIfNeeded();
  await lookAt(desk, `updates-${name}`);
}

test('a newer version is fetched with its progress while the person types, and is in place once the desk is closed', async () => {
  const { feed, installed, desk, page } = await setup();
  let release = () => {};
  feed.offer('0.2.0', { heldUntil: new Promise((resolve) => (release = resolve)) });
  await lookNow(page);
  const percent = async () =>
    Number(await section(page).getByRole('progressbar').getAttribute('aria-valuenow'));
  await expect.poll(percent, { timeout: 15_000 }).toBeGreaterThanOrEqual(50);
  await show(desk, 'fetching');
  release();
  await phase(page, 'ready');
  await show(desk, 'ready');
  await page.keyboard.press('Control+n');
  await page.getByLabel('Title').fill('Typed while a version is ready');
  await isVersion(installed, '0.1.0');
  expect(desk.mainProcess.exitCode).toBeNull();
  await desk.close();
  await isVersion(installed, '0.2.0');
  expect(desk.pageErrors).toEqual([]);
  // Nor is it told who asks.
  expect(feed.headers).not.toContain('x-user-staging-id');
});

test('a tampered file is refused and deleted, with words, and nothing is installed', async () => {
  const { feed, installed, desk, page } = await setup();
  feed.offer('0.2.0', { isTampered: true });
  await lookNow(page);
  await phase(page, 'failed');
  await section(page).getByText('was refused and deleted').waitFor();
  await show(desk, 'tampered');
  expect(await pending(installed)).toEqual([]);
  await desk.close();
  await isVersion(installed, '0.1.0');
});

test('a broken connection is told of, and the fetching begun again: by the button, or by itself', async () => {
  const { feed, installed, desk, page } = await setup();
  feed.offer('0.2.0', { breaks: 2 });
  const fetches = () => feed.asked.filter((path) => path.endsWith('.AppImage')).length;
  const broke = () => section(page).getByText('The connection broke').waitFor();
  await lookNow(page);
  await broke();
  const first = fetches();
  await lookNow(page);
  await expect.poll(fetches, { timeout: 15_000 }).toBeGreaterThan(first);
  await broke();
  await phase(page, 'ready');
  await desk.close();
  await isVersion(installed, '0.2.0');
});

test('a version that does not start is not put in place of the one that does', async () => {
  const { feed, installed, desk, page } = await setup();
  feed.offer('0.2.0', { isDead: true });
  await lookNow(page);
  await phase(page, 'ready');
  await desk.close();
  await isVersion(installed, '0.1.0');
  expect(await readdir(dirname(installed.appImage))).toEqual([basename(installed.appImage)]);
});

test('an older version, the same one, one of another kind and one that lies elsewhere are not taken', async () => {
  const { feed, installed, desk, page } = await setup();
  const other = await startFeed();
  feed.offer('0.0.9');
  await lookNow(page);
  await section(page).getByText('0.0.9, is older').waitFor();
  feed.offer('0.1.0');
  await lookNow(page);
  await section(page).getByText('Version 0.1.0 is the newest.').waitFor();
  expect(feed.asked.filter((path) => path.endsWith('.AppImage'))).toEqual([]);
  feed.offer('0.2.0', { isWithoutAppImage: true });
  await lookNow(page);
  await section(page).getByText('published without a package of this kind').waitFor();
  expect(feed.asked).not.toContain('/ticket-desk-0.2.0.tar.gz');
  feed.offer('0.2.0', { elsewhere: other.url });
  await lookNow(page);
  await phase(page, 'failed');
  expect(other.asked).toEqual([]);
  await desk.close();
  await isVersion(installed, '0.1.0');
});

test('what is no AppImage says that a version is there and where to get it', async () => {
  const { feed, desk, page } = await setup({ APPIMAGE: '' });
  feed.offer('0.2.0');
  await lookNow(page);
  await phase(page, 'by-hand');
  await section(page).getByText("This installation can't replace itself.").waitFor();
  await section(page).getByText(`${feed.url}ticket-desk-0.2.0.tar.gz`).waitFor();
  await show(desk, 'by-hand');
  expect(feed.asked).toEqual(['/latest-linux.yml']);
});

test('the Help menu looks too; a build without a feed says so', async () => {
  const desk = await launchConnectedDesk();
  await desk.app.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()?.getMenuItemById('look-for-updates')?.click(),
  );
  await section(desk.page).getByText('Updates are not configured in this build.').waitFor();
  await show(desk, 'not-configured');
});

test('when a signal ends the desk, what is ready waits for the next time', async () => {
  const { feed, installed, desk, page } = await setup();
  feed.offer('0.2.0');
  await lookNow(page);
  await phase(page, 'ready');
  const closed = desk.app.waitForEvent('close');
  desk.mainProcess.kill('SIGTERM');
  await closed;
  await isVersion(installed, '0.1.0');
  expect(await pending(installed)).toContain('ticket-desk-0.2.0.AppImage');
});

test("an organisation's file sets and locks, a mistake in it is named by its line, and the desk starts on what is good", async () => {
  const folder = await freshFolder();
  const file = join(folder, 'config.json');
  await writeFile(
    file,
    '{\n  "profile": "this-computer",\n  "nsqdAddress": "no port",\n  "updates": "off",\n  "colour": "blue"\n}\n',
  );
  const { feed, desk, page } = await setup({ TICKET_DESK_MANAGED_CONFIG: file });
  await page.getByText(`${file}, line 3: "nsqdAddress" must be`).waitFor();
  await page.getByText(`${file}, line 5: "colour" means nothing`).waitFor();
  expect(await page.getByLabel('This computer', { exact: true }).isChecked()).toBe(true);
  expect(await page.getByLabel('Team server').isDisabled()).toBe(true);
  await phase(page, 'off');
  expect(await page.getByLabel(/^Look for updates once a day/).isDisabled()).toBe(true);
  expect(await page.getByText(`Set by your organisation (${file}).`).count()).toBe(2);
  await show(desk, 'managed');
  const settings = () => readFile(join(desk.userData, 'settings.json'), 'utf8');
  const before = await settings();
  const refused = await page.evaluate(() =>
    (window as unknown as { desk: { setUpdates(policy: string): Promise<{ ok: boolean }> } }).desk.setUpdates(
      'on',
    ),
  );
  expect(refused.ok).toBe(false);
  expect(feed.asked).toEqual([]);
  expect(await settings()).toBe(before);
});
