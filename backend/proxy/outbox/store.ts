/**
 * What waits, on disk: the outbox, and the writes of tickets beside it. What put() has answered for with sync survives a kill and a power cut: LevelDB with fdatasync.
 * Writes that arrive while one is under way go down together in the next.
 */
import { diskError } from '../../disk-errors.ts';
import type { Logger } from '../../logger.ts';
import { type Database, openDatabase, openLevel, setValuesAside } from './open-leveldb.ts';
import { type OutboxRecord, outboxForm } from './outbox-record.ts';
import type { RecordForm } from './record-form.ts';

/** What a record has whatever it holds. */
export interface AnyRecord {
  requestId: string;
  /** Order of filing. */
  sequence: number;
}

export interface RecordStore<Item extends AnyRecord> {
  /** What was there at the start, in the order of filing. */
  readonly records: readonly Item[];
  /** By request id: the ticket service of each record that waits until that service is in use again. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** What could not be read and was set aside, for the person. */
  readonly notices: readonly string[];
  /**
   * @param options.sync wait until it is on the disk itself; otherwise it survives a kill but not a power cut.
   * @throws DeskError UNAVAILABLE when the disk refuses: nothing of it will be found there later.
   */
  put(record: Item, options: { sync: boolean }): Promise<void>;
  delete(requestId: string, options: { sync: boolean }): Promise<void>;
  /** Puts the record in the place of the one under the other requestId, both or nothing. */
  replace(requestId: string, record: Item, options: { sync: boolean }): Promise<void>;
  /** Waits for the writes under way. */
  close(): Promise<void>;
}

interface Write {
  key: string;
  /** Undefined: delete. */
  value: string | undefined;
  sync: boolean;
  resolve(): void;
  reject(error: Error): void;
}

export type OutboxStore = RecordStore<OutboxRecord>;

export interface StoreOptions {
  folder: string;
  /** The ticket service that is in use, by its name for the person; left out: what is kept here is of none. */
  service?: string;
  logger: Logger;
}

export function openOutboxStore(options: StoreOptions): Promise<OutboxStore> {
  return openRecordStore(options, outboxForm);
}

export async function openRecordStore<Item extends AnyRecord>(
  options: StoreOptions,
  form: RecordForm<Item>,
): Promise<RecordStore<Item>> {
  const serialise = (record: Item) => form.serialise(record, options.service);
  const { database, notices } = await openDatabase(options.folder);
  const { records, elsewhere, texts, unreadable } = await readAll(database, form, options.service);
  if (unreadable.length > 0) {
    const path = setValuesAside(unreadable, options.folder);
    await database.batch(
      unreadable.map(({ key }) => ({ type: 'del', key })),
      { sync: true },
    );
    notices.push(
      `${unreadable.length} in the outbox could not be read and ${unreadable.length === 1 ? 'was' : 'were'} kept in ${path}. The rest is unharmed.`,
    );
  }
  for (const text of notices) options.logger.warn({ notice: text }, 'outbox set aside');
  const writer = createWriter(database, texts, options);
  return {
    records,
    elsewhere,
    notices,
    put: (record, { sync }) => writer.write(record.requestId, serialise(record), sync),
    delete: (requestId, { sync }) => writer.write(requestId, undefined, sync),
    async replace(requestId, record, { sync }) {
      // Queued in one turn, they are in one batch.
      await Promise.all([
        writer.write(requestId, undefined, sync),
        writer.write(record.requestId, serialise(record), sync),
      ]);
    },
    close: writer.close,
  };
}

async function readAll<Item extends AnyRecord>(
  database: Database,
  { parse }: RecordForm<Item>,
  own: string | undefined,
) {
  const records: Item[] = [];
  const elsewhere = new Map<string, string>();
  const texts = new Map<string, string>();
  const unreadable: { key: string; value: Buffer }[] = [];
  for await (const [key, value] of database.iterator()) {
    const text = value.toString('utf8');
    const { record, service = own } = parse(key, text) ?? {};
    if (!record) unreadable.push({ key, value });
    else if (service === undefined || service === own) records.push(record);
    else elsewhere.set(key, service);
    if (record) texts.set(key, text);
  }
  records.sort((a, b) => a.sequence - b.sequence);
  return { records, elsewhere, texts, unreadable };
}

function createWriter(
  opened: Database,
  /** What the disk must hold: everything that was answered for. */
  answered: Map<string, string>,
  { folder, logger }: { folder: string; logger: Logger },
) {
  let database = opened;
  let queue: Write[] = [];
  let working: Promise<void> | undefined;
  let damaged = false;

  async function writeGroup(group: readonly Write[]): Promise<void> {
    if (damaged) {
      database = await reopen(database, folder, answered);
      damaged = false;
      logger.info('the outbox can be written again');
    }
    const operations = group.map(({ key, value }) =>
      value === undefined
        ? ({ type: 'del', key } as const)
        : ({ type: 'put', key, value: Buffer.from(value) } as const),
    );
    await database.batch(operations, { sync: group.some(({ sync }) => sync) });
    for (const { key, value } of group) {
      if (value === undefined) answered.delete(key);
      else answered.set(key, value);
    }
  }

  async function work(): Promise<void> {
    // One turn of the loop later, so that calls made together go down together.
    await Promise.resolve();
    while (queue.length > 0) {
      const group = queue;
      queue = [];
      try {
        await writeGroup(group);
        for (const write of group) write.resolve();
      } catch (thrown) {
        damaged = true;
        const error = diskError(thrown, folder);
        logger.error({ err: thrown }, 'the outbox could not be written');
        for (const write of group) write.reject(error);
      }
    }
    working = undefined;
  }

  return {
    write(key: string, value: string | undefined, sync: boolean): Promise<void> {
      return new Promise((resolve, reject) => {
        queue.push({ key, value, sync, resolve, reject });
        working ??= work();
      });
    },
    async close() {
      await working;
      await database.close();
    },
  };
}

/**
 * After a failed write the end of LevelDB's log is not to be trusted: what is appended behind a torn record is lost when
 * the log is read again. So it is opened anew, which starts a new log, and made to hold exactly what was answered for.
 */
async function reopen(
  database: Database,
  folder: string,
  answered: ReadonlyMap<string, string>,
): Promise<Database> {
  await database.close().catch(() => undefined);
  const fresh = await openLevel(folder);
  const found = new Map<string, string>();
  for await (const [key, value] of fresh.iterator()) found.set(key, value.toString('utf8'));
  const refused = [...found.keys()].filter((key) => !answered.has(key));
  const missing = [...answered].filter(([key, value]) => found.get(key) !== value);
  try {
    await fresh.batch(
      [
        ...refused.map((key) => ({ type: 'del', key }) as const),
        ...missing.map(([key, value]) => ({ type: 'put', key, value: Buffer.from(value) }) as const),
      ],
      { sync: true },
    );
  } catch (thrown) {
    await fresh.close().catch(() => undefined);
    throw thrown;
  }
  return fresh;
}
