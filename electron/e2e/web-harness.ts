/** Starts `serve` in plain Node and opens the web face in a real browser. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, onTestFinished, vi } from 'vitest';
import { copyPreparedCluster } from '../../backend/testing/prepared-cluster.ts';
import { expectNothingLeft, postgresPid } from './desk-processes.ts';
import { environment, repository } from './harness.ts';
import { watchForFailure } from './pictures-of-failures.ts';

export interface WebDesk {
  url: string;
  dataDir: string;
  process: ChildProcess;
  /** The newest link that it printed, once there is one that was not asked for yet: each works once. */
  nextLink(): Promise<string>;
  /** Resolves once the server has ended. */
  exited: Promise<unknown>;
  output(): string;
}

/** Serves the desk on a port of its own until the test finishes. */
export async function serveProxy(
  options: {
    /** A folder of an earlier server; when left out one that has a database and no tickets. */
    dataDir?: string;
    /** Leaves the fresh folder to a later server of the same test. */
    keepData?: boolean;
    env?: Record<string, string>;
  } = {},
): Promise<WebDesk> {
  const entry = join(repository, 'out', 'serve.cjs');
  if (!existsSync(entry)) throw new Error('out/ is not built. Run: npm run bundle');
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'desk-web-')));
  if (!options.dataDir) await copyPreparedCluster(dataDir);
  const child = spawn(process.execPath, [entry], {
    env: { ...environment(), PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let output = '';
  const ready = new Promise<string>((resolve, reject) => {
    const read = (data: Buffer) => {
      output += data;
      const url = /https?:\/\/[\w.:[\]-]+/.exec(/is ready: .*/.exec(output)?.[0] ?? '')?.[0];
      if (url) resolve(url);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${output}`)));
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
    // Left behind by a serve that a test has killed.
    const postgres = await postgresPid(dataDir);
    if (postgres) process.kill(postgres, 'SIGQUIT');
    await expectNothingLeft(dataDir);
    if (!options.keepData) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });
  const url = await ready;
  let handedOut = 0;
  const nextLink = async () => {
    const links = () => output.match(/http:\S+#code=\S+/g) ?? [];
    await vi.waitUntil(() => links().length > handedOut, { timeout: 10_000, interval: 20 });
    handedOut = links().length;
    return links().at(-1) ?? '';
  };
  return { url, nextLink, dataDir, process: child, exited, output: () => output };
}

/** One for all tests of a file. */
let browser: Promise<Browser> | undefined;
afterAll(async () => {
  await (await browser)?.close();
});

/** As a new browser, without anything remembered; closed when the test finishes. */
export async function openBrowser(options?: BrowserContextOptions): Promise<BrowserContext> {
  browser ??= launchBrowser();
  const context = await (await browser).newContext(options);
  onTestFinished(() => context.close());
  return context;
}

function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    throw new Error(
      `There is no browser at ${executablePath}. Install one (on Debian: apt-get install chromium) or set CHROMIUM_PATH.`,
    );
  }
  return chromium.launch({
    executablePath,
    // The last four keep it from calling home, which a closed network would refuse one by one.
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Asks for this page's own server by GraphQL, as the page does; answers the text. */
export function askInPage(page: Page, body: object): Promise<string> {
  return page.evaluate(async (text) => {
    const authorization = `Bearer ${localStorage.getItem('ticket-desk-token')}`;
    const headers = { 'content-type': 'application/json', authorization };
    return (await fetch('/graphql', { method: 'POST', headers, body: text })).text();
  }, JSON.stringify(body));
}

/** Opens the web face; what goes wrong in the page lands in `pageErrors`. */
export async function openWebFace(
  url: string,
  viewport = { width: 1280, height: 800 },
): Promise<{ page: Page; pageErrors: string[] }> {
  const page = await (await openBrowser({ viewport })).newPage();
  watchForFailure(page);
  const pageErrors: string[] = [];
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (message) => {
    // The network of this computer changes with each container that begins or ends beside the test.
    if (message.type() === 'error' && !message.text().includes('net::ERR_NETWORK_CHANGED'))
      pageErrors.push(message.text());
  });
  await page.goto(url);
  return { page, pageErrors };
}
