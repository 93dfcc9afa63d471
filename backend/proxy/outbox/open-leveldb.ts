/**
 * Opens the outbox's LevelDB whatever state it is in, without losing what was in it: what can't be read is kept under a
 * new name beside the outbox, never over anything.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { diskRemedy, levelCode } from '../../disk-errors.ts';
import { DeskError } from '../../errors.ts';

export type Database = ClassicLevel<string, Buffer>;

export interface OpenedDatabase {
  database: Database;
  /** What was set aside, for the person. */
  notices: string[];
}

/** Opens a folder that is known to be sound. */
export async function openLevel(folder: string): Promise<Database> {
  const database: Database = new ClassicLevel(folder, { keyEncoding: 'utf8', valueEncoding: 'buffer' });
  await database.open();
  return database;
}

/** Whether LevelDB left out a part of its log while it opened; it tells in no other place. */
function droppedBytes(folder: string, logName: 'LOG' | 'LOG.old'): boolean {
  const path = join(folder, logName);
  return existsSync(path) && /ignoring error|dropping \d+ bytes/.test(readFileSync(path, 'utf8'));
}

/** Files of a database whose table of contents is gone: opened as it is, it would come up empty. */
function lacksContents(folder: string): boolean {
  const names = readdirSync(folder);
  return !names.includes('CURRENT') && names.some((name) => /^MANIFEST-|\.(log|ldb)$/.test(name));
}

function notice(aside: string): string {
  return `The outbox could not be read completely. It was kept as ${aside}; the creates that could still be read are in the outbox and will be sent. Compare the two before you delete it.`;
}

function refusal(thrown: unknown, folder: string): DeskError | undefined {
  if (levelCode(thrown) === 'LEVEL_LOCKED') {
    return new DeskError(
      'CONFLICT',
      `Another Ticket Desk has this data folder open: ${dirname(folder)}. Use that one, or close it first.`,
      { cause: thrown },
    );
  }
  const remedy = diskRemedy(thrown);
  if (!remedy) return undefined;
  return new DeskError(
    'UNAVAILABLE',
    `The outbox in ${folder} can't be opened. ${remedy}, then start again.`,
    {
      cause: thrown,
    },
  );
}

/** Mends the folder in place from what LevelDB can read, or starts an empty one when it can read nothing. */
async function repair(folder: string): Promise<{ database: Database; aside?: string }> {
  try {
    await ClassicLevel.repair(folder);
    return { database: await openLevel(folder) };
  } catch (thrown) {
    const refused = refusal(thrown, folder);
    if (refused) throw refused;
    const aside = setAside(folder, folder);
    return { database: await openLevel(folder), aside };
  }
}

async function openExisting(folder: string): Promise<OpenedDatabase> {
  const before = snapshot(folder);
  const notices: string[] = [];
  let database: Database;
  try {
    // Not opened when its contents are gone: LevelDB would begin an empty one and delete the rest.
    if (lacksContents(folder)) throw new Error('no CURRENT file');
    database = await openLevel(folder);
    if (droppedBytes(folder, 'LOG')) notices.push(notice(setAside(before, folder)));
    else rmSync(before, { recursive: true, force: true });
  } catch (thrown) {
    const refused = refusal(thrown, folder);
    if (refused) {
      rmSync(before, { recursive: true, force: true });
      throw refused;
    }
    const kept = setAside(before, folder);
    const repaired = await repair(folder);
    database = repaired.database;
    notices.push(notice(kept));
  }
  // With the lock held, a snapshot that is still there belongs to a process that died while it opened.
  for (const left of leftSnapshots(folder)) {
    if (droppedBytes(folder, 'LOG.old')) notices.push(notice(setAside(left, folder)));
    else rmSync(left, { recursive: true, force: true });
  }
  return { database, notices };
}

/**
 * @param folder absolute; made when it is not there.
 * @throws DeskError CONFLICT when another process has it open; UNAVAILABLE when the disk refuses. Nothing was changed.
 */
export async function openDatabase(folder: string): Promise<OpenedDatabase> {
  try {
    mkdirSync(dirname(folder), { recursive: true });
    if (existsSync(folder) && statSync(folder).isDirectory()) return await openExisting(folder);
    const notices = existsSync(folder) ? [notice(setAside(folder, folder))] : [];
    mkdirSync(folder, { mode: 0o700 });
    return { database: await openLevel(folder), notices };
  } catch (thrown) {
    if (thrown instanceof DeskError) throw thrown;
    throw refusal(thrown, folder) ?? thrown;
  }
}

/** `<folder>.unreadable-2026-11-24T14-02-11`, with a number after it when that is taken. */
function freeName(folder: string, suffix = ''): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  for (let n = 1; ; n += 1) {
    const name = `${folder}.unreadable-${stamp}${n === 1 ? '' : `-${n}`}${suffix}`;
    if (!existsSync(name)) return name;
  }
}

/** Renames a file or folder aside and answers its new path. */
function setAside(path: string, folder: string): string {
  const aside = freeName(folder);
  renameSync(path, aside);
  return aside;
}

/** Writes single values aside, synced, and answers the file's path. */
export function setValuesAside(values: readonly { key: string; value: Buffer }[], folder: string): string {
  const path = freeName(folder, '.jsonl');
  const file = openSync(path, 'wx', 0o600);
  try {
    for (const { key, value } of values) {
      const text = value.toString('utf8');
      const kept = Buffer.from(text).equals(value) ? { text } : { base64: value.toString('base64') };
      writeSync(file, `${JSON.stringify({ key, ...kept })}\n`);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return path;
}

/**
 * A second name for every file of the folder as it is now. LevelDB throws away what it can't read in its log while it
 * opens, and says so only in its LOG; it never writes into an old file, so links are enough.
 */
function snapshot(folder: string): string {
  const copy = `${folder}.opening-${process.pid}`;
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { mode: 0o700 });
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'LOCK') continue;
    const [from, to] = [join(folder, entry.name), join(copy, entry.name)];
    try {
      linkSync(from, to);
    } catch {
      copyFileSync(from, to);
    }
  }
  return copy;
}

/** Snapshots that other processes left behind when they died while opening. */
function leftSnapshots(folder: string): string[] {
  const prefix = `${basename(folder)}.opening-`;
  return readdirSync(dirname(folder))
    .filter((name) => name.startsWith(prefix) && name !== `${prefix}${process.pid}`)
    .map((name) => join(dirname(folder), name));
}
