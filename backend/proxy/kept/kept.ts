/**
 * What was seen lately, by name: in memory, and on the disk for the next start. Whatever is to be read without a link can
 * be kept here; what was seen longest ago leaves first.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inClear, sealing } from '../../cipher.ts';
import type { Logger } from '../../logger.ts';
import { type Disk, openDisk, type StoredValue } from './disk.ts';

/** `units`: of UTF-16, of which a character has one or two, of two bytes each. */
const usualBounds = { entries: 5_000, units: 16 * 1024 * 1024 };

export interface KeptValue {
  value: unknown;
  /** In milliseconds since 1970. */
  seenAt: number;
}

export interface KeptOptions {
  folder: string;
  /** Whose tickets, and in which format. What was kept under another scope is removed and never shown. */
  scope: string;
  /** 32 bytes; undefined: in clear, in a folder of this user alone. */
  key: Buffer | undefined;
  logger: Logger;
  bounds?: typeof usualBounds;
}

export interface Kept {
  get(name: string): KeptValue | undefined;
  /** All whose name begins so, the one seen longest ago first. */
  all(prefix: string): KeptValue[];
  /** Keeps a value that can be JSON, as seen now. */
  keep(name: string, value: unknown): void;
  forget(name: string): void;
  /** Resolves when nothing of it is on the disk any more. */
  clear(): Promise<void>;
  /** Waits for the writes that are gathered. Never rejects. */
  close(): Promise<void>;
}

/** Never rejects: where the disk is of no use, what is kept lasts as long as the process. */
export async function openKept({ folder, scope, key, logger, bounds }: KeptOptions): Promise<Kept> {
  const own = createHash('sha256').update(scope).digest('hex').slice(0, 16);
  await prepareFolder(folder, own).catch((err) =>
    logger.warn({ err }, 'what was kept for another service could not be removed'),
  );
  const disk = openDisk({ folder: join(folder, own), cipher: key ? sealing(key) : inClear, logger });
  return boundedBy(bounds ?? usualBounds, disk, await disk.readAll());
}

async function prepareFolder(folder: string, own: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder))
    if (name !== own) await rm(join(folder, name), { recursive: true, force: true });
}

function boundedBy(bounds: typeof usualBounds, disk: Disk, stored: ReadonlyMap<string, StoredValue>): Kept {
  /** In the order of being seen. */
  const entries = new Map<string, KeptValue & { units: number }>();
  let units = 0;

  function forget(name: string): void {
    const entry = entries.get(name);
    if (!entry) return;
    entries.delete(name);
    units -= entry.units;
    disk.remove(name);
  }

  function put(name: string, entry: KeptValue & { units: number }): void {
    units += entry.units - (entries.get(name)?.units ?? 0);
    entries.delete(name);
    entries.set(name, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= bounds.entries && units <= bounds.units) break;
      forget(oldest);
    }
  }

  const found = [...stored].map(([name, { value, length }]) => ({
    name,
    entry: { ...(value as KeptValue), units: length },
  }));
  found.sort((a, b) => a.entry.seenAt - b.entry.seenAt);
  for (const { name, entry } of found) put(name, entry);

  return {
    get: (name) => entries.get(name),
    all(prefix) {
      const found: KeptValue[] = [];
      for (const [name, entry] of entries) if (name.startsWith(prefix)) found.push(entry);
      return found;
    },
    keep(name, value) {
      const seenAt = Date.now();
      const json = JSON.stringify({ value, seenAt });
      disk.write(name, json);

      put(name, { value, seenAt, units: json.length });
    },
    forget,
    async clear() {
      entries.clear();
      units = 0;
      await disk.clear();
    },
    close: disk.close,
  };
}
