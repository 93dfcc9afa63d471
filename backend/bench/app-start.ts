/** From the launch of the app to its first list, and its memory then, beside an empty window of the same runtime. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron as electron, type Page } from 'playwright-core';
import { treeMemoryMib } from './process-memory.ts';
import type { Subject } from './rounds.ts';

export interface StartFigures extends Record<string, number> {
  /** From the launch until what is waited for is on the page. */
  startMs: number;
  /** Of all processes, once it is there. */
  memoryMib: number;
}

export interface StartTarget {
  executablePath: string;
  /** The repository, built. */
  appDir: string;
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

export async function startSubjects(
  target: StartTarget,
): Promise<{ subjects: Subject<StartFigures>[]; close(): Promise<void> }> {
  const emptyDir = await mkdtemp(path.join(tmpdir(), 'desk-bench-empty-'));
  await writeFile(path.join(emptyDir, 'package.json'), '{"name":"empty","version":"1.0.0","main":"main.js"}');
  await writeFile(path.join(emptyDir, 'main.js'), emptyApp);
  const launchAs = (appDir: string, userData: string) => async (isThere: (page: Page) => Promise<unknown>) =>
    launch({ ...target, appDir, userData }, isThere);
  const desk = launchAs(target.appDir, target.userData);
  const empty = launchAs(emptyDir, path.join(emptyDir, 'user-data'));
  return {
    subjects: [
      {
        name: 'desk',
        measure: () => desk((page) => shows(page, target.newestTitle)),
      },
      { name: 'empty window', measure: () => empty((page) => shows(page, 'empty')) },
    ],
    close: () => rm(emptyDir, { recursive: true, force: true }),
  };
}

/** Looks at each frame; a locator's own waiting looks every half second in the end, which is no measure. */
async function shows(page: Page, text: string): Promise<void> {
  await page.waitForFunction((wanted) => document.body?.textContent?.includes(wanted), text);
}

async function launch(target: StartTarget, isThere: (page: Page) => Promise<unknown>): Promise<StartFigures> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const startedAt = performance.now();
  const app = await electron.launch({
    executablePath: target.executablePath,
    args: [...asRoot, target.appDir, `--user-data-dir=${target.userData}`],
    env: target.env,
  });
  try {
    await isThere(await app.firstWindow());
    const startMs = performance.now() - startedAt;
    return { startMs, memoryMib: await treeMemoryMib(app.process().pid as number) };
  } finally {
    await app.close();
  }
}
