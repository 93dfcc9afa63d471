/**
 * The packed app as it is handed out, hardened: what is in it, its fuses, that it files a ticket and keeps it, and
 * that nothing put beside its archive is loaded. Then end-to-end tests on its twin, which differs in one fuse.
 * Needs a display or Xvfb; its last line is the count.
 */

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root } from './bundle.ts';
import { runInForeground } from './child.ts';
import { startTestDisplays } from './display.ts';
import { eventually } from './eventually.ts';
import { archivedFiles } from './package/asar.ts';
import { readFuses, releaseFuses } from './package/fuses.ts';
import { packApp } from './package/pack.ts';
import {
  collectOutput,
  endFamily,
  type LaunchOptions,
  launchPacked,
  makeHome,
  type PackedDesk,
  spawnPacked,
} from './package/packed-desk.ts';
import { familyOf } from './processes.ts';
import { ensureSystem, hasDisplay } from './system.ts';
import { say } from './terminal.ts';

const packed = await packApp({ targets: [], isInspectable: false });
await ensureSystem({ electronExecutable: packed.executable, virtualDisplay: !hasDisplay() });
const displays = hasDisplay() ? null : await startTestDisplays();
Object.assign(process.env, displays?.env);

const work = mkdtempSync(join(tmpdir(), 'ticket-desk-package-'));
// The ordinary user that the app is started as looks in.
chmodSync(work, 0o755);

const launched: PackedDesk[] = [];

/** Starts it, to be ended with its step. */
async function launch(options: LaunchOptions): Promise<PackedDesk> {
  const desk = await launchPacked(options);
  launched.push(desk);
  return desk;
}

function expect(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

/** A copy that its user may read and nobody may write, as an installed one is. */
function install(name: string): { executable: string; resources: string } {
  const folder = join(work, name);
  cpSync(packed.folder, folder, { recursive: true, verbatimSymlinks: true });
  return {
    executable: join(folder, relative(packed.folder, packed.executable)),
    resources: join(folder, relative(packed.folder, packed.resources)),
  };
}

function protect(folder: string): void {
  if (process.platform !== 'win32') execFileSync('chmod', ['-R', 'a-w,a+rX', folder]);
}

async function fusesHold(): Promise<void> {
  const found = await readFuses(packed.executable);
  const wrong = Object.entries(releaseFuses).filter(([name, isOn]) => found[name as never] !== isOn);
  expect(wrong.length === 0, `not as released: ${wrong.map(([name]) => name).join(', ')}`);
}

const idle =
  /\.(map|ts|tsx|md|markdown|cc|h|gyp|c|cpp|a|proto\.js)$|(^|\/)(test|tests|docs)\/|(^|\/)(README|CHANGELOG)/i;

async function onlyWhatRunsIsInside(): Promise<void> {
  const archived = archivedFiles(join(packed.resources, 'app.asar'));
  const beside = readdirSync(packed.resources, { recursive: true, encoding: 'utf8' });
  const paths = [...archived.map(({ path }) => path), ...beside.map((path) => path.replaceAll('\\', '/'))];
  const idlePaths = paths.filter((path) => idle.test(path));
  expect(idlePaths.length === 0, `does not run:\n${idlePaths.join('\n')}`);
  const native = archived.filter(({ path }) => path.endsWith('.node'));
  expect(native.length === 1 && native.every(({ isUnpacked }) => isUnpacked), 'one native part, unpacked');
}

/** What could make it run something else, or open a door; with the fuses as they are none of it does anything. */
function hostile(marker: string): { args: string[]; env: Record<string, string> } {
  const script = join(work, 'hostile.cjs');
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, 'ran')`);
  // In the tests this one stands for the organisation's file. Obeyed here, no ticket would get stored.
  const managed = join(work, 'managed.json');
  writeFileSync(managed, '{ "profile": "team", "ticketServiceAddress": "127.0.0.1:1" }');
  return {
    args: ['--inspect=0'],
    env: {
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: `--require ${script}`,
      TICKET_DESK_MANAGED_CONFIG: managed,
    },
  };
}

async function filesAndKeeps(): Promise<void> {
  const app = install('installed');
  protect(join(work, 'installed'));
  const home = makeHome();
  const marker = join(home, 'marker');
  const title = 'Projector in room 4 stays dark';
  const first = await launch({ executable: app.executable, home, ...hostile(marker) });
  // Keys count from when the page is drawn.
  await first.page.getByRole('button', { name: 'New' }).first().waitFor({ timeout: 60_000 });
  await first.page.keyboard.press('Control+n');
  await first.page.waitForFunction(() => document.activeElement?.getAttribute('data-field') === 'title');
  await first.page.keyboard.type(title);
  await first.page.keyboard.press('Tab');
  await first.page.keyboard.type('Since the morning');
  await first.page.keyboard.press('Tab');
  await first.page.keyboard.type('Ada');
  await first.page.keyboard.press('Control+Enter');
  const stored = (page: typeof first.page) =>
    page.locator('.ticket-row[data-state="STORED"]', { hasText: title }).waitFor({ timeout: 60_000 });
  await stored(first.page);
  await first.quit();
  expect(!/Debugger listening/i.test(first.output()), `it opened Node's inspector:\n${first.output()}`);
  expect(!existsSync(marker), 'it ran what NODE_OPTIONS names');

  const second = await launch({ executable: app.executable, home });
  await second.page.getByRole('row', { name: title }).waitFor({ timeout: 60_000 });
  const licences = await second.page.evaluate(async () => (await fetch('/licences.html')).text());
  for (const name of ['PostgreSQL', 'Electron', 'Chromium', 'react ', 'classic-level', 'libxml']) {
    expect(licences.includes(name), `the licences do not name ${name}`);
  }
  await second.quit();
  rmSync(home, { recursive: true });
}

async function keepsItsSandbox(): Promise<void> {
  const app = install('sandboxed');
  execFileSync('chmod', ['-R', 'a+rX', join(work, 'sandboxed')]);
  const home = makeHome();
  const child = spawnPacked({ executable: app.executable, home, args: ['--no-sandbox'] });
  const output = collectOutput(child);
  await eventually(
    'the reason',
    async () => (output().includes('does not run with --no-sandbox') ? true : null),
    30_000,
  );
  // A dialog shows it, too, and waits for the person; nothing else was begun.
  const isPage = ({ command }: { command: string }) => command.includes('--type=renderer');
  expect(!familyOf(child.pid ?? 0).some(isPage), 'it opened a page');
  await endFamily(child);
  expect(!existsSync(join(home, 'data/desk')), 'it made a data folder');
  rmSync(home, { recursive: true });
}

/** An app of somebody else, that says so in a file when it is loaded. */
function plantApp(resources: string, marker: string): void {
  const folder = join(resources, 'app');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "planted", "main": "main.cjs" }');
  writeFileSync(
    join(folder, 'main.cjs'),
    `require('node:fs').writeFileSync(${JSON.stringify(marker)}, 'ran'); require('electron').app.quit();`,
  );
}

async function loadsNothingBesideTheArchive(): Promise<void> {
  const app = install('planted');
  const home = makeHome();
  const marker = join(home, 'marker');
  plantApp(app.resources, marker);
  execFileSync('chmod', ['-R', 'a+rX', join(work, 'planted')]);
  const desk = await launch({ executable: app.executable, home });
  await desk.quit();
  expect(!existsSync(marker), 'with the archive there, the folder was loaded');

  rmSync(join(app.resources, 'app.asar'));
  const child = spawnPacked({ executable: app.executable, home });
  const output = collectOutput(child);
  const ended = new Promise<boolean>((resolve) => {
    child.once('close', () => resolve(true));
    // It may show a dialog and wait: it has then loaded nothing either.
    setTimeout(() => resolve(false), 15_000).unref();
  });
  await ended;
  await endFamily(child);
  expect(!existsSync(marker), `without the archive, the folder was loaded:\n${output()}`);
  rmSync(home, { recursive: true });
}

/** Those that touch what differs in a package: files beside the archive, child processes, profiles, rules of security. */
const twinTests = ['docker', 'filing', 'kill', 'lifecycle', 'profiles', 'security'].map(
  (name) => `electron/e2e/${name}.test.ts`,
);

async function twinPassesEndToEnd(): Promise<void> {
  const twin = await packApp({ targets: [], isInspectable: true });
  const found = await readFuses(twin.executable);
  const differing = Object.entries(releaseFuses).filter(([name, isOn]) => found[name as never] !== isOn);
  expect(differing.length === 1, `the twin differs in ${differing.map(([name]) => name).join(', ')}`);
  const code = await runInForeground({
    command: process.execPath,
    args: [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project=e2e', ...twinTests],
    env: { ...process.env, PACKED_DESK: twin.executable },
  });
  expect(code === 0, 'see above');
}

const steps = [
  { name: 'the fuses in the binary are those of a release', run: fusesHold },
  {
    name: 'only what runs on this system is inside, native code beside the archive',
    run: onlyWhatRunsIsInside,
  },
  {
    name: 'as an ordinary user, from a folder that nobody may write: a ticket is filed, and there after a restart; no way into the process',
    run: filesAndKeeps,
  },
  { name: 'an ordinary user can not switch the sandbox off', run: keepsItsSandbox },
  {
    name: 'a folder planted beside the archive is not loaded, not even in its place',
    run: loadsNothingBesideTheArchive,
  },
  { name: 'the twin differs in one fuse, and passes end-to-end tests', run: twinPassesEndToEnd },
];

let failedCount = 0;
for (const step of steps) {
  try {
    await step.run();
    console.log(`ok     ${step.name}`);
  } catch (error) {
    failedCount += 1;
    console.log(`FAILED ${step.name}\n${(error as Error).message}`);
  }
  for (const desk of launched.splice(0)) await desk.kill();
}
if (process.platform === 'linux') {
  say(
    'On Linux Electron does not check the archive against a hash (on Windows and macOS it does): there a file that only root may write is what keeps it whole.',
  );
}
if (process.platform !== 'win32') execFileSync('chmod', ['-R', 'u+w', work]);
rmSync(work, { recursive: true, force: true });
await displays?.stop();
process.exitCode = failedCount > 0 ? 1 : 0;
console.log(`${steps.length - failedCount} passed, ${failedCount} failed`);
