/** Two builds of the same sources give the same bytes: what reaches people can be built again and compared. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../bundle.ts';
import { readPackages } from '../bundled-packages.ts';
import type { LockedPackage } from './lock-file.ts';

const run = promisify(execFile);

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** What git says of each difference between two folders, byte for byte; nothing where there is none. */
export async function folderDifferences(one: string, other: string): Promise<string[]> {
  const compare = ['diff', '--no-index', '--no-renames', '--unified=0', '--src-prefix=', '--dst-prefix='];
  const output = await run('git', [...compare, '--', one, other], { maxBuffer: 2 ** 26 }).catch(
    (failed: { code: unknown; stdout: string }) => {
      if (failed.code !== 1) throw failed;
      return failed;
    },
  );
  // A bundle may be one line of megabytes.
  return output.stdout.split('\n').flatMap((line) => line.slice(0, 200) || []);
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
export function unlookedAtPackages(bundled: readonly string[], packages: readonly LockedPackage[]): string[] {
  const shipping = new Set(packages.flatMap(({ ships, folders }) => (ships ? folders : [])));
  return bundled
    .filter((folder) => !shipping.has(folder))
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
      const builder = [join(root, 'build/run.mjs'), 'bundle', target];
      await run(process.execPath, builder, {
        cwd: home,
        env: { ...process.env, ...env, HOME: home, USERPROFILE: home },
      });
      built.push(target);
    }
    const [first, second] = built as [string, string];
    return [
      ...(await folderDifferences(first, second)),
      ...foldersNamed(first, [root, folder]),
      ...unlookedAtPackages(readPackages(first), packages),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
