/**
 * What the operating system must bring: Electron's shared libraries, Xvfb where there is no display, Chromium
 * for the tests of the web face. As root on Debian they are installed; elsewhere the one command is told.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Problem, say } from './terminal.ts';

const run = promisify(execFile);

const electronPackages = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1'];

/** The path of a command, or null when PATH has none of these names. */
export function findCommand(...names: string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found ?? null;
}

/** A Chromium to test the web face in: CHROMIUM_PATH, or one on PATH. */
function findChromium(): string | null {
  return (
    process.env.CHROMIUM_PATH ||
    findCommand('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
  );
}

/** Whether there is a display to open a window on; only Linux can be without. */
export function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

export const isRoot = process.getuid?.() === 0;

/** The ids of a system and of those that it is like, from the text of /etc/os-release. */
export function systemIds(osRelease: string): string[] {
  const value = (key: string) => osRelease.match(new RegExp(`^${key}="?([^"\n]*)"?$`, 'm'))?.[1] ?? '';
  return `${value('ID')} ${value('ID_LIKE')}`.split(' ').filter((id) => id !== '');
}

function isDebian(): boolean {
  const path = '/etc/os-release';
  return existsSync(path) && systemIds(readFileSync(path, 'utf8')).includes('debian');
}

function mayInstall(): boolean {
  return isRoot && isDebian() && findCommand('apt-get') !== null;
}

/** The shared libraries that ldd does not find, from what it prints. */
export function missingLibraries(lddOutput: string): string[] {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
}

async function librariesMissingFor(executable: string): Promise<string[]> {
  if (process.platform !== 'linux' || !findCommand('ldd')) return [];
  return missingLibraries((await run('ldd', [executable])).stdout);
}

/** Debian 13 and Ubuntu 24.04 gave some libraries a new name with t64 at its end. */
async function currentName(name: string): Promise<string> {
  return await run('apt-cache', ['show', `${name}t64`]).then(
    () => `${name}t64`,
    () => name,
  );
}

async function aptGet(...args: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['-q', ...args], { env, maxBuffer: 2 ** 26 }).catch(({ stderr, message }) => {
    throw new Problem(`apt-get ${args.join(' ')} failed:\n${`${stderr}`.trim() || message}`);
  });
}

async function install(packages: string[]): Promise<void> {
  say(`Installing with apt-get, as root: ${packages.join(' ')}`);
  await aptGet('update');
  await aptGet(
    'install',
    '--yes',
    '--no-install-recommends',
    ...(await Promise.all(packages.map(currentName))),
  );
}

/** Installs these where that may be done from here; false where it may not. @throws Problem when apt-get fails */
export async function installedFromApt(packages: string[]): Promise<boolean> {
  if (!mayInstall()) return false;
  await install(packages);
  return true;
}

export interface SystemNeeds {
  electronExecutable: string;
  /** Xvfb is needed too. */
  virtualDisplay: boolean;
}

/**
 * Brings what is missing.
 * @throws Problem with the one command to run, where it may not or can not be installed from here.
 */
export async function ensureSystem(needs: SystemNeeds): Promise<void> {
  const libraries = await librariesMissingFor(needs.electronExecutable);
  const required = [
    ...(libraries.length > 0 ? electronPackages : []),
    ...(needs.virtualDisplay && !findCommand('Xvfb') ? ['xvfb'] : []),
  ];
  if (required.length === 0) return;
  if (mayInstall()) return await install(required);
  const missing = [...libraries, ...(required.includes('xvfb') ? ['Xvfb'] : [])].join(', ');
  const command = `apt-get update && apt-get install --yes ${required.join(' ')}`;
  throw new Problem(
    isDebian()
      ? `The window needs ${missing}. Run: sudo sh -c '${command}'`
      : `The window needs ${missing}. Install them with your system's package manager (on Debian: ${command}).`,
  );
}

/**
 * Brings a Chromium to test the web face in, where it may be installed from here.
 * @throws Problem that says how to have one.
 */
export async function ensureChromium(): Promise<string> {
  if (!findChromium() && mayInstall()) await install(['chromium']);
  const chromium = findChromium();
  if (chromium) return chromium;
  throw new Problem('there is no Chromium on PATH; install one, or set CHROMIUM_PATH to it');
}

function isSetuidRoot(path: string): boolean {
  const { uid, mode } = statSync(path);
  return uid === 0 && (mode & 0o4000) !== 0;
}

/**
 * Chromium's sandbox needs user namespaces, which some systems keep from unprivileged programs.
 * @throws Problem with the command that permits it for this Electron alone.
 */
export function checkSandbox(executable: string): void {
  if (process.platform !== 'linux' || isRoot) return;
  const isOff = (path: string, off: string) => existsSync(path) && readFileSync(path, 'utf8').trim() === off;
  const isRestricted =
    isOff('/proc/sys/kernel/unprivileged_userns_clone', '0') ||
    isOff('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1');
  const helper = join(dirname(executable), 'chrome-sandbox');
  if (!isRestricted || !existsSync(helper) || isSetuidRoot(helper)) return;
  throw new Problem(
    `This system keeps user namespaces from programs, and the window's sandbox needs them. Run: sudo sh -c 'chown root ${helper} && chmod 4755 ${helper}'`,
  );
}
