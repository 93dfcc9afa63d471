/** On real files; read by electron-updater itself, as the desk does. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MacUpdater } from 'electron-updater/out/MacUpdater.js';
import { findFile, parseUpdateInfo, resolveFiles } from 'electron-updater/out/providers/Provider.js';
import { afterAll, describe, expect, test } from 'vitest';
import { packageOf } from '../../electron/updates/feed.ts';
import { feedFileName, joinBuilds, readFeedAddress, writeFeedFile } from './publish.ts';

const work = mkdtempSync(join(tmpdir(), 'ticket-desk-feed-'));
afterAll(() => rmSync(work, { recursive: true }));

const address = new URL('https://updates.example.org/desk/');
const sha512 = (text: string) => createHash('sha512').update(text).digest('base64');

function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** What electron-updater makes of the file. */
function read(path: string) {
  const info = parseUpdateInfo(readFileSync(path, 'utf8'), 'latest.yml', address);
  return { ...info, resolved: resolveFiles(info, address) };
}

describe('the address of the feed', () => {
  test.each([
    ['https://updates.example.org/desk', 'https://updates.example.org/desk/'],
    ['https://updates.example.org/', 'https://updates.example.org/'],
    [undefined, null],
    ['', null],
  ])('%s is taken as %s', (given, taken) => {
    expect(readFeedAddress(given)).toBe(taken);
  });

  test.each([
    'http://updates.example.org/',
    'file:///srv/updates',
    'updates.example.org',
    'https://ada:secret@updates.example.org/',
    'https://updates.example.org/?token=secret',
  ])('%s is refused, by a message that names the variable and no secret', (given) => {
    expect(() => readFeedAddress(given)).toThrow(/^TICKET_DESK_UPDATE_FEED must be the https address/);
    expect(() => readFeedAddress(given)).not.toThrow(/secret/);
  });
});

test('each system asks for its own file', () => {
  expect(feedFileName({ platform: 'linux', arch: 'x64' })).toBe('latest-linux.yml');
  expect(feedFileName({ platform: 'linux', arch: 'arm64' })).toBe('latest-linux-arm64.yml');
  expect(feedFileName({ platform: 'win32', arch: 'x64' })).toBe('latest.yml');
  expect(feedFileName({ platform: 'darwin', arch: 'arm64' })).toBe('latest-mac.yml');
});

describe.each(['', '-for-tests'])('packages of a build, with names that end in "%s"', (mark) => {
  const folder = join(work, `linux${mark}`);
  const name = (kind: string) => `ticket-desk-1.2.0-linux-${kind}`;
  const names = [`x86_64${mark}.AppImage`, `amd64${mark}.deb`, `x86_64${mark}.rpm`, `x64${mark}.tar.gz`].map(
    name,
  );
  const options = {
    folder,
    system: { platform: 'linux' as const, arch: 'x64' },
    version: '1.2.0',
    made: names.map((one) => join(folder, one)),
  };

  test('are all named, each with its sha512 and its length, and the desk finds its own kind', async () => {
    for (const path of options.made) write(path, path);
    const info = read(await writeFeedFile(options));
    expect(info.version).toBe('1.2.0');
    expect(info.files).toEqual(
      options.made.map((path, at) => ({ url: names[at], sha512: sha512(path), size: path.length })),
    );
    const offer = { files: info.resolved.map(({ url }) => url.href) };
    for (const [at, kind] of ['AppImage', 'deb', 'rpm', 'tar.gz'].entries()) {
      expect(packageOf(offer, kind)).toBe(`${address}${names[at]}`);
    }
    expect(findFile(info.resolved, 'AppImage')?.info.url).toBe(names[0]);
  });

  test('keep what electron-builder has said of them', async () => {
    const [appImage = '', ...others] = options.made;
    write(appImage, 'packed');
    for (const path of others) write(path, path);
    write(
      join(folder, 'latest-linux.yml'),
      `version: 1.2.0\nfiles:\n  - url: ${names[0]}\n    sha512: ${sha512('packed')}\n    size: 6\n    blockMapSize: 42\npath: ${names[0]}\nsha512: ${sha512('packed')}\nreleaseDate: '2026-11-24T12:00:00.000Z'\n`,
    );
    const made = [...options.made, join(folder, 'latest-linux.yml'), `${appImage}.blockmap`];
    const info = read(await writeFeedFile({ ...options, made }));
    expect(info.files.map(({ url }) => url)).toEqual(names);
    expect(info.files[0]).toEqual({ url: names[0], sha512: sha512('packed'), size: 6, blockMapSize: 42 });
    expect(info.releaseDate).toBe('2026-11-24T12:00:00.000Z');
  });
});

describe('the builds of several systems', () => {
  /** One build's folder, as its own machine made it. */
  async function build(folder: string, platform: NodeJS.Platform, arch: string, version = '1.2.0') {
    const os = platform === 'darwin' ? 'mac' : platform;
    const own = join(folder, `${os}-${arch}`);
    const made = (os === 'mac' ? ['dmg', 'zip'] : ['deb']).map((extension) =>
      write(join(own, `ticket-desk-${version}-${os}-${arch}.${extension}`), `${os} ${arch} ${extension}`),
    );
    await writeFeedFile({ folder: own, system: { platform, arch }, version, made });
    return own;
  }

  test('come into one folder, and each kind of Mac takes its own file', async () => {
    const folder = join(work, 'joined');
    await build(folder, 'darwin', 'x64');
    await build(folder, 'darwin', 'arm64');
    await build(folder, 'linux', 'arm64');
    expect((await joinBuilds(folder)).sort()).toEqual(['latest-linux-arm64.yml', 'latest-mac.yml']);
    expect(readdirSync(folder).sort()).toEqual([
      'latest-linux-arm64.yml',
      'latest-mac.yml',
      'ticket-desk-1.2.0-linux-arm64.deb',
      'ticket-desk-1.2.0-mac-arm64.dmg',
      'ticket-desk-1.2.0-mac-arm64.zip',
      'ticket-desk-1.2.0-mac-x64.dmg',
      'ticket-desk-1.2.0-mac-x64.zip',
    ]);
    const { resolved } = read(join(folder, 'latest-mac.yml'));
    expect(resolved).toHaveLength(4);
    // Private in electron-updater's types, static in its code.
    const { filterFilesForArch } = MacUpdater as unknown as {
      filterFilesForArch(files: typeof resolved, isArm64Mac: boolean): typeof resolved;
    };
    for (const [arch, isArm] of [
      ['x64', false],
      ['arm64', true],
    ] as const) {
      const zip = findFile(filterFilesForArch(resolved, isArm), 'zip', ['pkg', 'dmg']);
      expect(zip?.url.href).toBe(`${address}ticket-desk-1.2.0-mac-${arch}.zip`);
      expect(zip?.info.sha512).toBe(sha512(`mac ${arch} zip`));
    }
  });

  test('are refused, and left as they are, where a feed is not true', async () => {
    const folder = join(work, 'untrue');
    const own = await build(folder, 'darwin', 'x64');
    const zip = write(join(own, 'ticket-desk-1.2.0-mac-x64.zip'), 'another');
    await expect(joinBuilds(folder)).rejects.toThrow(/latest-mac\.yml names .*x64\.zip with another sha512/);
    rmSync(zip);
    await expect(joinBuilds(folder)).rejects.toThrow(/x64\.zip, which no build has made/);
    expect(readdirSync(folder)).toEqual(['mac-x64']);
  });

  test('are refused where they differ in their version', async () => {
    const folder = join(work, 'two-versions');
    await build(folder, 'darwin', 'x64');
    await build(folder, 'darwin', 'arm64', '1.3.0');
    await expect(joinBuilds(folder)).rejects.toThrow('latest-mac.yml is of two versions, 1.3.0 and 1.2.0');
  });

  test('are refused where two made a file of the same name', async () => {
    const folder = join(work, 'same-name');
    const own = await build(folder, 'linux', 'x64');
    write(join(folder, 'another/ticket-desk-1.2.0-linux-x64.deb'), 'another');
    await expect(joinBuilds(folder)).rejects.toThrow('the name ticket-desk-1.2.0-linux-x64.deb');
    expect(readdirSync(own)).toHaveLength(2);
  });
});
