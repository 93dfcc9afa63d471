/**
 * The packages as they are used where there is nothing else: installed by apt in a bare Debian, run by an ordinary user
 * with Chromium's sandbox on, killed, upgraded, removed; then the archive, unpacked in a home folder. Makes the packages
 * first. Needs a Docker engine on Linux; its last line is the count.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { deniesUserNamespaces } from './clean-machine/deny-user-namespaces.ts';
import { buildImages, mayMakeUserNamespaces, startMachine } from './clean-machine/machine.ts';
import { makeOlderApp } from './clean-machine/older-app.ts';
import { userOf } from './clean-machine/user.ts';
import { docker } from './compose-project.ts';
import { makeDeb } from './package/deb.ts';
import { depends } from './package/deb-files.ts';
import { packApp } from './package/pack.ts';
import { Problem, say } from './terminal.ts';

const olderVersion = '0.0.9';
const startedMs = performance.now();
const work = mkdtempSync(join(tmpdir(), 'ticket-desk-clean-'));
const name = `ticket-desk-clean-${process.pid}`;

function expect(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

async function preparePackages() {
  // Unpacked on the same machine at once: what takes long to make is not worth its smaller size.
  process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL = '1';
  const packed = await packApp({ targets: ['tar.gz'], isInspectable: false });
  const { version, isForTests } = packed;
  const older = join(work, `ticket-desk-${olderVersion}`);
  makeOlderApp({ from: packed.folder, to: older, version, olderVersion });
  const olderArchive = `${older}.tar.gz`;
  execFileSync('tar', ['-C', work, '-I', 'gzip -1', '-cf', olderArchive, basename(older)]);
  const quick = { outputFolder: work, isForTests, isQuick: true };
  const deb = await makeDeb({ ...quick, folder: packed.folder });
  const archive = packed.files.find((file) => file.endsWith('.tar.gz'));
  if (!archive) throw new Error('packing made no .tar.gz');
  return {
    version,
    deb,
    olderDeb: await makeDeb({ ...quick, folder: older, version: olderVersion }),
    archive,
    olderArchive,
  };
}

const hasEngine = await docker('version').then(
  () => process.platform === 'linux',
  () => false,
);
if (!hasEngine) throw new Problem('No Docker engine on Linux answers: start Docker.');

let passedCount = 0;
let failedCount = 0;

/** One thing after the other: what follows a failure has nothing to stand on. */
async function inOrder(steps: [string, () => Promise<void>][]): Promise<void> {
  for (const [index, [words, run]] of steps.entries()) {
    const stepMs = performance.now();
    try {
      await run();
      passedCount += 1;
      console.log(`ok     ${words} (${Math.round(performance.now() - stepMs)} ms)`);
    } catch (error) {
      console.log(`FAILED ${words}\n${(error as Error).message}`);
      for (const [left] of steps.slice(index + 1)) console.log(`FAILED ${left}: was not reached`);
      failedCount += steps.length - index;
      return;
    }
  }
}

type Packages = Awaited<ReturnType<typeof preparePackages>>;
type Images = Awaited<ReturnType<typeof buildImages>>;

/** What a bare machine, to which only the dependencies were added, has; the app's own leftovers are beyond that. */
async function pathsWithoutApp({ withLibraries }: Images): Promise<Set<string>> {
  const machine = await startMachine(withLibraries, []);
  try {
    return new Set(await machine.paths());
  } finally {
    await machine.remove();
  }
}

async function tryDeb(images: Images, packages: Packages): Promise<void> {
  const machine = await startMachine(images.bare, mayMakeUserNamespaces);
  const ada = userOf(machine, { user: 'ada', command: 'ticket-desk' });
  const aptInstall = async (file: string) => {
    await machine.copyIn(file, '/root/');
    // Without what is only recommended, which must not be needed.
    await machine.sh(
      `apt-get install -y -qq --no-install-recommends './${basename(file)}' >/tmp/apt.log 2>&1`,
    );
  };
  try {
    await inOrder([
      [
        'the machine is bare',
        async () => {
          const found = await machine.sh(
            'for one in node docker psql electron; do command -v $one || true; done',
          );
          expect(found === '', `it has ${found}`);
        },
      ],
      [
        'apt install brings what the package depends on, and the desktop knows the app',
        async () => {
          await aptInstall(packages.olderDeb);
          const missing = await machine.sh('ldd /usr/lib/ticket-desk/ticket-desk | grep "not found" || true');
          expect(missing === '', missing);
          const handler = await machine.sh('xdg-mime query default x-scheme-handler/ticketdesk', 'ada');
          expect(handler.trim() === 'ticket-desk.desktop', `ticketdesk: is opened by ${handler}`);
        },
      ],
      ['an ordinary user starts it, with the sandbox on by user namespaces', () => ada.starts(olderVersion)],
      ['it files and stores a ticket with nothing else installed', () => ada.files('Before anything')],
      ['kill -9 loses no ticket and leaves no second Postgres', () => ada.survivesKill()],
      ['what is typed and what waits unsent outlasts kill -9', () => ada.leavesWorkUndone()],
      [
        'the upgrade keeps tickets, outbox, draft and settings',
        async () => {
          await aptInstall(packages.deb);
          await ada.findsAllAgain(packages.version);
        },
      ],
      ['closing the window leaves no process', () => ada.closes()],
      [
        'apt remove leaves the data of the user and nothing else',
        async () => {
          const data = await ada.dataPaths();
          await machine.sh('apt-get remove -y -qq ticket-desk');
          // It has no files that only a purge would remove: dpkg does not know it any more.
          const known = await machine.sh('dpkg-query --show ticket-desk 2>/dev/null || true');
          expect(known === '', `dpkg still knows ${known}`);
          expect((await ada.dataPaths()).join() === data.join(), 'the data is not what it was');
          const clean = await pathsWithoutApp(images);
          const left = (await machine.paths()).filter((path) => !clean.has(path) && !ada.owns(path));
          expect(left.length === 0, `left behind:\n${left.join('\n')}`);
        },
      ],
    ]);
  } finally {
    await machine.remove();
  }
}

async function tryWithoutUserNamespaces(images: Images, packages: Packages): Promise<void> {
  const machine = await startMachine(images.withLibraries, deniesUserNamespaces(work));
  const ada = userOf(machine, { user: 'ada', command: 'ticket-desk' });
  try {
    await inOrder([
      [
        'where users may make no namespaces, the package sets up the sandbox’s helper',
        async () => {
          await machine.copyIn(packages.olderDeb, '/root/');
          await machine.sh(`dpkg --install /root/${basename(packages.olderDeb)}`);
          await ada.starts(olderVersion);
          await ada.closes();
        },
      ],
    ]);
  } finally {
    await machine.remove();
  }
}

async function tryArchive(images: Images, packages: Packages): Promise<void> {
  const machine = await startMachine(images.withLibraries, mayMakeUserNamespaces);
  const grace = userOf(machine, { user: 'grace', command: 'apps/ticket-desk/ticket-desk' });
  const unpack = async (file: string) => {
    await machine.copyIn(file, '/tmp/');
    const from = `/tmp/${basename(file)}`;
    await machine.sh(
      `rm -rf apps/ticket-desk && mkdir -p apps/ticket-desk && tar -xzf '${from}' -C apps/ticket-desk --strip-components=1`,
      'grace',
    );
  };
  try {
    await inOrder([
      [
        'tar.gz: unpacked in a home folder it starts, with the sandbox on',
        async () => {
          await unpack(packages.olderArchive);
          await grace.starts(olderVersion);
        },
      ],
      ['tar.gz: it files and stores a ticket', () => grace.files('From a home folder')],
      ['tar.gz: kill -9 loses no ticket and leaves no second Postgres', () => grace.survivesKill()],
      ['tar.gz: what is typed and what waits unsent outlasts kill -9', () => grace.leavesWorkUndone()],
      [
        'tar.gz: a newer one in its place keeps tickets, outbox, draft and settings',
        async () => {
          await unpack(packages.archive);
          await grace.findsAllAgain(packages.version);
          await grace.closes();
        },
      ],
      [
        'tar.gz: its folder removed, the data of the user is left and nothing else',
        async () => {
          await machine.sh('rm -rf apps', 'grace');
          const clean = await pathsWithoutApp(images);
          const left = (await machine.paths()).filter((path) => !clean.has(path) && !grace.owns(path));
          expect(left.length === 0, `left behind:\n${left.join('\n')}`);
        },
      ],
    ]);
  } finally {
    await machine.remove();
  }
}

const sinceStart = () => `${Math.round((performance.now() - startedMs) / 1000)} s`;
const buildingImages = buildImages(name, depends());
try {
  const [packages, images] = await Promise.all([preparePackages(), buildingImages]);
  say(`       the packages and the machines were there after ${sinceStart()}`);
  await Promise.all([
    tryDeb(images, packages),
    tryWithoutUserNamespaces(images, packages).then(() => tryArchive(images, packages)),
  ]);
} finally {
  const images = await buildingImages.catch(() => ({}));
  if (Object.keys(images).length > 0) await docker('image', 'rm', ...Object.values(images));
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failedCount > 0 ? 1 : 0;
say(`       all of it took ${sinceStart()}`);
console.log(`${passedCount} passed, ${failedCount} failed`);
