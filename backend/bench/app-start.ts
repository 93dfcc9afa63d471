/** From the launch of the app to its list, and its memory then, beside an empty window of the same runtime. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { until } from '../testing/desk-process.ts';
import { connectToWindow } from '../testing/window-connection.ts';
import { treeMemoryMib } from './process-memory.ts';
import type { Subject } from './rounds.ts';

export interface StartFigures extends Record<string, number> {
  /** From the launch to the first list on the page, which may be the one that was there last. */
  startMs: number;
  /** From the launch to the list as the ticket service has it now; of an empty window the same. */
  liveMs: number;
  /** Of all processes, once that is there. */
  memoryMib: number;
}

export interface StartTarget {
  /** Of a runtime that is given an app to run. */
  executablePath: string;
  /** The repository, built. */
  appDir: string;
  /** The packed app, measured too when it is named. */
  packedPath: string | undefined;
  /** Of the app; holds a data folder with tickets. */
  userData: string;
  /** The whole environment, DISPLAY included. */
  env: Record<string, string>;
  /** Stands in the list's first row. */
  newestTitle: string;
}

const emptyApp = `
const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL('data:text/html,<p>empty</p>'));
app.on('window-all-closed', () => app.quit());
`;

/** Answers the folder of an app that shows an empty window; whoever asks removes it. */
export async function makeEmptyApp(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'desk-bench-empty-'));
  await writeFile(path.join(folder, 'package.json'), '{"name":"empty","version":"1.0.0","main":"main.js"}');
  await writeFile(path.join(folder, 'main.js'), emptyApp);
  return folder;
}

export async function startSubjects(
  target: StartTarget,
): Promise<{ subjects: Subject<StartFigures>[]; close(): Promise<void> }> {
  const { executablePath, appDir, packedPath, userData, env, newestTitle } = target;
  const emptyDir = await makeEmptyApp();
  const launchOn = (folder: string, command: string[], waits: Waits) =>
    launch([...command, `--user-data-dir=${folder}`], env, waits);
  // The start that is thrown away leaves these for those after it, as a person's does.
  const left = ['desk/last-list', 'code-cache/main.cjs', 'code-cache/ticket-service.cjs'];
  const ofDesk = {
    first: (page: Page) => shows(page, newestTitle),
    live: isLive,
    end: () => until(async () => left.every((file) => existsSync(path.join(userData, file)))),
  };
  const ofEmpty = { first: (page: Page) => shows(page, 'empty'), live: async () => {} };
  const emptyData = path.join(emptyDir, 'user-data');
  return {
    subjects: [
      { name: 'desk', measure: () => launchOn(userData, [executablePath, appDir], ofDesk) },
      ...(packedPath
        ? [{ name: 'packed desk', measure: () => launchOn(userData, [packedPath], ofDesk) }]
        : []),
      { name: 'empty window', measure: () => launchOn(emptyData, [executablePath, emptyDir], ofEmpty) },
    ],
    close: () => rm(emptyDir, { recursive: true, force: true }),
  };
}

/** Looks at each frame; a locator's own waiting looks every half second in the end, which is no measure. */
export async function shows(page: Page, text: string): Promise<void> {
  await page.waitForFunction((wanted) => document.body?.textContent?.includes(wanted), text);
}

/** The link stands, and the list has been read since. */
async function isLive(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const list = document.querySelector('[data-ticket-list]');
    const marks = [...document.querySelectorAll('[role="status"]')].map(({ textContent }) => textContent);
    return list?.getAttribute('aria-busy') === 'false' && marks.includes('connected');
  });
}

/** Where Chromium listens, as it says on stderr. @throws Error when it ends before. */
async function debuggingAddress(app: ChildProcess): Promise<string> {
  if (!app.stderr) throw new Error('stderr is not piped');
  for await (const line of createInterface(app.stderr)) {
    const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address) return address;
  }
  throw new Error('The app ended before it opened a window.');
}

/** By the debugging port, as a hardened app can be entered by it alone. */
export async function inWindow<Result>(
  { command, env }: { command: readonly string[]; env: Record<string, string> },
  use: (page: Page, processId: number) => Promise<Result>,
): Promise<Result> {
  const [program = '', ...args] = command;
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = spawn(program, [...args, ...asRoot, '--remote-debugging-port=0'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(app, 'exit');
  try {
    const address = await debuggingAddress(app);
    // Read to the end, or a full pipe would hold the app up.
    app.stderr?.resume();
    const browser = await connectToWindow(address);
    const [context] = browser.contexts();
    const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
    if (!page) throw new Error('The app has no window.');
    const result = await use(page, app.pid as number);
    await page.close();
    await exited;
    return result;
  } finally {
    // One that failed on the way; the desk ends its own processes on SIGTERM.
    app.kill();
  }
}

/** Each resolves once it is on the page. */
interface Waits {
  first(page: Page): Promise<void>;
  live(page: Page): Promise<void>;
  /** Before it is closed, not measured. */
  end?(): Promise<void>;
}

async function launch(
  command: string[],
  env: Record<string, string>,
  { first, live, end }: Waits,
): Promise<StartFigures> {
  const startedAt = performance.now();
  return inWindow({ command, env }, async (page, processId) => {
    await first(page);
    const startMs = performance.now() - startedAt;
    await live(page);
    const liveMs = performance.now() - startedAt;
    const memoryMib = await treeMemoryMib(processId);
    await end?.();
    return { startMs, liveMs, memoryMib };
  });
}
