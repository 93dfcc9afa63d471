/**
 * A newer AppImage in the place of this one. At every moment, whatever ends the desk or fills the disk, a whole one is
 * there. The file keeps its name, a version in it or not: launchers and the start at login name it.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

export interface AppImageFacts {
  /** Of the running program. */
  execPath: string;
  /** $APPIMAGE and $APPDIR, which an AppImage tells the app in it; another program's may have left them. */
  appImage: string | undefined;
  appDir: string | undefined;
}

/**
 * An AppImage runs from where it is mounted for this start alone: what lasts is its file.
 * @returns the file that this program runs from; undefined where it runs from no AppImage
 */
export function ownAppImage({ execPath, appImage, appDir }: AppImageFacts): string | undefined {
  return appImage && appDir && execPath.startsWith(appDir + sep) ? appImage : undefined;
}

/** How long it may take to start once and end (ms); nobody sees what the desk waits for. */
const tryOutMs = 30_000;

/** In the same folder, as only there renaming is one step; always the same, so that nothing adds up. */
function partialFile(place: string): string {
  return join(dirname(place), `.${basename(place)}.new`);
}

/** Takes away what a desk that was killed while it installed has left; nothing may be installing. Never throws. */
export function removePartial(appImage: string): void {
  try {
    rmSync(partialFile(realpathSync(appImage)), { force: true });
  } catch {
    // The next installation says what stands in its way.
  }
}

/**
 * @param fetched taken away once it is in place
 * @param environment to try it out in
 * @throws Error of the file system, or where the new one does not start; the old one is then as it was
 */
export function replaceAppImage(
  fetched: string,
  appImage: string,
  environment: Readonly<Record<string, string>>,
): void {
  const place = realpathSync(appImage);
  const partial = partialFile(place);
  try {
    rmSync(partial, { force: true });
    copyFileSync(fetched, partial, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    chmodSync(partial, statSync(place).mode);
    syncToDisk(partial);
    tryOut(partial, environment);
    renameSync(partial, place);
  } catch (thrown) {
    rmSync(partial, { force: true });
    throw thrown;
  }
  rmSync(fetched, { force: true });
}

function syncToDisk(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Starts its first step alone, as electron-updater does: what can't be mounted here would be of no use. */
function tryOut(program: string, environment: Readonly<Record<string, string>>): void {
  const env = { ...environment, APPIMAGE_SILENT_INSTALL: 'true', APPIMAGE_EXIT_AFTER_INSTALL: 'true' };
  execFileSync(program, { env, stdio: 'ignore', timeout: tryOutMs });
}
