/** Opens the outbox's LevelDB whatever state it is in, without losing what was in it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { DeskError } from '../../errors.ts';
import { diskRemedy, levelCode } from './disk-errors.ts';
import { leftSnapshots, setAside, snapshot } from './set-aside.ts';

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
