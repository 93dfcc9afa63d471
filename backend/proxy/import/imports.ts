/**
 * Imports: each a file in the data folder and a record of how far it is, on the disk before it is called begun. What is
 * read again after a kill is known by the request ids of its rows.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { timestamp } from '../../../proto/utc-time.ts';
import type { Agent } from '../../domain/agent.ts';
import { DeskError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { RecordStore } from '../outbox/store.ts';
import { type Work, WorkList } from '../work-list.ts';
import type { ImportRecord } from './import-record.ts';
import { inspect } from './inspect.ts';
import { proposeMapping, type Source } from './mapping.ts';
import { type RefusedRow, RefusedRows } from './refused-rows.ts';
import type { Place } from './row-cutter.ts';
import { isUpload, Uploads } from './uploads.ts';

export interface Import extends Work {
  record: ImportRecord;
  /** What is being done of it. */
  step: Promise<void> | undefined;
  /** The rows that come next may have been sent, and the answer lost. */
  isSentAgain: boolean;
}

interface NewImport {
  id: string;
  fileName: string;
  bytes: number;
  agent: Agent | undefined;
}

/** What the rows of a chunk have become, and where the next one begins. */
export interface ChunkResult {
  next: Place;
  isLast: boolean;
  imported: number;
  wereThere: number;
  refused: readonly RefusedRow[];
}

const noProgress = { rows: 0, imported: 0, wereThere: 0, refused: 0, refusedBytes: 0 };

export class Imports extends WorkList<Import> {
  readonly uploads: Uploads;
  readonly refusedRows: RefusedRows;
  readonly #store: RecordStore<ImportRecord>;
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #preparing = new Map<string, Promise<Import>>();
  readonly #tidied: Promise<void>;

  constructor(options: { store: RecordStore<ImportRecord>; folder: string; logger: Logger }) {
    super({ noun: 'import', onForget: (one) => this.#remove(one) });
    this.#store = options.store;
    this.#folder = options.folder;
    this.#logger = options.logger;
    this.uploads = new Uploads(options.folder);
    this.refusedRows = new RefusedRows(options.folder);
    const idleSinceMs = performance.now();
    for (const record of this.#store.records)
      this.add({ record, step: undefined, isSentAgain: true, idleSinceMs });
    this.#tidied = this.#tidyFiles().catch((err) =>
      this.#logger.warn({ err }, 'old imports could not be removed'),
    );
  }

  pathOf({ record }: Pick<Import, 'record'>): string {
    return join(this.#folder, `${record.requestId}.import`);
  }

  /**
   * Makes an import that is READY of a file that has come in. The same id again answers the same import.
   * @param asked.bytes how large the file is
   * @throws DeskError BAD_USER_INPUT fileName: it can't be imported. CONFLICT bytes: not all of it is here; id: it is another
   * file's, or too many others wait.
   */
  prepare(asked: NewImport): Promise<Import> {
    const known = this.#preparing.get(asked.id) ?? this.get(asked.id);
    if (known) return this.#again(known, asked);
    const preparing = this.#prepare(asked).finally(() => this.#preparing.delete(asked.id));
    this.#preparing.set(asked.id, preparing);
    return preparing;
  }

  async #again(known: Import | Promise<Import>, { id, fileName, bytes }: NewImport): Promise<Import> {
    const one = await known;
    // Whose file may be there as it came, after a kill.
    await this.#tidied;
    const { record } = one;
    const path = this.uploads.pathOf(id);
    if ((await this.uploads.bytesOf(id)) > 0) {
      const { digest } = await inspect(path);
      if (digest === record.file.digest) await this.#takeFile(one);
      else await rm(path).then(refuseOtherFile);
    }
    if (bytes !== record.file.bytes || fileName !== record.fileName) refuseOtherFile();
    return one;
  }

  async #prepare({ id, fileName, bytes, agent }: NewImport): Promise<Import> {
    // Which would take its file for a foreign one.
    await this.#tidied;
    const here = await this.uploads.bytesOf(id);
    if (here !== bytes) {
      const words = `${here} of ${bytes} bytes of this file are here. Send the rest to /imports/${id}?at=${here} first.`;
      throw new DeskError('CONFLICT', words, { field: 'bytes' });
    }
    this.makeRoom();
    const { first, ...file } = await inspect(this.uploads.pathOf(id));
    const record: ImportRecord = {
      requestId: id,
      sequence: this.nextSequence(),
      createdAt: timestamp(),
      agent,
      fileName,
      file: { ...file, first },
      mapping: proposeMapping(file.columns),
      state: 'READY',
      isDryRun: true,
      next: first,
      ...noProgress,
    };
    const one: Import = { record, step: undefined, isSentAgain: false, idleSinceMs: performance.now() };
    // In this order: after a kill in between, and where the disk refuses the record, the file is still there to be asked for.
    await this.#put(record);
    await this.#takeFile(one);
    this.add(one);
    this.tell(one);
    return one;
  }

  /**
   * Begins it, or goes on where it was stopped; from the beginning, where it is asked for otherwise than before.
   * @param how.mapping left out: as it is
   * @param how.token of whoever begins it
   * @throws DeskError NOT_FOUND; CONFLICT: it is under way otherwise. UNAVAILABLE: the disk refuses, and it is not begun.
   */
  async start(
    id: string,
    how: { mapping: readonly Source[] | undefined; isDryRun: boolean; token?: string | undefined },
  ): Promise<Import> {
    const one = this.require(id);
    await this.#tidied;
    // Of one that is stopping.
    await one.step?.catch(() => undefined);
    const { record } = one;
    const mapping = how.mapping ?? record.mapping;
    const isSame = record.isDryRun === how.isDryRun && isSameMapping(record, mapping);
    if (isSame && (record.state === 'RUNNING' || record.state === 'DONE')) return one;
    if (record.state === 'RUNNING')
      throw new DeskError('CONFLICT', 'This import is under way. Stop it first.', { field: 'id' });
    const goesOn = isSame && record.state === 'STOPPED';
    const begun: ImportRecord = {
      ...record,
      ...(!goesOn && { ...noProgress, next: record.file.first, thereBefore: foundThere(record, mapping) }),
      mapping: [...mapping],
      isDryRun: how.isDryRun,
      token: how.token,
      sequence: this.nextSequence(),
      state: 'RUNNING',
    };
    await this.#put(begun);
    one.record = begun;
    if (!goesOn) one.isSentAgain = false;
    this.tell(one);
    this.wake();
    return one;
  }

  /** Once nothing of it is on its way. @throws DeskError NOT_FOUND; UNAVAILABLE: the disk refuses. */
  async stop(id: string): Promise<Import> {
    const one = this.require(id);
    if (one.record.state !== 'RUNNING') return one;
    one.record = { ...one.record, state: 'STOPPED' };
    await one.step?.catch(() => undefined);
    await this.#put(one.record);
    this.tell(one);
    this.wake();
    return one;
  }

  /** Of one that is over or was never begun: leaves nothing of it here. What it has stored stays. @throws DeskError NOT_FOUND */
  async discard(id: string): Promise<Import> {
    const one = await this.stop(id);
    this.forget(one);
    return one;
  }

  /** The rows of a chunk have been answered for. @throws where the disk refuses: then they are read again */
  async settle(one: Import, { next, isLast, imported, wereThere, refused }: ChunkResult): Promise<void> {
    const { record } = one;
    const refusedBytes = await this.refusedRows.append(record.requestId, record.refusedBytes, refused);
    const settled = {
      next,
      rows: record.rows + imported + wereThere + refused.length,
      imported: record.imported + imported,
      wereThere: record.wereThere + wereThere,
      refused: record.refused + refused.length,
      refusedBytes,
    };
    // It may be stopped meanwhile.
    const now = (): ImportRecord => ({ ...record, ...settled, state: isLast ? 'DONE' : one.record.state });
    // First: whoever hears of its end may discard its file, which is needed again for as long as the disk does not know.
    await this.#put(now());
    one.record = now();
    one.isSentAgain = false;
    this.tell(one);
  }

  async #put(record: ImportRecord): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.#store.put(record, { sync: true });
  }

  #remove(one: Import): void {
    this.#removeFromDisk(one).catch((err) =>
      this.#logger.warn({ err }, 'an old import could not be removed'),
    );
  }

  /** The record first: one without its file could neither go on nor end, and would hold up all others. */
  async #removeFromDisk(one: Import): Promise<void> {
    const { requestId } = one.record;
    await this.#store.delete(requestId, { sync: false });
    await Promise.all([rm(this.pathOf(one), { force: true }), this.refusedRows.remove(requestId)]);
  }

  #takeFile(one: Pick<Import, 'record'>): Promise<void> {
    return rename(this.uploads.pathOf(one.record.requestId), this.pathOf(one));
  }

  /** Removes what was left of imports; what has come in stays for as long as it would without a restart. */
  async #tidyFiles(): Promise<void> {
    await this.uploads.forgetOld();
    const ids = this.#store.records.map(({ requestId }) => requestId);
    const known = new Set([...ids, ...this.#store.elsewhere.keys()]);
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) {
      const [id = ''] = name.split('.');
      if (!isUpload(name) && !known.has(id)) await rm(join(this.#folder, name), { force: true });
    }
    const paths = new Set(names.map((name) => join(this.#folder, name)));
    for (const record of this.#store.records) {
      // Killed before it had its file.
      const hasNone = !paths.has(this.pathOf({ record }));
      if (hasNone && paths.has(this.uploads.pathOf(record.requestId))) await this.#takeFile({ record });
    }
  }
}

/** By a dry run of all of the file. */
function foundThere(record: ImportRecord, mapping: readonly Source[]): number | undefined {
  const isOfAll = record.isDryRun && record.state === 'DONE' && isSameMapping(record, mapping);
  return isOfAll ? record.wereThere : undefined;
}

function isSameMapping(record: ImportRecord, mapping: readonly Source[]): boolean {
  return JSON.stringify(mapping) === JSON.stringify(record.mapping);
}

function refuseOtherFile(): never {
  const words = 'This id was used for another file. Give this one its own.';
  throw new DeskError('CONFLICT', words, { field: 'id' });
}
