/**
 * The two commands as a person uses them: `npm start` opens its window and Ctrl+C ends everything; `npm run
 * serve` takes a ticket, on Node 24 too where Docker is. Linux only.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { assert, onTestFinished, test } from 'vitest';
import { root } from '../bundle.ts';
import { hasDocker } from './compose-project.ts';
import { findDeskPage } from './desk-page.ts';
import { familyOf, survivors } from './process-tree.ts';
import { eventually } from './steps.ts';

const stopTimeoutMs = 40_000;

/** A shell that is set up for other programs, and a data folder with a name of its own. */
const surroundings = (work: string) => ({
  DATA_DIR: join(work, 'Smith, John'),
  NODE_OPTIONS: '--openssl-legacy-provider',
  PGSSLMODE: 'require',
});

interface Command {
  child: ChildProcess;
  output(): string;
}

function npm(args: string[], env: Record<string, string>): Command {
  return run('npm', args, env);
}

function run(program: string, args: string[], env: Record<string, string>): Command {
  // As in a terminal of a machine without a display, where the tests themselves were given one.
  const { E2E_DISPLAYS, DISPLAY, NODE_ENV: _, ...inherited } = process.env;
  const display = E2E_DISPLAYS || !DISPLAY ? {} : { DISPLAY };
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, ...display, ...env },
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return { child, output: () => output };
}

/** What a command prints or serves tells when it is ready, nothing else does. */
function answerOf<T>({ output }: Command, what: string, ask: () => Promise<T | null>): Promise<T> {
  return eventually(what, ask).catch((thrown: Error) => {
    throw new Error(`${thrown.message} It printed:\n${output()}`);
  });
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticket-desk-commands-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Ends a command, given npm's process id and Electron's folder. */
type Stop = (npmPid: number, userData: string) => unknown;

/** A terminal sends it to npm and all that npm runs. */
const pressCtrlC: Stop = (npmPid) => process.kill(-npmPid, 'SIGINT');
const terminateNpm: Stop = (npmPid) => process.kill(npmPid, 'SIGTERM');
const killNpm: Stop = (npmPid) => process.kill(npmPid, 'SIGKILL');
const closeWindow: Stop = async (_npmPid, userData) => {
  const page = await deskPage(userData);
  await fetch(`${page?.debugUrl}/json/close/${page?.id}`);
};

/** Ends the command, and waits until nothing that it had started is there any more. */
async function stopCleanly({ child, output }: Command, stop: Stop, userData = ''): Promise<void> {
  const npmPid = child.pid ?? 0;
  const family = familyOf(npmPid);
  const tools = family.filter(({ command }) => command.startsWith('node build/run.mjs'));
  assert(tools.length === 0, 'a build tool still runs beside it');
  await stop(npmPid, userData);
  const deadline = performance.now() + stopTimeoutMs;
  while (survivors(family).length > 0 && performance.now() < deadline) await delay(100);
  const left = survivors(family);
  for (const one of left) process.kill(one.pid, 'SIGKILL');
  if (left.length > 0) {
    throw new Error(`left behind: ${left.map((one) => `${one.pid} ${one.command}`).join('\n')}\n${output()}`);
  }
}

/** The page that the window shows once the desk is there, by Chromium's own list. */
async function deskPage(userData: string): Promise<{ id: string; debugUrl: string } | null> {
  const portFile = join(userData, 'DevToolsActivePort');
  if (!existsSync(portFile)) return null;
  const debugUrl = `http://127.0.0.1:${readFileSync(portFile, 'utf8').split('\n')[0]}`;
  const page = await findDeskPage(debugUrl);
  return page ? { id: page.id, debugUrl } : null;
}

/** Opens the window, waits for it and for the database, and ends it all in one of the ways. */
function startAnd(stop: Stop): () => Promise<void> {
  return async () => {
    const work = makeFolder();
    const userData = join(work, 'user-data');
    const command = npm(['start', '--', `--user-data-dir=${userData}`, '--remote-debugging-port=0'], {
      ...surroundings(work),
    });
    try {
      await answerOf(command, 'the window', () => deskPage(userData));
      const postmaster = join(work, 'Smith, John/postgres/postmaster.pid');
      const isReady = async () => (readFileSync(postmaster, 'utf8').includes('ready') ? true : null);
      await answerOf(command, 'the database', isReady);
    } finally {
      await stopCleanly(command, stop, userData);
    }
  };
}

async function graphql<T>(url: string, query: string, token?: string): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query }),
  });
  if (!response.ok) throw new Error(`/graphql answered ${response.status}`);
  return ((await response.json()) as { data: T }).data;
}

/** As the page does with the link that was printed. */
async function signIn(url: string, output: string): Promise<string> {
  const code = /#code=(\S+)/.exec(output)?.[1];
  const response = await fetch(`${url}/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${code}` },
  });
  if (!response.ok) throw new Error(`the printed link was answered ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

/** What `npm run serve` runs once all is built, on the Node of the images, as an ordinary user of a machine of its own. */
function serveOnNewestNode(): Command {
  // The ports are open to the own computer alone: on the host's network that is here.
  const machine = ['--network', 'host', '--volume', `${root}:/desk:ro`, '--user', 'node'];
  const env = ['PORT=0', 'DATA_DIR=/home/node/desk'].flatMap((one) => ['--env', one]);
  const serve = ['node', '/desk/out/launch.cjs', 'serve'];
  return run('docker', ['run', '--rm', '--init', ...machine, ...env, 'node:24-slim', ...serve], {});
}

/** @param ownToken what a program of the person reads from the data folder, where that can be looked into */
async function takesATicket(command: Command, ownToken?: () => string): Promise<void> {
  try {
    const ready = async () => /ready: (http:\S+)[\s\S]*#code=\S+\n/.exec(command.output())?.[1] ?? null;
    const url = await answerOf(command, 'the address', ready);
    const health = await fetch(`${url}/health`);
    if (health.status !== 200) throw new Error(`/health answered ${health.status}`);
    const refusal = await graphql(url, '{ tickets { title } }').catch((error: Error) => error.message);
    if (refusal !== '/graphql answered 401')
      throw new Error(`a stranger was told ${JSON.stringify(refusal)}`);
    const token = await signIn(url, command.output());
    const input = '{ title: "Smoke", description: "Is there fire?", name: "CI" }';
    const created = await graphql<{ createTicket: { success: boolean } }>(
      url,
      `mutation { createTicket(input: ${input}) { success } }`,
      token,
    );
    if (!created.createTicket.success) throw new Error('createTicket did not succeed');
    await answerOf(command, 'the ticket', async () => {
      const asked = '{ tickets { title } }';
      const { tickets } = await graphql<{ tickets: { title: string }[] }>(url, asked, ownToken?.() ?? token);
      return tickets.length === 1 && tickets[0]?.title === 'Smoke' ? true : null;
    });
  } finally {
    await stopCleanly(command, terminateNpm);
  }
}

test('npm start opens the window, and Ctrl+C leaves no process', startAnd(pressCtrlC));
test('closing the window leaves no process', startAnd(closeWindow));
test('kill -9 of npm leaves no process', startAnd(killNpm));
test('npm run serve lets in by its link alone, and a ticket filed there is stored', async () => {
  const shell = surroundings(makeFolder());
  const command = npm(['run', 'serve'], { ...shell, PORT: '0' });
  await takesATicket(command, () => readFileSync(join(shell.DATA_DIR, 'api-token'), 'utf8').trim());
});
// The proxy and the ticket service run on it in compose.test.ts.
test.skipIf(!hasDocker())('the same on Node 24, in a bare container', () =>
  takesATicket(serveOnNewestNode()),
);
