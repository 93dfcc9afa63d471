/** Looks whether this installation is managed, and by a file that nobody but the administrator can have written. */
import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Managed, readManaged, unusable } from './managed-file.ts';

/** Longer than any such file that can be meant (bytes). */
const maxBytes = 64 * 1024;

/**
 * @param options.file where it lies
 * @param options.mustBeRoots whether a file that others than root may change is refused; off for a test's own file,
 *   and on Windows, whose rights Node can't read
 * @returns null where there is no file. Never rejects.
 */
export async function openManaged(options: { file: string; mustBeRoots: boolean }): Promise<Managed | null> {
  const { file, mustBeRoots } = options;
  let handle: FileHandle;
  try {
    // A pipe that nobody writes into would be waited for; Windows has none there, and no such flag.
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    return unusable(file, `can't be read (${code})`);
  }
  try {
    // Asked of the open file, so that it is the one that is read.
    const found = await handle.stat();
    if (!found.isFile()) return unusable(file, 'is no file');
    if (found.size > maxBytes) return unusable(file, `is longer than ${maxBytes / 1024} KiB`);
    if (mustBeRoots && !(isRoots(found) && (await areFoldersRoots(file)))) {
      return unusable(
        file,
        'or its folder can be changed by others than root: both must be owned and writable by root alone',
      );
    }
    const text = decoded(await handle.readFile());
    if (text === null) return unusable(file, 'is not in UTF-8: save it in that encoding');
    return readManaged(file, text);
  } catch (thrown) {
    return unusable(file, `can't be read (${(thrown as NodeJS.ErrnoException).code})`);
  } finally {
    await handle.close();
  }
}

/** The folder that it is looked for in, and where it is a link the one that it leads to: both say what is read. */
async function areFoldersRoots(file: string): Promise<boolean> {
  const folders = await Promise.all(
    [dirname(file), dirname(await realpath(file))].map((folder) => stat(folder)),
  );
  return folders.every(isRoots);
}

/** Without the mark of byte order that editors on Windows put before it; null for what is no UTF-8. */
function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Owned by root, and not writable for group or others. */
function isRoots({ uid, mode }: { uid: number; mode: number }): boolean {
  return uid === 0 && (mode & 0o022) === 0;
}
