/**
 * The backups of a built-in desk, in a folder of their own: made at will, and every night of their own accord, of which
 * the last seven are kept. One thing at a time.
 */
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { BackupStatus, BackupSummary } from '../../proto/desktop-bridge.ts';
import { createListeners } from '../../proto/listeners.ts';
import type { BackupTask, RunBackupTask } from '../backup-task.ts';
import { diskError } from '../disk-errors.ts';
import { DeskError, toDeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { pause } from '../pause.ts';
import { createTroubleLog } from '../trouble-log.ts';

export interface Backups {
  status(): Promise<BackupStatus>;
  /** @throws DeskError UNAVAILABLE: the disk or the service refuses; what was there before is whole. */
  make(): Promise<BackupSummary>;
  /**
   * Puts a backup into this desk, which then must be opened anew.
   * @throws DeskError BAD_USER_INPUT: no backup, damaged, or of a newer Ticket Desk. CONFLICT: the desk is not empty, or
   * something waits to be sent. UNAVAILABLE: the disk or the service refuses. Nothing was changed, but where it isUncertain().
   */
  restore(file: string): Promise<BackupSummary>;
  /** Goes on telling of what went wrong before this desk was opened anew. */
  tell(problem: string): void;
  /** Told of each step. */
  onChange(listener: () => void): void;
  /** Makes no more of its own accord. What is under way ends with the service. */
  stop(): void;
}

export interface BackupsOptions {
  /** Made when it is needed. */
  folder: string;
  run: RunBackupTask;
  /** Whether nothing waits to be sent. */
  isIdle(): boolean;
  logger: Logger;
}

const nightlyKept = 7;
/** The start is not to be slowed (ms). */
const firstLookMs = 2 * 60_000;
/** Every so often it is looked whether the day's is there (ms): a computer that slept makes it soon after it woke. */
const lookAgainMs = 15 * 60_000;

const extension = '.deskbackup';
const isNightly = (name: string) => /^nightly-\d{4}-\d\d-\d\d\.deskbackup$/.test(name);

const waits =
  'Something waits to be sent, or an import, bulk change or move is under way: it would go into the restored desk. Let it end, or discard or stop it, then restore. Nothing was changed.';

export function openBackups(options: BackupsOptions): Backups {
  const { folder, logger } = options;
  const trouble = createTroubleLog({
    logger,
    fails: 'the nightly backup failed; tried again later',
    works: 'the nightly backup was made',
  });
  const changed = createListeners<void>();
  const stopping = new AbortController();
  let underWay: BackupStatus['underWay'] = null;
  let problem: BackupStatus['problem'] = null;
  let last: Promise<unknown> = Promise.resolve();

  function show(now: BackupStatus['underWay']): void {
    underWay = now;
    changed.emit();
  }

  /** After those before it. */
  function run(task: BackupTask, { isNightly = false } = {}): Promise<BackupSummary> {
    const { kind } = task;
    const done = last.then(async () => {
      // That of a night stands until one is made: each new try would take it away for a moment.
      if (!problem?.isNightly) problem = null;
      show({ kind, percent: 0 });
      try {
        if (kind === 'make') await clearFolder();
        else if (!options.isIdle()) throw new DeskError('CONFLICT', waits);
        const summary = await options.run(task, (percent) => show({ kind, percent }));
        problem = null;
        return summary;
      } catch (thrown) {
        problem = { text: toDeskError(thrown).message, isNightly };
        throw thrown;
      } finally {
        show(null);
      }
    });
    last = done.catch(() => undefined);
    return done;
  }

  /** What a kill has left unfinished goes. */
  async function clearFolder(): Promise<void> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const name of await readdir(folder))
        if (name.endsWith(`${extension}.part`)) await rm(path.join(folder, name));
    } catch (thrown) {
      throw diskError(thrown, folder);
    }
  }

  async function makeNightly(): Promise<void> {
    const now = new Date();
    const name = `nightly-${day(now)}${extension}`;
    const file = path.join(folder, name);
    try {
      await dateBack(name, now);
      const atMs = await madeAt(file);
      // One of later than now is of a clock that was ahead, and is not the day's.
      if (atMs !== undefined && atMs <= now.getTime() && day(new Date(atMs)) === day(now)) return;
      const { tickets } = await run({ kind: 'make', file }, { isNightly: true });
      // The backup of an emptied desk pushes none out that has something in it.
      if (tickets > 0) await removeOld(name);
      trouble.works();
    } catch (err) {
      if (!stopping.signal.aborted) trouble.fails(toDeskError(err).message, { err });
    }
  }

  /** Those of days to come were made by now, when the clock was ahead: such a day is to get its own when it is there. */
  async function dateBack(today: string, now: Date): Promise<void> {
    for (const name of await namesIn(folder)) {
      const file = path.join(folder, name);
      const isToCome = isNightly(name) && name > today && ((await madeAt(file)) ?? 0) > now.getTime();
      if (isToCome) await utimes(file, now, now);
    }
  }

  async function removeOld(newest: string): Promise<void> {
    for (const name of oldOf(await namesIn(folder), newest)) await rm(path.join(folder, name));
  }

  async function follow(): Promise<void> {
    for (let waitMs = firstLookMs; ; waitMs = lookAgainMs) {
      await pause(waitMs, stopping.signal);
      if (stopping.signal.aborted) return;
      await makeNightly();
    }
  }

  void follow();
  return {
    status: async () => ({ folder, last: await newestIn(folder), underWay, problem }),
    make: () =>
      run({ kind: 'make', file: path.join(folder, `ticket-desk-${moment(new Date())}${extension}`) }),
    restore: (file) => run({ kind: 'restore', file }),
    tell(text) {
      problem = { text, isNightly: false };
      changed.emit();
    },
    onChange: changed.add,
    stop: () => stopping.abort(),
  };
}

/** Those of nights beyond the last seven. One of a day that is to come is from a clock that was wrong, and goes first. */
export function oldOf(names: readonly string[], newest: string): string[] {
  const nightly = names.filter(isNightly).sort().reverse();
  const inOrder = [...nightly.filter((name) => name <= newest), ...nightly.filter((name) => name > newest)];
  return inOrder.slice(nightlyKept);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** One of a time that is to come was made when the clock was ahead: it is told of only where there is no other. */
async function newestIn(folder: string): Promise<BackupStatus['last']> {
  const nowMs = Date.now();
  const made: { file: string; atMs: number }[] = [];
  for (const name of await namesIn(folder)) {
    if (!name.endsWith(extension)) continue;
    const file = path.join(folder, name);
    const atMs = await madeAt(file);
    if (atMs !== undefined) made.push({ file, atMs });
  }
  const inOrder = made.sort((a, b) => a.atMs - b.atMs);
  const newest = inOrder.findLast(({ atMs }) => atMs <= nowMs) ?? inOrder.at(-1);
  return newest ? { file: newest.file, madeAt: new Date(newest.atMs).toISOString() } : null;
}

/** Undefined: there is none. */
async function madeAt(file: string): Promise<number | undefined> {
  return await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

const two = (number: number) => String(number).padStart(2, '0');

/** Where the person is. */
function day(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function moment(at: Date): string {
  return `${day(at)}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
}
