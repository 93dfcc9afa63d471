/**
 * The packages as they are used where there is nothing else: installed by apt in a bare Debian, run by an ordinary user
 * with Chromium's sandbox on, killed, upgraded, removed; then the archive, unpacked in a home folder. Needs a Docker
 * engine on Linux.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, assert, beforeAll, describe, inject, test } from 'vitest';
import { makeDeb } from '../package/deb.ts';
import { depends } from '../package/deb-files.ts';
import { docker, hasDocker } from './compose-project.ts';
import { deniesUserNamespaces } from './deny-user-namespaces.ts';
import { buildImages, type Images, type Machine, mayMakeUserNamespaces, startMachine } from './machine.ts';
import { makeOlderApp } from './older-app.ts';
import { leaveOutAfterFailure } from './steps.ts';
import { type User, userOf } from './user.ts';

const olderVersion = '0.0.9';
const work = mkdtempSync(join(tmpdir(), 'ticket-desk-clean-'));
const name = `ticket-desk-clean-${process.pid}`;

async function preparePackages() {
  const { hardened: packed } = inject('packedApps');
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

let packages: Awaited<ReturnType<typeof preparePackages>>;
let images: Images;

describe.skipIf(!hasDocker() || process.platform !== 'linux')(
  'packages on bare machines (skipped without a Docker engine on Linux)',
  () => {
    beforeAll(async () => {
      [packages, images] = await Promise.all([preparePackages(), buildImages(name, depends())]);
    });
    afterAll(async () => {
      if (images) await docker('image', 'rm', ...Object.values(images));
      rmSync(work, { recursive: true, force: true });
    });

    /** What a bare machine, to which only the dependencies were added, has; the app's own leftovers are beyond that. */
    async function pathsWithoutApp(): Promise<Set<string>> {
      const machine = await startMachine(images.withLibraries, []);
      try {
        return new Set(await machine.paths());
      } finally {
        await machine.remove();
      }
    }

    describe('the deb', () => {
      leaveOutAfterFailure();
      let machine: Machine;
      let ada: User;
      beforeAll(async () => {
        machine = await startMachine(images.bare, mayMakeUserNamespaces);
        ada = userOf(machine, { user: 'ada', command: 'ticket-desk' });
      });
      afterAll(() => machine?.remove());
      const aptInstall = async (file: string) => {
        await machine.copyIn(file, '/root/');
        // Without what is only recommended, which must not be needed.
        await machine.sh(
          `apt-get install -y -qq --no-install-recommends './${basename(file)}' >/tmp/apt.log 2>&1`,
        );
      };
      test('the machine is bare', async () => {
        const found = await machine.sh(
          'for one in node docker psql electron; do command -v $one || true; done',
        );
        assert(found === '', `it has ${found}`);
      });
      test('apt install brings what the package depends on, and the desktop knows the app', async () => {
        await aptInstall(packages.olderDeb);
        const missing = await machine.sh('ldd /usr/lib/ticket-desk/ticket-desk | grep "not found" || true');
        assert(missing === '', missing);
        const handler = await machine.sh('xdg-mime query default x-scheme-handler/ticketdesk', 'ada');
        assert(handler.trim() === 'ticket-desk.desktop', `ticketdesk: is opened by ${handler}`);
      });
      test('an ordinary user starts it, with the sandbox on by user namespaces', () =>
        ada.starts(olderVersion));
      test('it files and stores a ticket with nothing else installed', () => ada.files('Before anything'));
      test('kill -9 loses no ticket and leaves no second Postgres', () => ada.survivesKill());
      test('what is typed and what waits unsent outlasts kill -9', () => ada.leavesWorkUndone());
      test('the upgrade keeps tickets, outbox, draft and settings', async () => {
        await aptInstall(packages.deb);
        await ada.findsAllAgain(packages.version);
      });
      test('closing the window leaves no process', () => ada.closes());
      test('apt remove leaves the data of the user and nothing else', async () => {
        const data = await ada.dataPaths();
        await machine.sh('apt-get remove -y -qq ticket-desk');
        // It has no files that only a purge would remove: dpkg does not know it any more.
        const known = await machine.sh('dpkg-query --show ticket-desk 2>/dev/null || true');
        assert(known === '', `dpkg still knows ${known}`);
        assert((await ada.dataPaths()).join() === data.join(), 'the data is not what it was');
        const clean = await pathsWithoutApp();
        const left = (await machine.paths()).filter((path) => !clean.has(path) && !ada.owns(path));
        assert(left.length === 0, `left behind:\n${left.join('\n')}`);
      });
    });

    describe('the deb where users may make no namespaces', () => {
      let machine: Machine;
      let ada: User;
      beforeAll(async () => {
        machine = await startMachine(images.withLibraries, deniesUserNamespaces(work));
        ada = userOf(machine, { user: 'ada', command: 'ticket-desk' });
      });
      afterAll(() => machine?.remove());
      test('the package sets up the sandbox’s helper', async () => {
        await machine.copyIn(packages.olderDeb, '/root/');
        await machine.sh(`dpkg --install /root/${basename(packages.olderDeb)}`);
        await ada.starts(olderVersion);
        await ada.closes();
      });
    });

    describe('the tar.gz', () => {
      leaveOutAfterFailure();
      let machine: Machine;
      let grace: User;
      beforeAll(async () => {
        machine = await startMachine(images.withLibraries, mayMakeUserNamespaces);
        grace = userOf(machine, { user: 'grace', command: 'apps/ticket-desk/ticket-desk' });
      });
      afterAll(() => machine?.remove());
      const unpack = async (file: string) => {
        await machine.copyIn(file, '/tmp/');
        const from = `/tmp/${basename(file)}`;
        await machine.sh(
          `rm -rf apps/ticket-desk && mkdir -p apps/ticket-desk && tar -xzf '${from}' -C apps/ticket-desk --strip-components=1`,
          'grace',
        );
      };
      test('unpacked in a home folder it starts, with the sandbox on', async () => {
        await unpack(packages.olderArchive);
        await grace.starts(olderVersion);
      });
      test('it files and stores a ticket', () => grace.files('From a home folder'));
      test('kill -9 loses no ticket and leaves no second Postgres', () => grace.survivesKill());
      test('what is typed and what waits unsent outlasts kill -9', () => grace.leavesWorkUndone());
      test('a newer one in its place keeps tickets, outbox, draft and settings', async () => {
        await unpack(packages.archive);
        await grace.findsAllAgain(packages.version);
        await grace.closes();
      });
      test('its folder removed, the data of the user is left and nothing else', async () => {
        await machine.sh('rm -rf apps', 'grace');
        const clean = await pathsWithoutApp();
        const left = (await machine.paths()).filter((path) => !clean.has(path) && !grace.owns(path));
        assert(left.length === 0, `left behind:\n${left.join('\n')}`);
      });
    });
  },
);
