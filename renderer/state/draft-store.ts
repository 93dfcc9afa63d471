/**
 * Keeps typed text on disk while it is being typed, whatever the disk is.
 * What is typed is in memory at once and on disk within `delayMs` and one write.
 */
import { Store } from './store.ts';

/** Where drafts lie. One `write` is one transaction; null removes a draft. */
export interface DraftStorage {
  readAll(): Promise<Map<string, unknown>>;
  /**
   * Resolves once the changes would survive a power cut. Rejects with a reason in words for the person. The transaction
   * has begun and is on its way when this returns, since a page that goes away runs nothing later; of two writes the one
   * that was called first lands first.
   */
  write(changes: ReadonlyMap<string, unknown>): Promise<void>;
  /** Calls back with what another window of the same desk wrote. */
  onOtherWrite(listener: (changes: ReadonlyMap<string, unknown>) => void): void;
}

export type Keeping = 'kept' | 'keeping' | 'not-kept';

export interface DraftSnapshot {
  /** False until the disk has been read. */
  loaded: boolean;
  /** null: there is no draft. */
  value: unknown;
  keeping: Keeping;
  /** Why the text can't be kept on disk, in words for the person; null when it can. */
  problem: string | null;
}

/** From the first unwritten keystroke to the write; not put off by further ones. */
const delayMs = 300;
/** From a refused write to the next try. */
const retryMs = 5_000;

const unread: DraftSnapshot = { loaded: false, value: null, keeping: 'kept', problem: null };
const absent: DraftSnapshot = { loaded: true, value: null, keeping: 'kept', problem: null };

export class DraftStore {
  readonly #storage: DraftStorage;
  readonly #snapshots = new Map<string, DraftSnapshot>();
  /** Set anew with every change. */
  readonly changes = new Store({});
  /** Values that are not on disk yet. */
  #unwritten = new Map<string, unknown>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #writing = new Set<Promise<void>>();
  #loaded = false;

  constructor(storage: DraftStorage) {
    this.#storage = storage;
    storage.onOtherWrite((changes) => this.#takeOver(changes));
  }

  /** Reads the drafts of earlier runs. A disk that can't be read is an empty one: typing goes on. */
  async load(): Promise<void> {
    const found = await this.#storage.readAll().catch(() => new Map<string, unknown>());
    this.#loaded = true;
    for (const [key, value] of found) {
      // What was typed while the disk was being read is newer.
      if (!this.#snapshots.has(key)) this.#snapshots.set(key, { ...absent, value });
    }
    for (const [key, snapshot] of this.#snapshots) this.#snapshots.set(key, { ...snapshot, loaded: true });
    this.changes.set({});
  }

  /** The same object until something changes, as useSyncExternalStore asks. */
  snapshot(key: string): DraftSnapshot {
    return this.#snapshots.get(key) ?? (this.#loaded ? absent : unread);
  }

  /** Keeps a draft, or removes it with null. */
  set(key: string, value: unknown): void {
    this.#unwritten.set(key, value);
    const problem = this.snapshot(key).problem;
    // While the disk refuses, the warning stays until a write has succeeded.
    const keeping = problem === null ? 'keeping' : 'not-kept';
    this.#snapshots.set(key, { loaded: this.#loaded, value, keeping, problem });
    this.#schedule(delayMs);
    this.changes.set({});
  }

  /**
   * Writes what is not on disk yet: the write has begun when this returns, whatever else is being written. Resolves when
   * the disk has all of it, or has refused it; a refusal stands in the snapshots.
   */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#unwritten.size > 0) {
      const writing = this.#write(this.#unwritten).finally(() => this.#writing.delete(writing));
      this.#writing.add(writing);
      this.#unwritten = new Map();
    }
    await Promise.all(this.#writing);
  }

  async #write(batch: ReadonlyMap<string, unknown>): Promise<void> {
    try {
      await this.#storage.write(batch);
      this.#settle(batch, 'kept', null);
    } catch (error) {
      const latest = this.#settle(batch, 'not-kept', error instanceof Error ? error.message : String(error));
      for (const [key, value] of latest) this.#unwritten.set(key, value);
      if (latest.length > 0) this.#schedule(retryMs);
    } finally {
      this.changes.set({});
    }
  }

  /** Answers those of the batch that are still the latest; the others have a write of their own. */
  #settle(
    batch: ReadonlyMap<string, unknown>,
    keeping: Keeping,
    problem: string | null,
  ): [string, unknown][] {
    const latest = [...batch].filter(([key, value]) => this.snapshot(key).value === value);
    for (const [key, value] of latest)
      this.#snapshots.set(key, { loaded: this.#loaded, value, keeping, problem });
    return latest;
  }

  #takeOver(changes: ReadonlyMap<string, unknown>): void {
    for (const [key, value] of changes) {
      // What was typed here since is newer, and is written next.
      if (this.#unwritten.has(key)) continue;
      this.#snapshots.set(key, { ...absent, loaded: this.#loaded, value });
    }
    this.changes.set({});
  }

  #schedule(inMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, inMs);
  }
}
