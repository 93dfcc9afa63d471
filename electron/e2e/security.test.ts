/** The 20 points of electronjs.org/docs/latest/tutorial/security, as far as an unpackaged app can show them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DesktopBridge } from '../../proto/desktop-bridge.ts';
import { endDesk, launchDesk, type RunningDesk, repository } from './harness.ts';
import { type ForeignOrigin, openTestWindow, serveForeignOrigin } from './other-pages.ts';

declare const window: Window & { desk: DesktopBridge };

let desk: RunningDesk;
let page: Page;
let foreign: ForeignOrigin;

beforeAll(async () => {
  foreign = await serveForeignOrigin();
  desk = await launchDesk({ keepForSuite: true });
  page = desk.page;
});
afterAll(async () => {
  foreign?.close();
  if (desk) await endDesk(desk);
});

/** What Electron really applied to the window. */
function appliedPreferences(): Promise<Record<string, unknown>> {
  return desk.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    return contents.getLastWebPreferences();
  });
}

test('1. only the desk itself is loaded, nothing from the network', async () => {
  await desk.app.evaluate(({ session }) => {
    const { webRequest } = session.fromPartition('persist:ticket-desk');
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    webRequest.onCompleted(({ url }) => seen.push(url));
    webRequest.onErrorOccurred(({ url }) => seen.push(url));
  });
  await page.reload();
  const seenSoFar = () => desk.app.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  await expect.poll(seenSoFar).toContain('app://desk/graphql');
  expect((await seenSoFar()).filter((url) => !url.startsWith('app://desk/'))).toEqual([]);
});

test('2. the page has no Node', async () => {
  const found = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter((name) => name in window),
  );
  expect(found).toEqual([]);
  expect(await appliedPreferences()).toMatchObject({
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
  });
});

test('3. the preload lives in a context of its own', async () => {
  expect(await appliedPreferences()).toMatchObject({ contextIsolation: true });
  // What crosses from one context to another shows no source; a function of the page's own context would.
  expect(await page.evaluate(() => String(window.desk.boot))).toContain('[native code]');
});

test('4. the page is sandboxed', async () => {
  expect(await appliedPreferences()).toMatchObject({ sandbox: true });
});

test('5. every permission is denied, but to copy a text', async () => {
  const answers = await page.evaluate(async () => {
    const state = async (name: string) =>
      (await navigator.permissions.query({ name: name as PermissionName })).state;
    const failure = (promise: Promise<unknown>) =>
      promise.then(
        () => 'granted',
        (error: Error) => error.name,
      );
    return {
      geolocation: await state('geolocation'),
      notifications: await Notification.requestPermission(),
      camera: await failure(navigator.mediaDevices.getUserMedia({ video: true })),
      screen: await failure(navigator.mediaDevices.getDisplayMedia()),
      midi: await failure(navigator.requestMIDIAccess()),
      clipboard: await failure(navigator.clipboard.readText()),
    };
  });
  expect(answers).toEqual({
    geolocation: 'denied',
    notifications: 'denied',
    camera: expect.stringMatching(/Error$/),
    screen: expect.stringMatching(/Error$/),
    midi: expect.stringMatching(/Error$/),
    clipboard: 'NotAllowedError',
  });
});

test('5. a text is copied when the person presses a button, and not without', async () => {
  /** As code of the page's own: what Playwright runs counts as if the person had pressed something. */
  const run = (code: string) =>
    desk.app.evaluate(({ BrowserWindow }, wanted) => {
      const open = BrowserWindow.getAllWindows()[0] as BrowserWindow;
      open.focus();
      open.webContents.focus();
      return open.webContents.executeJavaScript(wanted);
    }, code);
  // What has no focus is refused for that alone; and a click counts as pressing for some seconds.
  await page.mouse.click(1, 1);
  await expect.poll(() => run('document.hasFocus() && !navigator.userActivation.isActive')).toBe(true);
  const copying = "navigator.clipboard.writeText('unasked').then(() => 'copied', (error) => error.name)";
  expect(await run(copying)).toBe('NotAllowedError');
  const copied = page.evaluate(() =>
    new Promise<string>((resolve) => {
      const button = document.createElement('button');
      button.textContent = 'Copy this';
      button.style.cssText = 'position: fixed; inset: 0 auto auto 0; z-index: 9999';
      button.setAttribute('data-ready', '');
      button.onclick = () =>
        navigator.clipboard.writeText('Toner').then(
          () => resolve('copied'),
          (error: Error) => resolve(error.name),
        );
      document.body.append(button);
      Object.assign(window, { probe: button });
    }).then((result) => {
      (window as unknown as { probe: HTMLElement }).probe.remove();
      return result;
    }),
  );
  await page.locator('button[data-ready]').click();
  expect(await copied).toBe('copied');
});

test('6. web security is on: another origin can not be read', async () => {
  expect(await appliedPreferences()).toMatchObject({ webSecurity: true });
  const read = await page.evaluate(
    (url) =>
      fetch(url).then(
        (response) => response.text(),
        () => 'refused',
      ),
    `${foreign.origin}/read`,
  );
  expect(read).toBe('refused');
  expect(await foreign.asked()).toEqual([]);
});

test('7. the policy stops an inline script, a foreign script and text that is run as code', async () => {
  const result = await page.evaluate(async (origin) => {
    const violations: string[] = [];
    const twoViolations = new Promise<void>((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => {
        violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
        if (violations.length === 2) resolve();
      });
    });
    const inline = document.createElement('script');
    inline.textContent = 'window.inlineRan = true';
    const foreign = document.createElement('script');
    foreign.src = `${origin}/script.js`;
    document.body.append(inline, foreign);
    await twoViolations;
    return { violations, inlineRan: 'inlineRan' in window };
  }, foreign.origin);
  expect(result.inlineRan).toBe(false);
  expect(result.violations).toEqual([
    'script-src-elem inline',
    expect.stringContaining(`script-src-elem ${foreign.origin}`),
  ]);
  expect(await foreign.asked()).toEqual([]);
});

test('8, 9, 10. no insecure content, experimental or blink feature is switched on', async () => {
  const preferences = await appliedPreferences();
  expect(preferences).toMatchObject({ allowRunningInsecureContent: false, experimentalFeatures: false });
  expect(preferences.enableBlinkFeatures ?? '').toBe('');
  const switches = await desk.app.evaluate(({ app }) =>
    ['enable-blink-features', 'disable-web-security', 'allow-running-insecure-content'].filter((name) =>
      app.commandLine.hasSwitch(name),
    ),
  );
  expect(switches).toEqual([]);
});

test('11, 12. there is no webview', async () => {
  expect(await appliedPreferences()).toMatchObject({ webviewTag: false });
  const hasWebview = await page.evaluate((url) => {
    const element = document.createElement('webview');
    element.setAttribute('src', url);
    document.body.append(element);
    const isReal = 'loadURL' in element;
    element.remove();
    return isReal;
  }, foreign.origin);
  expect(hasWebview).toBe(false);
  expect(await foreign.asked()).toEqual([]);
});

describe('13. the window stays where it is', () => {
  test.each(['https://github.com/', 'file:///etc/passwd', 'data:text/html,away', 'app://other/'])(
    'a link to %s leads nowhere',
    async (url) => {
      const marker = await page.evaluate((address) => {
        const mark = Math.random();
        Object.assign(window, { mark });
        const link = document.createElement('a');
        link.href = address;
        document.body.append(link);
        link.click();
        link.remove();
        location.assign(address);
        return mark;
      }, url);
      // The main process has answered the navigation when it answers this.
      expect(
        await desk.app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
        ),
      ).toMatch(/^app:\/\/desk\//);
      expect(await page.evaluate(() => (window as unknown as { mark: number }).mark)).toBe(marker);
    },
  );

  test('a foreign address is not reached by a link, a form or a frame', async () => {
    await page.evaluate(async (origin) => {
      const frame = document.createElement('iframe');
      frame.src = `${origin}/frame`;
      const form = document.createElement('form');
      form.action = `${origin}/form`;
      form.method = 'post';
      document.body.append(frame, form);
      form.submit();
      location.assign(`${origin}/link`);
      await new Promise(requestAnimationFrame);
      frame.remove();
      form.remove();
    }, foreign.origin);
    expect(await foreign.asked()).toEqual([]);
    expect(page.url()).toMatch(/^app:\/\/desk\//);
  });
});

/** Answers each question of the desk with this button, and keeps what it asked. */
async function answerQuestions(button: 'Open' | 'Cancel'): Promise<() => Promise<string[]>> {
  await desk.app.evaluate(({ dialog }, wanted) => {
    const questions: string[] = [];
    Object.assign(globalThis, { questions });
    const answer = async (_window: unknown, { detail = '', buttons = [] }: Electron.MessageBoxOptions) => {
      questions.push(detail);
      return { response: buttons.indexOf(wanted), checkboxChecked: false };
    };
    dialog.showMessageBox = answer as typeof dialog.showMessageBox;
  }, button);
  return () => desk.app.evaluate(() => (globalThis as unknown as { questions: string[] }).questions);
}

test('14. window.open opens nothing', async () => {
  await answerQuestions('Cancel');
  const opened = await page.evaluate((origin) => window.open(`${origin}/popup`) === null, foreign.origin);
  expect(opened).toBe(true);
  expect(await desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(await foreign.asked()).toEqual([]);
});

test('15. only https addresses of known hosts reach the browser, and others once the person has agreed', async () => {
  const questions = await answerQuestions('Cancel');
  // The browser itself is what this machine may not have.
  await desk.app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = async (url) => void opened.push(url);
  });
  const results = await page.evaluate(async () => {
    const addresses = [
      'https://github.com/electron/electron',
      'http://github.com/',
      'file:///etc/passwd',
      'https://evil.example/',
    ];
    const answers = await Promise.all(addresses.map((address) => window.desk.openExternal(address)));
    window.open('https://evil.example/');
    window.open('https://me:secret@evil.example/');
    window.open('file:///etc/passwd');
    window.open('https://github.com/by-window-open');
    return answers.map((answer) => answer.ok);
  });
  expect(results).toEqual([true, false, false, false]);
  const opened = () => desk.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
  await expect
    .poll(opened)
    .toEqual(['https://github.com/electron/electron', 'https://github.com/by-window-open']);
  expect(await questions()).toEqual(['https://evil.example/']);
  await answerQuestions('Open');
  await page.evaluate(() => void window.open('https://example.org/toner'));
  await expect.poll(async () => (await opened()).at(-1)).toBe('https://example.org/toner');
});

test('16. the Electron that package.json names is a supported one', () => {
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const major = Number(/\d+/.exec(manifest.devDependencies.electron)?.[0]);
  expect(major).toBeGreaterThanOrEqual(45);
});

test("17. another window gets no answer, though it has the preload and shows the desk's own page", async () => {
  const other = await openTestWindow(desk, {
    url: 'app://desk/',
    partition: 'persist:ticket-desk',
    withPreload: true,
  });
  const answer = await other.evaluate(() => window.desk.boot());
  await other.close();
  expect(answer).toMatchObject({ ok: false });
});

test('18. no file is loaded by file://', async () => {
  expect(await page.evaluate(() => location.protocol)).toBe('app:');
  const read = await page.evaluate(() =>
    fetch('file:///etc/hostname').then(
      () => 'read',
      () => 'refused',
    ),
  );
  expect(read).toBe('refused');
});

/** Besides its own the desk runs docker, and a newer AppImage to see whether it starts. */
const startsPrograms = [join('docker', 'docker.ts'), join('updates', 'appimage.ts')];

test('19. nothing needs a fuse that a release switches off: no process is made with Electron as Node', () => {
  const sources = readdirSync(join(repository, 'electron'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('e2e'),
  );
  for (const name of sources) {
    const text = readFileSync(join(repository, 'electron', name), 'utf8');
    expect(text, name).not.toMatch(
      /ELECTRON_RUN_AS_NODE|process\.execPath|(?<!utilityProcess\.)fork\(|shell: /,
    );
    if (!startsPrograms.includes(name)) expect(text, name).not.toContain('node:child_process');
  }
});

test('20. the page gets a fixed list of functions and can not change it', async () => {
  const exposed = await page.evaluate(() => {
    const before = window.desk.boot;
    try {
      Object.assign(window.desk, { boot: () => 'mine' });
    } catch {
      // Frozen: as it should be.
    }
    return {
      names: Object.keys(window.desk).sort(),
      isUnchanged: window.desk.boot === before,
      others: ['electron', 'ipcRenderer', 'contextBridge'].filter((name) => name in window),
    };
  });
  expect(exposed).toEqual({
    names: [
      'backupStatus',
      'boot',
      'checkQueue',
      'checkService',
      'chooseFile',
      'dockerStatus',
      'habits',
      'keepList',
      'keepTheme',
      'lookForUpdates',
      'makeBackup',
      'moveStatus',
      'networkChanged',
      'onBackupsChanged',
      'onCommand',
      'onDockerStatus',
      'onLocale',
      'onMoveChanged',
      'onOpenTicket',
      'onUpdateStatus',
      'openExternal',
      'pauseMove',
      'problem',
      'restoreBackup',
      'saveExport',
      'saveHabits',
      'saveName',
      'saveSettings',
      'setUpdates',
      'showBackups',
      'startDocker',
      'startMove',
      'stopDocker',
      'updateStatus',
    ],
    isUnchanged: true,
    others: [],
  });
});
