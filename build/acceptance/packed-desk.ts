/**
 * Starts a packed, hardened app and drives it from outside, through Chromium's own debugging port: nothing else is
 * left open. As root it is started as an ordinary user, whose folders it gets, so that Chromium's sandbox is on.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { connectToWindow } from '../../backend/testing/window-connection.ts';
import { isRoot } from '../system.ts';
import { findDeskPage } from './desk-page.ts';
import { familyOf, type ProcessInfo, survivors } from './process-tree.ts';
import { eventually } from './steps.ts';

/** nobody, who owns nothing. */
const ordinaryUser = 65_534;
const startTimeoutMs = 60_000;
const stopTimeoutMs = 40_000;

export interface PackedDesk {
  page: Page;
  /** Everything that it printed so far. */
  output(): string;
  /** Closes the window as a person does, and waits until none of its processes is left. */
  quit(): Promise<void>;
  /** Ends it at once, for a step that failed; does nothing when it has ended. */
  kill(): Promise<void>;
}

export interface LaunchOptions {
  executable: string;
  /** The user's home; a start after another one finds its tickets there. */
  home: string;
  args?: string[];
  env?: Record<string, string>;
}

/** A home for the user that the app is started as, with the cookie that opens the display. */
export function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'ticket-desk-home-'));
  const { XAUTHORITY } = process.env;
  const paths = [home];
  if (XAUTHORITY && existsSync(XAUTHORITY)) {
    copyFileSync(XAUTHORITY, join(home, '.Xauthority'));
    paths.push(join(home, '.Xauthority'));
  }
  if (isRoot) for (const path of paths) chownSync(path, ordinaryUser, ordinaryUser);
  return home;
}

/** Only what a session has: the app gets none of the developer's environment. */
function session(home: string): Record<string, string> {
  const { PATH = '', DISPLAY = '' } = process.env;
  return { PATH, DISPLAY, HOME: home, XAUTHORITY: join(home, '.Xauthority') };
}

export function spawnPacked({ executable, home, args = [], env = {} }: LaunchOptions): ChildProcess {
  const command = [executable, `--user-data-dir=${join(home, 'data')}`, '--remote-debugging-port=0', ...args];
  const asUser = isRoot ? ['--reuid', `${ordinaryUser}`, '--regid', `${ordinaryUser}`, '--clear-groups'] : [];
  const [program, ...rest] = isRoot ? ['setpriv', ...asUser, ...command] : command;
  return spawn(program as string, rest, {
    cwd: home,
    env: { ...session(home), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What a child prints, from now on. */
export function collectOutput(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return () => output;
}

/** Of one that has ended nobody is looked for: its process id may be another program's by now. */
function runningFamilyOf(child: ChildProcess): ProcessInfo[] {
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  return hasEnded || child.pid === undefined ? [] : familyOf(child.pid);
}

export async function endFamily(child: ChildProcess, family = runningFamilyOf(child)): Promise<void> {
  for (const { pid } of survivors(family)) process.kill(pid, 'SIGKILL');
  while (survivors(family).length > 0) await delay(50);
}

async function debuggingPort(options: LaunchOptions, child: ChildProcess): Promise<string> {
  const portFile = join(options.home, 'data/DevToolsActivePort');
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline && child.exitCode === null) {
    const port = existsSync(portFile) ? readFileSync(portFile, 'utf8').split('\n')[0] : '';
    if (port) return port;
    await delay(50);
  }
  throw new Error('The packed app opened no window.');
}

/** Connects to the app whose debugging port is this one, on this computer, and waits for its page. */
export async function connectToDesk(port: string): Promise<{ browser: Browser; page: Page }> {
  const debugUrl = `http://127.0.0.1:${port}`;
  // Playwright that connects while the window is being made may wait for ever.
  await eventually('the page', () => findDeskPage(debugUrl), startTimeoutMs);
  const browser = await connectToWindow(debugUrl);
  const [context] = browser.contexts();
  const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
  if (!page) throw new Error('The packed app has no page.');
  await page.waitForURL('app://desk/**');
  return { browser, page };
}

/** Opens the packed app and waits for its page. @throws Error with what it printed, when none comes. */
export async function launchPacked(options: LaunchOptions): Promise<PackedDesk> {
  // That of an earlier start would name a port that nobody listens on.
  rmSync(join(options.home, 'data/DevToolsActivePort'), { force: true });
  const child = spawnPacked(options);
  const exited = once(child, 'exit');
  const output = collectOutput(child);
  try {
    const { page } = await connectToDesk(await debuggingPort(options, child));
    return {
      page,
      output,
      async quit() {
        const family = familyOf(child.pid ?? 0);
        await page.close();
        const deadline = performance.now() + stopTimeoutMs;
        while (survivors(family).length > 0 && performance.now() < deadline) await delay(50);
        const left = survivors(family).map(({ pid, command }) => `${pid} ${command}`);
        await endFamily(child, family);
        if (left.length > 0) throw new Error(`left behind: ${left.join('\n')}\n${output()}`);
        // Gone from the list of processes a moment before Node tells so.
        const [code, signal] = await exited;
        if (code !== 0) throw new Error(`It ended with ${code ?? signal}.\n${output()}`);
      },
      kill: () => endFamily(child),
    };
  } catch (thrown) {
    await endFamily(child);
    throw new Error(`${(thrown as Error).message} It printed:\n${output()}`);
  }
}
