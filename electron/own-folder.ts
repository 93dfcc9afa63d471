/** The app's own folder, without which Chromium does not start and no other start of the desk is noticed. */
import { existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { App } from 'electron';
import { diskRemedy } from '../backend/disk-errors.ts';

type Folders = Pick<App, 'getPath' | 'getName'>;

/** What Chromium keeps in the folder of an app that runs; the latter on Windows. */
const locks = ['SingletonLock', 'lockfile'];

/** Where it is, or would be if it could be made: Electron itself throws then. */
function ownFolder(app: Folders): string {
  return join(app.getPath('appData'), app.getName());
}

/** Why there is no such folder, as words for the person; null where there is one. */
export function ownFolderProblem(app: Folders): string | null {
  try {
    app.getPath('userData');
    return null;
  } catch {
    return problemWith(ownFolder(app)) ?? wordsFor(ownFolder(app), new Error('Electron refuses it'));
  }
}

/** Why no lock was given, where that is not because another desk runs; else null. */
export function lockProblem(app: Folders): string | null {
  const folder = app.getPath('userData');
  return isLocked(folder) ? null : problemWith(folder);
}

/** Chromium needs some folder to show a dialog. @returns whether there is one now; it goes with the process, but for what Chromium writes last */
export function borrowFolder(app: Pick<App, 'setPath'>): boolean {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'ticket-desk-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    app.setPath('userData', folder);
    return true;
  } catch {
    return false;
  }
}

function isLocked(folder: string): boolean {
  try {
    // By its name: the lock is a link to nowhere.
    return readdirSync(folder).some((name) => locks.includes(name));
  } catch {
    return false;
  }
}

/** Tries to write where the folder is, or where the first of its missing parents would be made. */
function problemWith(folder: string): string | null {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    rmdirSync(mkdtempSync(join(there, '.ticket-desk-')));
    return null;
  } catch (thrown) {
    return wordsFor(folder, thrown);
  }
}

function wordsFor(folder: string, thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  const remedy = diskRemedy(thrown) ?? 'Look at what is in the way there';
  return `Ticket Desk can't open: it keeps all it has in the folder ${folder}, and can't write there (${code ?? message}). ${remedy}, then start again.`;
}
