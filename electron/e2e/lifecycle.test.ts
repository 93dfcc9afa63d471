/** Starting, starting twice, and leaving without a trace. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { expectNothingLeft, postgresPid, processesOn, ticketServicePid } from './desk-processes.ts';
import {
  commandLine,
  environment,
  expectConnected,
  freshFolder,
  launchConnectedDesk,
  launchDesk,
  repository,
} from './harness.ts';

test('a fresh start opens the window and answers GraphQL from a real Postgres', async () => {
  const desk = await launchConnectedDesk();
  expect(await desk.page.title()).toContain('Ticket Desk');
  expect(await desk.graphql('{ tickets { id } link { state } notices }')).toEqual({
    data: { tickets: [], link: { state: 'CONNECTED' }, notices: [] },
  });
  expect(await desk.postgresPid()).toBeGreaterThan(0);
  expect(desk.pageErrors).toEqual([]);
});

test('no TCP port is open', async () => {
  const desk = await startAndWait();
  const listening = await Promise.all((await processesOn(desk.userData)).map(listeningPorts));
  expect(listening.flat()).toEqual([]);
  desk.process.kill('SIGTERM');
  await desk.exitCode;
});

test('in a shell that is set up for other programs it reaches its database, in the usual folder', async () => {
  const home = await freshFolder();
  const desk = startByHand(undefined, {
    cwd: home,
    env: {
      HOME: home,
      XDG_CONFIG_HOME: 'here',
      LOG_LEVEL: 'info',
      PGSSLMODE: 'require',
      PGOPTIONS: '-c search_path=app',
      grpc_proxy: 'http://127.0.0.1:1',
      LC_ALL: 'xx_XX.broken',
    },
  });
  const isLinked = () => expect(desk.output()).toContain('linked to the ticket service');
  await vi.waitFor(isLinked, { timeout: 30_000, interval: 50 });
  expect(await postgresPid(join(home, '.config', 'Ticket Desk', 'desk'))).toBeDefined();
  desk.process.kill('SIGTERM');
  await desk.exitCode;
  expect(await readdir(home)).not.toContain('here');
});

test.each([
  ['can not be made', ['.config']],
  ['is a file', ['.config', 'Ticket Desk']],
])('that its own folder %s is said, and not that it is open already', async (_how, inTheWay) => {
  const [home, lent] = [await freshFolder(), await freshFolder()];
  const file = join(home, ...inTheWay);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, '');
  const desk = startByHand(undefined, { env: { HOME: home, TMPDIR: lent } });
  const words = `can't open: it keeps all it has in the folder ${join(home, '.config', 'Ticket Desk')}`;
  await vi.waitFor(() => expect(desk.output()).toContain(words), { timeout: 10_000, interval: 50 });
  // Chromium has come up all the same: nothing else can show the words to who starts it from a menu.
  const rendering = async () => (await processesOn(lent)).length > 1;
  await vi.waitFor(async () => expect(await rendering()).toBe(true), { timeout: 10_000, interval: 50 });
  expect(desk.output()).not.toMatch(/open already|JavaScript error/);
  desk.process.kill('SIGTERM');
  await desk.exitCode;
});

test('a second start brings the first window to the front and ends', async () => {
  const desk = await launchDesk();
  const areVisible = () =>
    desk.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.isVisible()),
    );
  await within('hiding the window', () =>
    desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide()),
  );
  const second = startByHand(desk.userData);
  expect(await within('the end of the second start', () => second.exitCode)).toBe(0);
  expect(second.output()).toContain('Ticket Desk is open already');
  await vi.waitFor(async () => expect(await areVisible()).toEqual([true]), { timeout: 10_000 });
  const answer = await within('the first desk', () => desk.graphql('{ __typename }'));
  expect(answer).toEqual({ data: { __typename: 'Query' } });
});

test('two desks on folders of their own run side by side', async () => {
  const [one, other] = [await launchDesk(), await launchDesk()];
  await Promise.all([expectConnected(one), expectConnected(other)]);
});

describe('nothing is left behind, Postgres included', () => {
  test('when the window is closed', async () => {
    const desk = await launchConnectedDesk();
    expect(await postgresPid(desk.dataDir)).toBeDefined();
    await desk.close();
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('on %s', async (signal) => {
    const desk = await startAndWait();
    desk.process.kill(signal);
    expect(await desk.exitCode).toBe(0);
    await expectNothingLeft(desk.userData);
  });

  test('on Ctrl+C in a terminal, which reaches the whole group of processes', async () => {
    const desk = await startAndWait();
    process.kill(-(desk.process.pid as number), 'SIGINT');
    expect(await desk.exitCode).toBe(0);
    await expectNothingLeft(desk.userData);
  });

  test('on Ctrl+C while it still starts', async () => {
    const userData = await freshFolder();
    const desk = startByHand(userData);
    await vi.waitFor(async () => expect(await processesOn(join(userData, 'desk'))).not.toEqual([]), {
      timeout: 20_000,
      interval: 20,
    });
    process.kill(-(desk.process.pid as number), 'SIGINT');
    expect(await desk.exitCode).toBe(0);
    await expectNothingLeft(userData);
  });

  test('when the ticket service hangs', async () => {
    const desk = await startAndWait();
    const service = (await ticketServicePid(desk.userData)) as number;
    process.kill(service, 'SIGSTOP');
    desk.process.kill('SIGTERM');
    await desk.exitCode;
    await expectNothingLeft(desk.userData);
  });
});

test("the window opens where it was closed, and the app's settings file says so", async () => {
  const userData = await freshFolder();
  const first = await launchDesk({ userData });
  const bounds = { x: 60, y: 40, width: 900, height: 640 };
  await first.app.evaluate(
    ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted),
    bounds,
  );
  const placed = await first.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  );
  await first.close();
  expect(JSON.parse(await readFile(join(userData, 'settings.json'), 'utf8')).window).toMatchObject(bounds);

  const second = await launchDesk({ userData });
  expect(
    await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds()),
  ).toEqual(placed);
});

/** Says which of several steps did not end, where the test's own timeout could not tell. */
async function within<T>(step: string, run: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${step} did not come within 30 s`)), 30_000);
  });
  return Promise.race([run(), late]).finally(() => clearTimeout(timer));
}

interface StartedByHand {
  process: ChildProcess;
  exitCode: Promise<number | null>;
  output(): string;
}

/** Without Playwright, whose debugger would be one more way to hold on to the app. */
function startByHand(
  userData: string | undefined,
  { cwd = repository, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): StartedByHand {
  const { executablePath, args } = commandLine(userData);
  const child = spawn(executablePath, args, {
    env: { ...environment(), ...env },
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data) => {
      output += data;
    });
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, exitCode, output: () => output };
}

/** Starts by hand and waits until Postgres and the ticket service run. */
async function startAndWait(): Promise<StartedByHand & { userData: string }> {
  const userData = await freshFolder();
  const started = startByHand(userData);
  await vi.waitFor(
    async () => {
      expect(await postgresPid(join(userData, 'desk')), started.output()).toBeDefined();
      expect(await ticketServicePid(userData), started.output()).toBeDefined();
    },
    { timeout: 30_000, interval: 50 },
  );
  return { ...started, userData };
}

/** TCP ports on which the process listens. */
async function listeningPorts(pid: number): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(
    descriptors.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')),
  );
  const inodes = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]).filter(Boolean));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
  );
  const listenState = '0A';
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === listenState && inodes.has(inode))
    .map(([, local]) => local as string);
}
