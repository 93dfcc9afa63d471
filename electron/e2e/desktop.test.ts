/** Life on a desktop: links, closing into the tray, quitting with creates that wait, waking, colours and language. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { DesktopBridge } from '../../proto/desktop-bridge.ts';
import { startFakeSessionBus } from '../testing/fake-session-bus.ts';
import { expectNothingLeft } from './desk-processes.ts';
import {
  commandLine,
  environment,
  freshFolder,
  launchConnectedDesk,
  launchDesk,
  openSettings,
  type RunningDesk,
  repository,
  startedFolder,
} from './harness.ts';
import { lookAt } from './looks.ts';
import { holdTicketService } from './offline.ts';
import { seed } from './seed.ts';
import { installStandIn, standIn, startFeed } from './update-feed.ts';

const link = (id: number | string) => `ticketdesk://ticket/${id}`;

/** What the system does with a link, or a person who starts the desk again. @returns its exit code */
async function startAgain(desk: RunningDesk, given: string[]): Promise<number | null> {
  const { executablePath, args } = commandLine(desk.userData);
  const second = spawn(executablePath, [...args, ...given], {
    env: environment(),
    cwd: repository,
    stdio: 'ignore',
  });
  const [code] = await once(second, 'exit');
  return code;
}

const isVisible = (desk: RunningDesk) =>
  desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
const hide = (desk: RunningDesk) =>
  desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
const closeWindow = (desk: RunningDesk) =>
  desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
const file = (desk: RunningDesk, title: string) =>
  desk.graphql('mutation ($input: NewTicket!) { createTicket(input: $input) { success } }', {
    input: { title, description: '', name: 'Ada' },
  });
const heading = (page: Page, id: number | undefined) => page.getByRole('heading', { name: `#${id}` });

interface Told {
  badge?: number;
  tip?: string;
}

/** What the desk gives to tray and badge from now on; a display without a desktop shows neither. */
async function watchTray(desk: RunningDesk): Promise<() => Promise<Told>> {
  await desk.app.evaluate(({ app, Tray }) => {
    const told: Record<string, unknown> = {};
    Object.assign(globalThis, { told });
    const { setToolTip, setContextMenu } = Tray.prototype;
    Object.assign(app, { setBadgeCount: (count: number) => Object.assign(told, { badge: count }) });
    Tray.prototype.setToolTip = function (tip) {
      Object.assign(told, { tip });
      setToolTip.call(this, tip);
    };
    Tray.prototype.setContextMenu = function (menu) {
      Object.assign(told, { menu });
      setContextMenu.call(this, menu);
    };
  });
  return () =>
    desk.app.evaluate(() => {
      const { badge, tip } = (globalThis as unknown as { told: Told }).told;
      return { ...(badge !== undefined && { badge }), ...(tip !== undefined && { tip }) };
    });
}

/** An item of the tray's menu, which was watched before. */
const choose = (desk: RunningDesk, label: string) =>
  desk.app.evaluate((_electron, wanted) => {
    const { menu } = (globalThis as unknown as { told: { menu: Electron.Menu } }).told;
    // In its own turn: to quit ends this one's answer.
    setImmediate(() => menu.items.find((item) => item.label === wanted)?.click());
  }, label);

describe('a link', () => {
  test('brings the first desk to the front and opens the ticket; one that says anything else only does the first', async () => {
    const desk = await launchConnectedDesk();
    const ids = await seed(desk, [{ title: 'Linked to' }, { title: 'The other' }]);
    await hide(desk);
    expect(await startAgain(desk, [link(ids[0] as number)])).toBe(0);
    await heading(desk.page, ids[0]).waitFor();
    expect(await isVisible(desk)).toBe(true);

    await startAgain(desk, [link(`${ids[1]}?x=1`)]);
    await startAgain(desk, ['ticketdesk://settings']);
    await startAgain(desk, [link(ids[1] as number)]);
    await heading(desk.page, ids[1]).waitFor();
    expect(desk.page.url()).toBe(`app://desk/#/ticket/${ids[1]}`);
  });

  test('opens offline what was read before, and says of another that it can not be read now', async () => {
    const desk = await launchConnectedDesk();
    const ids = await seed(desk, [
      { title: 'Read before', description: 'Known here.' },
      { title: 'Not read' },
    ]);
    await desk.page.getByRole('row', { name: 'Read before' }).click();
    await desk.page.getByText('Known here.').waitFor();
    await desk.page.keyboard.press('Escape');
    const service = await holdTicketService(desk);
    onTestFinished(service.end);
    await startAgain(desk, [link(ids[0] as number)]);
    await desk.page.getByText('Known here.').waitFor();
    await startAgain(desk, [link(4_242)]);
    await heading(desk.page, 4_242).waitFor();
    await desk.page
      .locator('.detail-pane')
      .getByText(/Offline/)
      .waitFor();
    await lookAt(desk, 'link-offline');
  });

  test('that starts the desk opens the ticket once the page is there', async () => {
    const userData = await startedFolder();
    const first = await launchConnectedDesk({ userData });
    const ids = await seed(first, [{ title: 'Found by its link' }]);
    await first.close();
    const desk = await launchDesk({ userData, given: [link(ids[0] as number)] });
    await heading(desk.page, ids[0]).waitFor();
  });
});

test('a command that is given before the page is there is run once it is', async () => {
  const { app, page } = await launchConnectedDesk();
  await app.evaluate(({ BrowserWindow, Menu }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    // Its page is there, and none of its scripts.
    contents?.once('did-navigate', () => Menu.getApplicationMenu()?.getMenuItemById('new-ticket')?.click());
    contents?.reload();
  });
  await page.getByRole('heading', { name: 'New ticket' }).waitFor();
});

describe('closing the window', () => {
  let bus: Awaited<ReturnType<typeof startFakeSessionBus>>;
  let env: Record<string, string>;
  beforeEach(async () => {
    const folder = await freshFolder();
    bus = await startFakeSessionBus(join(folder, 'bus'), { showsTrays: true });
    onTestFinished(() => bus.close());
    env = { DBUS_SESSION_BUS_ADDRESS: bus.address, XDG_CONFIG_HOME: folder };
  });

  async function withTray(userData?: string): Promise<RunningDesk> {
    const desk = await launchDesk({ env, ...(userData && { userData }) });
    const { page } = desk;
    await openSettings({ page });
    await page.getByLabel(/Keep running in the tray/).check();
    // The file alone does not tell that the app knows.
    const bridged = () => page.evaluate(() => (window as unknown as { desk: DesktopBridge }).desk.habits());
    await expect.poll(bridged).toMatchObject({ ok: true, value: { closeToTray: true } });
    return desk;
  }

  test('quits, as long as nobody has chosen otherwise', async () => {
    const desk = await launchDesk({ env });
    await desk.close();
  });

  test('hides the desk once that is chosen; a second start brings it back, and it can be quit', async () => {
    const desk = await withTray();
    await closeWindow(desk);
    await expect.poll(() => isVisible(desk)).toBe(false);
    expect((await desk.graphql('{ __typename }')).data).toEqual({ __typename: 'Query' });
    await startAgain(desk, ['--hidden']);
    expect(await isVisible(desk)).toBe(false);
    await startAgain(desk, []);
    await expect.poll(() => isVisible(desk)).toBe(true);
    const exited = once(desk.mainProcess, 'exit');
    desk.mainProcess.kill('SIGTERM');
    await exited;
    await expectNothingLeft(desk.userData);
  });

  test('quits all the same where nobody shows trays, and the settings say so', async () => {
    const desk = await withTray();
    bus.showsTrays = false;
    await desk.page.keyboard.press('Escape');
    await openSettings(desk);
    await desk.page.getByText('This desktop shows no tray').waitFor();
    await desk.close();
  });

  test('the tray and the badge tell what waits; the menu of the tray brings the window back, and quits', async () => {
    const userData = await startedFolder();
    const first = await withTray(userData);
    await expect.poll(async () => (await first.graphql('{ healthCheck }')).data).toBeTruthy();
    const exited = once(first.mainProcess, 'exit');
    first.mainProcess.kill('SIGTERM');
    await exited;

    const desk = await launchConnectedDesk({ env, userData });
    const told = await watchTray(desk);
    const service = await holdTicketService(desk);
    await file(desk, 'Waits');
    await expect.poll(told).toMatchObject({ badge: 1, tip: 'Ticket Desk: 1 ticket waits to be sent' });
    service.release();
    await expect.poll(told, { timeout: 40_000 }).toMatchObject({ badge: 0, tip: 'Ticket Desk' });

    await closeWindow(desk);
    await expect.poll(() => isVisible(desk)).toBe(false);
    await choose(desk, 'New ticket');
    await desk.page.getByLabel('Title').waitFor();
    expect(await isVisible(desk)).toBe(true);
    const closed = desk.app.waitForEvent('close');
    await choose(desk, 'Quit');
    await closed;
    await expectNothingLeft(userData);
  });

  test('a start at login stays hidden only where a tray can bring it back', async () => {
    const userData = await startedFolder();
    const first = await withTray(userData);
    await first.page.getByLabel('Start at login').check();
    const entry = join(env.XDG_CONFIG_HOME as string, 'autostart', 'ticket-desk.desktop');
    await expect.poll(() => readFile(entry, 'utf8').catch(() => '')).toContain('"--hidden"');
    await first.page.getByRole('heading', { name: 'Settings' }).waitFor();
    await lookAt(first, 'settings-desktop');
    await first.page.getByLabel('Start at login').uncheck();
    await expect.poll(() => readFile(entry, 'utf8').catch(() => 'gone')).toBe('gone');
    const exited = once(first.mainProcess, 'exit');
    first.mainProcess.kill('SIGTERM');
    await exited;
    await expectNothingLeft(userData);

    const hidden = await launchDesk({ env, userData, given: ['--hidden'] });
    expect(await isVisible(hidden)).toBe(false);
    await hidden.crash();
    bus.showsTrays = false;
    const shown = await launchDesk({ env, userData, given: ['--hidden'] });
    expect(await isVisible(shown)).toBe(true);
  });
});

test('who quits with creates that wait is told that they are safe, and they go out at the next start', async () => {
  const userData = await startedFolder();
  const desk = await launchConnectedDesk({ userData });
  const service = await holdTicketService(desk);
  await file(desk, 'Waits');
  let output = '';
  desk.mainProcess.stdout?.on('data', (data) => {
    output += data;
  });
  const closed = desk.close();
  await expect.poll(() => output).toContain('1 ticket waits to be sent. It is safe on this computer');
  service.end();
  await closed;

  const next = await launchConnectedDesk({ userData });
  const titles = async () => (await next.graphql('{ tickets { title } }')).data;
  await expect.poll(titles, { timeout: 20_000 }).toEqual({ tickets: [{ title: 'Waits' }] });
});

describe('what the system does', () => {
  test('after sleep, a locked screen and a lost network what waits is tried at once', async () => {
    const desk = await launchConnectedDesk();
    const service = await holdTicketService(desk);
    onTestFinished(service.end);
    await file(desk, 'Waits');
    const nextAttempt = async () => {
      const answer = await desk.graphql<{ outbox: { entries: { nextAttemptAt: string | null }[] } }>(
        '{ outbox { entries { nextAttemptAt } } }',
      );
      return Date.parse(answer.data?.outbox.entries[0]?.nextAttemptAt ?? '');
    };
    for (const event of ['resume', 'unlock-screen', 'online'] as const) {
      // A pause that has long to go: by itself nothing would be tried meanwhile.
      const pausedUntil = await vi.waitFor(
        async () => {
          const next = await nextAttempt();
          expect(next - Date.now(), event).toBeGreaterThan(2_000);
          return next;
        },
        { timeout: 60_000, interval: 20 },
      );
      if (event === 'online') await desk.page.evaluate(() => dispatchEvent(new Event('online')));
      else await desk.app.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event);
      await expect.poll(nextAttempt, { interval: 20, message: event }).not.toBe(pausedUntil);
      expect(Date.now(), event).toBeLessThan(pausedUntil);
    }
  });

  test('at its shutdown the desk ends by itself, and puts no update in place half way', async () => {
    const feed = await startFeed();
    feed.offer('9.9.9');
    const { env, appImage } = await installStandIn(feed.url);
    const desk = await launchConnectedDesk({ env });
    await desk.app.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()?.getMenuItemById('look-for-updates')?.click(),
    );
    await desk.page.locator('[data-update="ready"]').waitFor({ timeout: 30_000 });
    const closed = desk.app.waitForEvent('close');
    await desk.app.evaluate(({ powerMonitor }) => void setImmediate(() => powerMonitor.emit('shutdown')));
    await closed;
    expect((await readFile(appImage)).equals(standIn('0.1.0'))).toBe(true);
    await expectNothingLeft(desk.userData);
  });

  test('its colours and its region are followed while it runs', async () => {
    const desk = await launchDesk({ env: { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } });
    const { page } = desk;
    await page.emulateMedia({ colorScheme: null });
    await openSettings({ page });
    const theme = () => page.evaluate(() => document.documentElement.dataset.bsTheme);
    for (const wanted of ['dark', 'light', 'dark'] as const) {
      await desk.app.evaluate(({ nativeTheme }, source) => {
        nativeTheme.themeSource = source;
      }, wanted);
      await expect.poll(theme).toBe(wanted);
    }
    const background = await desk.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getBackgroundColor(),
    );
    expect(background?.toLowerCase()).toBe('#212529');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.getByRole('button', { name: /^New/ }).first().click();
    await page.getByLabel('Description').fill('x'.repeat(10_500));
    await page.getByText(/at most 10\.000/).waitFor();
  });

  test('a theme that was chosen has the window from its first frame, and what the system draws of it', async () => {
    const userData = await startedFolder();
    const file = join(userData, 'settings.json');
    const read = async () => JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...(await read()), theme: 'dark' }));
    const { app, page } = await launchDesk({ userData });
    const drawn = () =>
      app.evaluate(({ BrowserWindow, nativeTheme }) => ({
        window: BrowserWindow.getAllWindows()[0]?.getBackgroundColor().toLowerCase(),
        isDark: nativeTheme.shouldUseDarkColors,
      }));
    // The page was told of none itself: what is dark here was so before it.
    expect(await drawn()).toEqual({ window: '#212529', isDark: true });

    await openSettings({ page });
    await page.getByRole('radio', { name: 'light' }).click();
    await expect.poll(drawn).toEqual({ window: '#ffffff', isDark: false });
    await expect.poll(async () => (await read()).theme).toBe('light');
  });
});
