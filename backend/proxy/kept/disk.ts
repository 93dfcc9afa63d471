/**
 * The disk of what is kept: a LevelDB that nobody waits for. Written behind and together, never synced; where it can't be
 * read or written it is thrown away and begun anew, as everything in it can be had again.
 */
import { mkdir, rm } from 'node:fs/promises';
import type { Cipher } from '../../cipher.ts';
import type { Logger } from '../../logger.ts';
import { type Database, openLevel } from '../outbox/open-leveldb.ts';

/** So long writes are gathered (ms). */
const gatherMs = 500;
/** No more is gathered, in UTF-16 units; what comes beyond is not on the disk until it is seen again. */
const maxGathered = 8 * 1024 * 1024;
/** So many values are read in one step. */
const readAtOnce = 500;

export interface StoredValue {
  value: unknown;
  /** Of its JSON. */
  length: number;
}

export interface Disk {
  /** What was there, by name; nothing where it could not be read. Never rejects. */
  readAll(): Promise<ReadonlyMap<string, StoredValue>>;
  /** @param json of a value */
  write(name: string, json: string): void;
  remove(name: string): void;
  /** Throws everything away, files and all. Never rejects. */
  clear(): Promise<void>;
  /** Writes what is gathered. Never rejects. */
  close(): Promise<void>;
}

export function openDisk(options: { folder: string; cipher: Cipher; logger: Logger }): Disk {
  const { folder, cipher, logger } = options;
  let database: Database | undefined;
  /** Null: to be removed. */
  let gathered = new Map<string, string | null>();
  let gatheredUnits = 0;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  async function open(): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    database = await openLevel(folder);
  }

  async function beginAnew(): Promise<void> {
    await database?.close().catch(() => undefined);
    database = undefined;
    await rm(folder, { recursive: true, force: true });
    await open();
  }

  async function readAll(): Promise<Map<string, StoredValue>> {
    await open();
    const found = new Map<string, StoredValue>();
    const iterator = database?.iterator();
    // Many at once, as each step costs more than its value.
    for (
      let some = await iterator?.nextv(readAtOnce);
      some?.length;
      some = await iterator?.nextv(readAtOnce)
    ) {
      for (const [name, bytes] of some) {
        const json = cipher.open(name, bytes);
        found.set(name, { value: JSON.parse(json), length: json.length });
      }
    }
    await iterator?.close();
    return found;
  }

  function takeGathered(): ReadonlyMap<string, string | null> {
    const taken = gathered;
    gathered = new Map();
    gatheredUnits = 0;
    return taken;
  }

  async function flush(): Promise<void> {
    const changes = takeGathered();
    if (changes.size === 0) return;
    await database?.batch(
      [...changes].map(([key, text]) =>
        text === null
          ? ({ type: 'del', key } as const)
          : ({ type: 'put', key, value: cipher.seal(key, text) } as const),
      ),
    );
  }

  /** Without a database, when not even an empty one can be made, everything goes on in memory. */
  async function orAnew<Value>(work: () => Promise<Value>, otherwise: Value): Promise<Value> {
    try {
      return await work();
    } catch (err) {
      logger.warn({ err }, 'what is kept of tickets can not be read or written: it is begun anew');
      await beginAnew().catch((again) => logger.warn({ err: again }, 'no tickets are kept on the disk'));
      return otherwise;
    }
  }

  /** What happens to the database, one after another. */
  let working: Promise<unknown> = Promise.resolve();
  function next<Value>(work: () => Promise<Value>, otherwise: Value): Promise<Value> {
    const done = working.then(() => orAnew(work, otherwise));
    working = done;
    return done;
  }

  function gather(name: string, text: string | null): void {
    if (isClosed) return;
    gatheredUnits += (text?.length ?? 0) - (gathered.get(name)?.length ?? 0);
    gathered.set(name, text);
    timer ??= setTimeout(() => {
      timer = undefined;
      void next(flush, undefined);
    }, gatherMs);
  }

  return {
    readAll: () => next(readAll, new Map()),
    write(name, json) {
      const isTooMuch = gatheredUnits + json.length > maxGathered;
      gather(name, isTooMuch ? null : json);
    },
    remove: (name) => gather(name, null),
    clear() {
      takeGathered();
      return next(beginAnew, undefined);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await next(flush, undefined);
      await database?.close().catch(() => undefined);
    },
  };
}
