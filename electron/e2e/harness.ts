/** Starts the real app in a real window and drives it by Playwright. */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, _electron as electron, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest';
import { sessionEnvironment } from '../../backend/config.ts';
import { copyPreparedCluster } from '../../backend/testing/prepared-cluster.ts';
import type { DesktopBridge } from '../../proto/desktop-bridge.ts';
import { expectNothingLeft, postgresPid, ticketServicePid } from './desk-processes.ts';
import { watchForFailure } from './pictures-of-failures.ts';

export const repository = join(import.meta.dirname, '..', '..');

export interface GraphqlAnswer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions: { code: string; field?: string } }[];
}

export interface RunningDesk {
  app: ElectronApplication;
  page: Page;
  /** The app's own folder; dataDir is inside it. */
  userData: string;
  dataDir: string;
  mainProcess: ChildProcess;
  /** What went wrong in the page: uncaught errors, and errors on its console (refusals by its policy are some). */
  pageErrors: string[];
  /** Asks the proxy as the page does: from inside it, with this launch's token. */
  graphql<Data = Record<string, unknown>>(query: string, variables?: object): Promise<GraphqlAnswer<Data>>;
  postgresPid(): Promise<number>;
  ticketServicePid(): Promise<number>;
  /** kill -9 of the main process; resolves once it is gone. Postgres may stay. */
  crash(): Promise<void>;
  /** Closes the window, as the person does, and waits until nothing is left. */
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** A folder of an earlier launch, or a fresh one; when left out one that has a database, the person's name and no tickets. */
  userData?: string;
  env?: Record<string, string>;
  /** Further arguments, such as a link. */
  given?: string[];
  /** For several tests on one desk: then the suite ends it by endDesk. */
  keepForSuite?: boolean;
}

/** Launches the app; what the test leaves running is ended when it finishes. */
export async function launchDesk(options: LaunchOptions = {}): Promise<RunningDesk> {
  const userData = options.userData ?? (await preparedFolder());
  const app = await startApp(userData, options);
  // Asked now: Playwright forgets it once the app has closed.
  const mainProcess = app.process();
  const isOurs = options.userData === undefined;
  if (!options.keepForSuite) {
    onTestFinished(async () => {
      await endDesk({ app, mainProcess, userData });
      if (isOurs) await removeFolder(userData);
    });
  }

  // Playwright never answers a call that was under way when the app was killed.
  const gone: Promise<never> = once(mainProcess, 'exit').then(() =>
    Promise.reject(new Error('the app is gone')),
  );
  gone.catch(() => undefined);
  const pageErrors: string[] = [];
  const page = await app.firstWindow();
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && pageErrors.push(message.text()));
  page.setDefaultTimeout(15_000);
  watchForFailure(page);
  await page.waitForURL('app://desk/**');
  const dataDir = join(userData, 'desk');

  return {
    app,
    page,
    userData,
    dataDir,
    mainProcess,
    pageErrors,
    graphql: <Data>(query: string, variables = {}) =>
      Promise.race([graphqlIn<Data>(page, query, variables), gone]),
    postgresPid: () => eventually('Postgres', () => postgresPid(dataDir)),
    ticketServicePid: () => eventually('the ticket service', () => ticketServicePid(userData)),
    async crash() {
      const exited = once(mainProcess, 'exit');
      mainProcess.kill('SIGKILL');
      await exited;
    },
    async close() {
      const exited = once(mainProcess, 'exit');
      // It may be gone before it has answered.
      const closing = app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
      await Promise.race([closing, exited]).catch(() => undefined);
      expect((await exited)[0], 'exit code').toBe(0);
      await expectNothingLeft(userData);
    },
  };
}

/**
 * The app waits until Playwright has attached. A packed one lets nothing be loaded into it, so that Playwright now and
 * then waits for ever; it ends that app itself, and the next start takes the folder over.
 */
async function startApp(userData: string, options: LaunchOptions): Promise<ElectronApplication> {
  const { executablePath, args } = commandLine(userData);
  const held = process.env.PACKED_DESK ? [] : ['-r', join(import.meta.dirname, 'hold-until-attached.cjs')];
  const launching = { executablePath, args: [...held, ...args, ...(options.given ?? [])], timeout: 30_000 };
  const launch = () => electron.launch({ ...launching, env: { ...environment(), ...options.env } });
  return launch().catch((thrown: Error) => {
    if (thrown.name !== 'TimeoutError' || held.length > 0) throw thrown;
    console.warn(`Playwright did not connect to the app; starting it once more. ${thrown.message}`);
    return launch();
  });
}

/** As a first start leaves it, so that only tests of a first start wait for one and are asked who works there. */
async function preparedFolder(): Promise<string> {
  const folder = await makeFolder();
  const agent = { id: randomUUID(), name: 'Mo', isConfirmed: true };
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ agent }));
  await copyPreparedCluster(join(folder, 'desk'));
  return folder;
}

/** An empty folder that is removed when the test finishes. */
export async function freshFolder(): Promise<string> {
  const folder = await makeFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** As a first start leaves it, for a test that opens the desk more than once; removed when it finishes. */
export async function startedFolder(): Promise<string> {
  const folder = await preparedFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

const makeFolder = () => mkdtemp(join(tmpdir(), 'desk-e2e-'));
const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 5 });

/**
 * How the app is started by hand: for what Playwright can't do, such as a second start.
 * @param userData undefined: the folder that the app itself chooses
 */
export function commandLine(userData: string | undefined): { executablePath: string; args: string[] } {
  // The packed app instead of the sources: build/acceptance/package.test.ts names it.
  const packed = process.env.PACKED_DESK;
  const executablePath = packed ?? process.env.ELECTRON_PATH;
  if (!executablePath || !existsSync(executablePath))
    throw new Error('ELECTRON_PATH names no Electron. Run these tests by: npm test -- electron/e2e');
  if (!packed && !existsSync(join(repository, 'out', 'main.cjs')))
    throw new Error('out/ is not built. Run: npm run bundle');
  if (process.platform === 'linux' && !process.env.DISPLAY)
    throw new Error('There is no display. Run these tests by: xvfb-run -a npm test -- electron/e2e');
  // As root Chromium refuses to start with its sandbox; Playwright adds this itself, a start by hand does not.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // A virtual display has no graphics card: Chromium would emulate one, which takes a tenth of the processor. Nor does
  // a window live long enough for what the optimizing compilers cost, a seventh.
  const asVirtual = process.env.E2E_DISPLAYS ? ['--disable-gpu', '--js-flags=--no-opt --no-maglev'] : [];
  const app = packed ? [] : [repository];
  const folder = userData === undefined ? [] : [`--user-data-dir=${userData}`];
  return { executablePath, args: [...asRoot, ...asVirtual, ...app, ...folder] };
}

/** Without what a developer's shell may say about the desk itself. */
export function environment(): Record<string, string> {
  return { ...sessionEnvironment(), LOG_LEVEL: 'warn' };
}

/** Opens the desk and waits until its ticket service answers. */
export async function launchConnectedDesk(options: LaunchOptions = {}): Promise<RunningDesk> {
  const desk = await launchDesk(options);
  await expectConnected(desk);
  return desk;
}

/** One connected desk for all tests of a file. @param give takes it, and may bring it to where the tests begin */
export function deskForSuite(give: (desk: RunningDesk) => unknown): void {
  let desk: RunningDesk | undefined;
  beforeAll(async () => {
    desk = await launchDesk({ keepForSuite: true });
    await expectConnected(desk);
    await restPointer(desk.page);
    await give(desk);
  });
  afterAll(async () => {
    if (desk) await endDesk(desk);
  });
}

/** The first start sets up a database, which takes some seconds. */
export async function expectConnected(desk: Pick<RunningDesk, 'graphql'>): Promise<void> {
  const isHealthy = async () =>
    expect((await desk.graphql('{ healthCheck }')).data).toEqual({ healthCheck: 'success' });
  await vi.waitFor(isHealthy, { timeout: 30_000, interval: 100 });
}

/** Everything that was filed or changed is with the ticket service, and it has said so. */
export async function expectNothingWaits(desk: Pick<RunningDesk, 'graphql'>): Promise<void> {
  await expect
    .poll(async () => (await desk.graphql('{ outbox { waiting failed } }')).data, { timeout: 30_000 })
    .toEqual({ outbox: { waiting: 0, failed: 0 } });
}

/** Takes the pointer off the list, which holds still while it is over it. */
export async function restPointer(page: Page): Promise<void> {
  await page.mouse.move(1, 1);
}

/** Until the list that somebody went to is the read one, and not what was kept of it: keys and pointer count from then on. */
export async function listIsRead(page: Page): Promise<void> {
  await page.locator('[data-ticket-list][aria-busy=false]').waitFor();
}

/** Takes the pointer over the list, which holds still from then on, once it has been read. */
export async function holdByPointer(page: Page): Promise<void> {
  await listIsRead(page);
  await page.getByRole('grid').hover();
}

/** Chooses a file in the chooser that this press opens. */
export async function chooseFile(page: Page, file: string, press: () => Promise<void>): Promise<void> {
  // A key may overtake the order that leaves the page's choosers to the test; what the page answers comes after it.
  const ready = () => page.evaluate(() => undefined);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), ready().then(press)]);
  await chooser.setFiles(file);
}

function graphqlIn<Data>(page: Page, query: string, variables: object): Promise<GraphqlAnswer<Data>> {
  return page.evaluate(
    async (body) => {
      const { desk } = window as unknown as { desk: DesktopBridge };
      const boot = await desk.boot();
      if (!boot.ok) throw new Error('the desk does not boot');
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-desk-token': boot.value.graphqlToken },
        body: JSON.stringify(body),
      });
      return response.json();
    },
    { query, variables },
  );
}

async function eventually(what: string, find: () => Promise<number | undefined>): Promise<number> {
  const found = async () => {
    const pid = await find();
    if (pid === undefined) throw new Error(`${what} does not run`);
    return pid;
  };
  return vi.waitFor(found, { timeout: 20_000, interval: 50 });
}

/** Ends the app, and the Postgres that it may have left. */
export async function endDesk(desk: Pick<RunningDesk, 'app' | 'mainProcess' | 'userData'>): Promise<void> {
  const isRunning = desk.mainProcess.exitCode === null && desk.mainProcess.signalCode === null;
  if (isRunning) await desk.app.close();
  // A killed app leaves Postgres behind, for the next start to take over; after the last test there is none.
  const postgres = await postgresPid(join(desk.userData, 'desk'));
  if (postgres) process.kill(postgres, 'SIGQUIT');
  await expectNothingLeft(desk.userData);
}

export async function openSettings({ page }: Pick<RunningDesk, 'page'>): Promise<void> {
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
}
