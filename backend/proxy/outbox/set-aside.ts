/** Keeps what can't be read under a new name beside the outbox; never over anything. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** `<folder>.unreadable-2026-11-24T14-02-11`, with a number after it when that is taken. */
function freeName(folder: string, suffix = ''): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  for (let n = 1; ; n += 1) {
    const name = `${folder}.unreadable-${stamp}${n === 1 ? '' : `-${n}`}${suffix}`;
    if (!existsSync(name)) return name;
  }
}

/** Renames a file or folder aside and answers its new path. */
export function setAside(path: string, folder: string): string {
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
export function snapshot(folder: string): string {
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
export function leftSnapshots(folder: string): string[] {
  const prefix = `${basename(folder)}.opening-`;
  return readdirSync(dirname(folder))
    .filter((name) => name.startsWith(prefix) && name !== `${prefix}${process.pid}`)
    .map((name) => join(dirname(folder), name));
}
