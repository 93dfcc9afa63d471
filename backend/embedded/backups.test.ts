import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunBackupTask } from '../backup-task.ts';
import { DeskError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { testFolder } from '../testing/test-folder.ts';
import { type Backups, oldOf, openBackups } from './backups.ts';

const minutes = 60_000;
let dataDir: string;
let folder: string;
let backups: Backups;
let run: ReturnType<typeof vi.fn<RunBackupTask>>;
let isIdle: boolean;
let tickets: number;
let lines: string[];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: new Date(2026, 10, 28, 9) });
  dataDir = testFolder();
  folder = path.join(dataDir, 'backups');
  isIdle = true;
  tickets = 3;
  run = vi.fn<RunBackupTask>(async ({ file }) => {
    await writeFile(file, '');
    const now = new Date();
    await utimes(file, now, now);
    return { tickets, madeAt: now.toISOString() };
  });
  lines = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line).msg) };
  const logger = createLogger({ name: 'test', level: 'info', destination });
  backups = openBackups({ folder, run, isIdle: () => isIdle, logger });
});
afterEach(async () => {
  backups.stop();
  vi.useRealTimers();
});

/** Lets that much time pass, and all that it began end: then the next look is waited for. */
async function afterwards(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  while (vi.getTimerCount() === 0) await new Promise(setImmediate);
}

const madeNames = () => run.mock.calls.map(([{ file }]) => path.basename(file));

it('makes one a day of its own accord, whatever the clock does', async () => {
  await afterwards(2 * minutes);
  // Asleep for three days: timers stood still.
  vi.setSystemTime(new Date(2026, 11, 1, 8));
  await afterwards(15 * minutes);
  // Set back by a year: nothing waits for the old time to come again.
  vi.setSystemTime(new Date(2025, 11, 1, 8));
  await afterwards(15 * minutes);
  vi.setSystemTime(new Date(2026, 11, 1, 12));
  for (let look = 0; look < 8; look += 1) await afterwards(15 * minutes);
  vi.setSystemTime(new Date(2026, 11, 2, 0, 1));
  await afterwards(15 * minutes);
  expect(madeNames()).toEqual([
    'nightly-2026-11-28.deskbackup',
    'nightly-2026-12-01.deskbackup',
    'nightly-2025-12-01.deskbackup',
    // Seen a year before its time it may as well have been made by a clock that was ahead: once more is safe.
    'nightly-2026-12-01.deskbackup',
    'nightly-2026-12-02.deskbackup',
  ]);
});

it('tries the nightly one again where it failed, and says why until it is made, in the log once', async () => {
  const full = new DeskError('UNAVAILABLE', 'The disk is full.');
  let meanwhile: unknown;
  run.mockRejectedValueOnce(full).mockImplementationOnce(async () => {
    meanwhile = (await backups.status()).problem;
    throw full;
  });
  const problem = { text: 'The disk is full.', isNightly: true };
  await afterwards(2 * minutes);
  expect(await backups.status()).toMatchObject({ last: null, problem });
  await afterwards(15 * minutes);
  expect(meanwhile).toEqual(problem);
  expect(lines).toEqual(['the nightly backup failed; tried again later']);
  await afterwards(15 * minutes);
  expect(await backups.status()).toMatchObject({
    folder,
    last: { file: path.join(folder, 'nightly-2026-11-28.deskbackup') },
    problem: null,
  });
  expect(lines.slice(1)).toEqual(['the nightly backup was made']);
});

it('makes the one of a day anew that was made when the clock was ahead', async () => {
  vi.setSystemTime(new Date(2026, 10, 30, 10));
  await afterwards(2 * minutes);
  vi.setSystemTime(new Date(2026, 10, 28, 10));
  await afterwards(15 * minutes);
  vi.setSystemTime(new Date(2026, 10, 30, 9));
  for (let look = 0; look < 8; look += 1) await afterwards(15 * minutes);
  expect(madeNames()).toEqual([30, 28, 30].map((night) => `nightly-2026-11-${night}.deskbackup`));
});

it('makes that of a later day, which one that was made when the clock was ahead does not count for', async () => {
  const ahead = new Date(2026, 11, 1, 10);
  vi.setSystemTime(ahead);
  await afterwards(2 * minutes);
  vi.setSystemTime(new Date(2026, 10, 28, 10));
  await afterwards(15 * minutes);
  vi.setSystemTime(new Date(2026, 11, 1, 12));
  for (let look = 0; look < 4; look += 1) await afterwards(15 * minutes);
  const [later, today] = ['nightly-2026-12-01.deskbackup', 'nightly-2026-11-28.deskbackup'];
  expect(madeNames()).toEqual([later, today, later]);
});

it('tells of the last one by the time of now, not of one that was made when the clock was ahead', async () => {
  const lastMade = async () => (await backups.status()).last?.madeAt;
  const [ahead, now] = [new Date(2026, 10, 29, 10), new Date(2026, 10, 28, 10)];
  vi.setSystemTime(ahead);
  await backups.make();
  vi.setSystemTime(now);
  // There is no other.
  expect(await lastMade()).toBe(ahead.toISOString());
  await backups.make();
  expect(await lastMade()).toBe(now.toISOString());
});

it('keeps seven nights, all that were made at will, and nothing that a kill left unfinished', async () => {
  await mkdir(folder);
  const others = ['ticket-desk-2026-01-01-120000.deskbackup', 'notes.txt'];
  const nightly = (day: number) => `nightly-2026-11-${day}.deskbackup`;
  const nights = [19, 20, 21, 22, 23, 24, 25, 26];
  for (const name of [...others, ...nights.map(nightly)]) await writeFile(path.join(folder, name), '');
  await writeFile(path.join(folder, 'nightly-2026-11-27.deskbackup.part'), '');
  tickets = 0;
  await afterwards(2 * minutes);
  // That of an empty desk pushes none out.
  expect(await readdir(folder)).toHaveLength(11);

  tickets = 3;
  vi.setSystemTime(new Date(2026, 10, 29, 9));
  await afterwards(15 * minutes);
  const kept = [22, 23, 24, 25, 26, 28, 29].map(nightly);
  expect((await readdir(folder)).sort()).toEqual([...kept, ...others].sort());
});

it('lets nights that are to come go first', () => {
  const nights = Array.from({ length: 7 }, (_, n) => `nightly-2026-11-2${n}.deskbackup`);
  const wrong = 'nightly-2031-01-01.deskbackup';
  expect(oldOf([...nights, wrong], 'nightly-2026-11-26.deskbackup')).toEqual([wrong]);
});

it('does one thing after the other, and tells of each step', async () => {
  const told: unknown[] = [];
  backups.onChange(() => told.push('a step'));
  run.mockImplementation(async (_task, onPercent) => {
    onPercent(50);
    return { tickets: 1, madeAt: '' };
  });
  await Promise.all([backups.make(), backups.restore('/elsewhere/a.deskbackup')]);
  expect(run.mock.calls.map(([{ kind }]) => kind)).toEqual(['make', 'restore']);
  expect(told).toHaveLength(6);
});

it('restores nothing while something waits to be sent', async () => {
  isIdle = false;
  await expect(backups.restore('/elsewhere/a.deskbackup')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/Something waits to be sent/),
  });
  expect(run).not.toHaveBeenCalled();
  expect((await backups.status()).problem).toEqual({
    text: expect.stringMatching(/Something waits to be sent/),
    isNightly: false,
  });
});

it('shows the newest, whichever it is', async () => {
  const { madeAt } = await backups.make();
  const earlier = path.join(folder, 'nightly-2026-11-30.deskbackup');
  await writeFile(earlier, '');
  await utimes(earlier, 1, 1);
  expect(madeAt).not.toBe('');
  expect((await backups.status()).last?.file).toMatch(/ticket-desk-2026-11-28-090000\.deskbackup$/);
});
