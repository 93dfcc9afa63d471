/**
 * A Debian package of the unpacked app, by dpkg-deb alone: electron-builder's way needs fpm, which it downloads from
 * where not everybody gets. The same commit makes the same bytes.
 */
import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../bundle.ts';
import {
  type AppManifest,
  componentId,
  control,
  copyright,
  desktopEntry,
  libFolder,
  metainfo,
  postinst,
} from './deb-files.ts';
import { stageDir } from './stage.ts';

export interface DebOptions {
  /** The unpacked app. */
  folder: string;
  /** Where the package goes. */
  outputFolder: string;
  /** Marks the file's name: the app in it holds the older runtime, or can be inspected. */
  isForTests: boolean;
  /** What the app was packed from (build/package/stage.ts): its manifest and icons are there. */
  staged?: string;
  /** Instead of the app's own; for tests. */
  version?: string;
  /** Fast and large, for tests. */
  isQuick?: boolean;
}

/** What dpkg calls them. */
const architectures: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };

/** https://reproducible-builds.org/specs/source-date-epoch, else when the commit was made; in seconds. */
function sourceDateSeconds(): number {
  const given = process.env.SOURCE_DATE_EPOCH;
  return Number(given ?? execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }));
}

function readManifest(staged: string): AppManifest {
  return JSON.parse(readFileSync(join(staged, 'app/package.json'), 'utf8'));
}

/** Paths of all that is below the folder, itself included, sorted. */
function allBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [folder, ...names.map((name) => join(folder, name))].sort();
}

function write(path: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode });
}

/** Everything but what dpkg alone reads. */
function layOut(tree: string, { folder, staged = stageDir }: DebOptions, manifest: AppManifest, date: Date) {
  const app = join(tree, libFolder);
  cpSync(folder, app, { recursive: true, verbatimSymlinks: true });
  // Read by electron-updater: such an app is not replaced behind dpkg's back.
  write(join(app, 'resources/package-type'), 'deb');
  mkdirSync(join(tree, 'usr/bin'));
  symlinkSync(`../${relative('usr', libFolder)}/${manifest.name}`, join(tree, 'usr/bin', manifest.name));
  const share = join(tree, 'usr/share');
  write(join(share, 'applications', `${manifest.name}.desktop`), desktopEntry(manifest));
  const day = date.toISOString().slice(0, 10);
  write(join(share, 'metainfo', `${componentId}.metainfo.xml`), metainfo(manifest, day));
  for (const icon of readdirSync(join(staged, 'icons'))) {
    const size = /^(\d+x\d+)\.png$/.exec(icon)?.[1];
    if (!size) continue;
    const target = join(share, 'icons/hicolor', size, 'apps', `${manifest.name}.png`);
    cpSync(join(staged, 'icons', icon), target);
  }
  const doc = join(share, 'doc', manifest.name);
  write(join(doc, 'copyright'), copyright(manifest));
}

function writeControl(tree: string, manifest: AppManifest): void {
  const files = allBelow(join(tree, 'usr')).filter((path) => lstatSync(path).isFile());
  const sizes = files.map((path) => Math.ceil(lstatSync(path).size / 1024));
  const installedKib = sizes.reduce((sum, size) => sum + size, 0);
  const architecture = architectures[process.arch] ?? process.arch;
  write(join(tree, 'DEBIAN/control'), control(manifest, architecture, installedKib));
  write(join(tree, 'DEBIAN/postinst'), postinst, 0o755);
}

/** The same rights and times whoever makes it, and whenever. */
function normalise(tree: string, seconds: number): void {
  for (const path of allBelow(tree)) {
    const stat = lstatSync(path);
    // A library is loaded, not run.
    const isRun = (stat.mode & 0o100) !== 0 && !/\.so(\.\d+)*$/.test(path);
    if (!stat.isSymbolicLink()) chmodSync(path, stat.isDirectory() || isRun ? 0o755 : 0o644);
    lutimesSync(path, seconds, seconds);
  }
}

/** Makes the package, and answers its path. @throws when dpkg-deb is missing or fails */
export async function makeDeb(options: DebOptions): Promise<string> {
  const { outputFolder, isForTests, version, staged = stageDir, isQuick = false } = options;
  const manifest = { ...readManifest(staged), ...(version && { version }) };
  const seconds = sourceDateSeconds();
  const marks = isForTests ? '-for-tests' : '';
  const architecture = architectures[process.arch] ?? process.arch;
  const name = `${manifest.name}-${manifest.version}-linux-${architecture}${marks}`;
  const tree = join(outputFolder, name);
  const file = `${tree}.deb`;
  rmSync(tree, { recursive: true, force: true });
  try {
    layOut(tree, options, manifest, new Date(seconds * 1000));
    writeControl(tree, manifest);
    normalise(tree, seconds);
    const compression = isQuick ? ['-Zgzip', '-z1'] : ['-Zxz', '-z6'];
    const args = ['--root-owner-group', ...compression, '--build', tree, file];
    await promisify(execFile)('dpkg-deb', args, {
      env: { ...process.env, SOURCE_DATE_EPOCH: `${seconds}` },
    });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
  return file;
}
