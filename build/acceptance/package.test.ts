/**
 * The packed app as it is handed out, hardened: what is in it, its fuses, that it files a ticket and keeps it, and
 * that nothing put beside its archive is loaded. Then end-to-end tests on its twin, which differs in one fuse.
 */
import { execFile, execFileSync } from 'node:child_process';
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
import { promisify } from 'node:util';
import { listPackage } from '@electron/asar';
import { afterAll, afterEach, assert, inject, test } from 'vitest';
import { root } from '../bundle.ts';
import { readFuses, releaseFuses } from '../package/fuses.ts';
import {
  collectOutput,
  endFamily,
  type LaunchOptions,
  launchPacked,
  makeHome,
  type PackedDesk,
  spawnPacked,
} from './packed-desk.ts';
import { familyOf } from './process-tree.ts';
import { eventually } from './steps.ts';

const { hardened: packed, twin } = inject('packedApps');
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

/** A copy that its user may read and nobody may write, as an installed one is. */
function install(name: string): { executable: string; resources: string } {
  const folder = join(work, name);
  cpSync(packed.folder, folder, { recursive: true, verbatimSymlinks: true });
  return {
    executable: join(folder, relative(packed.folder, packed.executable)),
    resources: join(folder, relative(packed.folder, packed.resources)),
  };
}

function changeMode(folder: string, mode: string): void {
  if (process.platform !== 'win32') execFileSync('chmod', ['-R', mode, folder]);
}

async function fusesHold(): Promise<void> {
  const found = await readFuses(packed.executable);
  const wrong = Object.entries(releaseFuses).filter(([name, isOn]) => found[name as never] !== isOn);
  assert(wrong.length === 0, `not as released: ${wrong.map(([name]) => name).join(', ')}`);
}

const idle =
  /\.(map|ts|tsx|md|markdown|cc|h|gyp|c|cpp|a|proto\.js)$|(^|\/)(test|tests|docs)\/|(^|\/)(README|CHANGELOG)/i;

async function onlyWhatRunsIsInside(): Promise<void> {
  // Each with `unpack :` or `pack   :` before it: the former lie beside the archive.
  const archived = listPackage(join(packed.resources, 'app.asar'), { isPack: true });
  const beside = readdirSync(packed.resources, { recursive: true, encoding: 'utf8' });
  const paths = [...archived, ...beside].map((path) => path.replaceAll('\\', '/'));
  const idlePaths = paths.filter((path) => idle.test(path));
  assert(idlePaths.length === 0, `does not run:\n${idlePaths.join('\n')}`);
  const native = archived.filter((path) => path.endsWith('.node'));
  assert(
    native.length === 1 && native.every((path) => path.startsWith('unpack')),
    'one native part, unpacked',
  );
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
  changeMode(join(work, 'installed'), 'a-w,a+rX');
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
  assert(!/Debugger listening/i.test(first.output()), `it opened Node's inspector:\n${first.output()}`);
  assert(!existsSync(marker), 'it ran what NODE_OPTIONS names');

  const second = await launch({ executable: app.executable, home });
  await second.page.getByRole('row', { name: title }).waitFor({ timeout: 60_000 });
  const licences = await second.page.evaluate(async () => (await fetch('/licences.html')).text());
  for (const name of ['PostgreSQL', 'Electron', 'Chromium', 'react ', 'classic-level', 'libxml']) {
    assert(licences.includes(name), `the licences do not name ${name}`);
  }
  await second.quit();
  rmSync(home, { recursive: true });
}

async function keepsItsSandbox(): Promise<void> {
  const app = install('sandboxed');
  changeMode(join(work, 'sandboxed'), 'a+rX');
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
  assert(!familyOf(child.pid ?? 0).some(isPage), 'it opened a page');
  await endFamily(child);
  assert(!existsSync(join(home, 'data/desk')), 'it made a data folder');
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

/** On Linux Electron does not check the archive against a hash: there only root may write it, which keeps it whole. */
async function loadsNothingBesideTheArchive(): Promise<void> {
  const app = install('planted');
  const home = makeHome();
  const marker = join(home, 'marker');
  plantApp(app.resources, marker);
  changeMode(join(work, 'planted'), 'a+rX');
  const desk = await launch({ executable: app.executable, home });
  await desk.quit();
  assert(!existsSync(marker), 'with the archive there, the folder was loaded');

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
  assert(!existsSync(marker), `without the archive, the folder was loaded:\n${output()}`);
  rmSync(home, { recursive: true });
}

/** Those that touch what differs in a package: files beside the archive, child processes, profiles, rules of security. */
const twinTests = ['docker', 'filing', 'kill', 'lifecycle', 'profiles', 'security'].map(
  (name) => `electron/e2e/${name}.test.ts`,
);

async function twinPassesEndToEnd(): Promise<void> {
  const found = await readFuses(twin.executable);
  const differing = Object.entries(releaseFuses).filter(([name, isOn]) => found[name as never] !== isOn);
  assert(differing.length === 1, `the twin differs in ${differing.map(([name]) => name).join(', ')}`);
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project=e2e', ...twinTests];
  const env = { ...process.env, PACKED_DESK: twin.executable };
  const running = promisify(execFile)(process.execPath, vitest, { cwd: root, env, maxBuffer: 2 ** 26 });
  await running.catch(({ stdout, stderr }) => assert.fail(`${stdout}${stderr}`));
}

afterEach(async () => {
  for (const desk of launched.splice(0)) await desk.kill();
});
afterAll(() => {
  changeMode(work, 'u+w');
  rmSync(work, { recursive: true, force: true });
});

test('the fuses in the binary are those of a release', fusesHold);
test('only what runs on this system is inside, native code beside the archive', onlyWhatRunsIsInside);
test(
  'as an ordinary user, from a folder that nobody may write: a ticket is filed, and there after a restart; no way into the process',
  filesAndKeeps,
);
test('an ordinary user can not switch the sandbox off', keepsItsSandbox);
test(
  'a folder planted beside the archive is not loaded, not even in its place',
  loadsNothingBesideTheArchive,
);
test('the twin differs in one fuse, and passes end-to-end tests', twinPassesEndToEnd);
