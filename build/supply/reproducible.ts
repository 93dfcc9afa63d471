/** Two builds of the same sources give the same bytes: what reaches people can be built again and compared. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../bundle.ts';
import { type BundleContents, readContents } from '../bundle-contents.ts';
import type { LockedPackage } from './lock-file.ts';

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function firstDifference(one: Buffer, other: Buffer): string {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  const start = at < 0 ? Math.min(one.length, other.length) : at;
  const near = (bytes: Buffer) => JSON.stringify(bytes.toString('utf8', Math.max(0, start - 30), start + 50));
  return `differs at byte ${start}: ${near(one)} and ${near(other)}`;
}

/** A line for each file that is not in both folders, byte for byte. */
export function folderDifferences(one: string, other: string): string[] {
  const inOther = new Set(filesIn(other));
  const inOne = filesIn(one);
  const onlyInOther = [...inOther].filter((path) => !inOne.includes(path));
  return [
    ...inOne.flatMap((path) => {
      if (!inOther.has(path)) return [`${path} was built the first time only`];
      const [first, second] = [readFileSync(join(one, path)), readFileSync(join(other, path))];
      return first.equals(second) ? [] : [`${path} ${firstDifference(first, second)}`];
    }),
    ...onlyInOther.map((path) => `${path} was built the second time only`),
  ];
}

/** A line for each file that names one of these folders: they are of this machine alone. */
export function foldersNamed(built: string, folders: readonly string[]): string[] {
  return filesIn(built).flatMap((path) => {
    const bytes = readFileSync(join(built, path));
    return folders
      .filter((folder) => bytes.includes(folder))
      .map((folder) => `${path} names ${folder}, a folder of this machine`);
  });
}

/** A line for each package in a bundle that counts as one that only builds, and so would ship unlooked-at. */
export function unlookedAtPackages(contents: BundleContents, packages: readonly LockedPackage[]): string[] {
  const shipping = new Set(packages.flatMap(({ ships, folders }) => (ships ? folders : [])));
  const bundled = new Set(Object.values(contents).flatMap((one) => Object.keys(one)));
  return [...bundled]
    .filter((folder) => folder !== '' && !shipping.has(folder))
    .map((folder) => `${folder} is in a bundle: make it a dependency, so that its licence counts as shipped`);
}

/** What a build must not depend on. */
const surroundings = [
  { TZ: 'UTC', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', NODE_ENV: 'production' },
  { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', NODE_ENV: 'development' },
];

/**
 * Builds twice, one after the other, in folders, homes and surroundings that differ; a line for each difference, and
 * for each package that got in without being one of `packages` that ship.
 */
export async function buildProblems(packages: readonly LockedPackage[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'desk-twice-'));
  try {
    const built: string[] = [];
    for (const [index, env] of surroundings.entries()) {
      const home = join(folder, `home-${index}`);
      const target = join(folder, 'deeper/'.repeat(index), `built-${index}`);
      mkdirSync(home);
      const builder = [join(root, 'build/run.mjs'), 'supply/bundle-into', target];
      await promisify(execFile)(process.execPath, builder, {
        cwd: home,
        env: { ...process.env, ...env, HOME: home, USERPROFILE: home },
      });
      built.push(target);
    }
    const [first, second] = built as [string, string];
    return [
      ...folderDifferences(first, second),
      ...foldersNamed(first, [root, folder]),
      ...unlookedAtPackages(readContents(first), packages),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
