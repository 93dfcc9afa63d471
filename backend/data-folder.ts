/** The data folder: its format, and whether this desk may use it. */
import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { DeskError } from './errors.ts';
import { writeWholeFile } from './whole-file.ts';

/** Counts up when an older desk could no longer read what a newer one wrote. */
const currentFormat = 1;
/** Folders in it whose files a desk removes as its own. None of them is made before format.json. */
export const emptiedFolders = {
  exports: 'exports',
  imports: 'import-files',
  kept: 'kept',
  postgresSocket: 'pg-run',
  serviceSocket: 'run',
};
const formatFile = z.object({ format: z.number().int().positive() });

/**
 * Makes the folder when it is not there, and looks at its format; changes nothing in it.
 * @throws DeskError BAD_USER_INPUT: it can't be used, a newer Ticket Desk wrote it, or others' files would be lost in it.
 */
export async function openDataFolder(dataDir: string): Promise<void> {
  try {
    await makeFolder(dataDir);
  } catch (cause) {
    // Electron's own refusal, of what is called *.asar, has words alone.
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new DeskError(
      'BAD_USER_INPUT',
      `The data folder ${dataDir} can't be made (${code ?? message}). Choose another one with DATA_DIR.`,
      { cause },
    );
  }
  const format = await readFormat(path.join(dataDir, 'format.json'));
  if (format === undefined) return await refuseOthersFolder(dataDir);
  if (format <= currentFormat) return;
  throw new DeskError(
    'BAD_USER_INPUT',
    `The data folder ${dataDir} was written by a newer Ticket Desk (format ${format}; this one knows format ${currentFormat}). Start the newer one, or choose another folder with DATA_DIR. Nothing was changed.`,
  );
}

async function refuseOthersFolder(dataDir: string): Promise<void> {
  const emptied = Object.values(emptiedFolders);
  const inTheWay = (await readdir(dataDir)).filter((name) => emptied.includes(name)).sort();
  if (inTheWay.length === 0) return;
  throw new DeskError(
    'BAD_USER_INPUT',
    `The folder ${dataDir} is no data folder of Ticket Desk, which would empty what is in it: ${inTheWay.join(', ')}. Choose another one with DATA_DIR. Nothing was changed.`,
    { field: 'DATA_DIR' },
  );
}

/** With those above it. Node's own `recursive` never ends below /proc, which denies that a folder is there that is. */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await mkdir(folder, { mode: 0o700 }).catch(async (thrown) => {
    // Another process may have been quicker.
    if (!(await isFolder(folder))) throw thrown;
  });
}

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    (thrown) => {
      if (thrown.code === 'ENOENT') return false;
      throw thrown;
    },
  );
}

/** Whether a newer Ticket Desk wrote the folder, so that nothing beside it is to be touched either. Never rejects. */
export async function isNewerDataFolder(dataDir: string): Promise<boolean> {
  const format = await readFormat(path.join(dataDir, 'format.json')).catch(() => undefined);
  return format !== undefined && format > currentFormat;
}

/** Writes down the format, once the folder is this desk's alone. */
export async function markDataFolder(dataDir: string): Promise<void> {
  const file = path.join(dataDir, 'format.json');
  if ((await readFormat(file)) === currentFormat) return;
  await writeWholeFile(file, [`${JSON.stringify({ format: currentFormat })}\n`]);
}

async function readFormat(file: string): Promise<number | undefined> {
  let text: string;
  try {
    // At once: while a window opens, each turn of a promise waits for Chromium's own work.
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    const isOthers = code === 'EACCES' || code === 'EPERM';
    const remedy = isOthers ? ' Start Ticket Desk as the user who owns it, or give it to this user.' : '';
    const words = `${file} can't be read (${code}).${remedy} Nothing was changed.`;
    throw new DeskError('BAD_USER_INPUT', words, { cause });
  }
  try {
    return formatFile.parse(JSON.parse(text)).format;
  } catch (cause) {
    throw new DeskError(
      'BAD_USER_INPUT',
      `${file} does not say which format the data folder has. It should hold {"format":${currentFormat}}; put that in if this Ticket Desk wrote the folder. Nothing was changed.`,
      { cause },
    );
  }
}

/** Puts a folder's names on disk, such as those of files just renamed; Windows has no such thing. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
