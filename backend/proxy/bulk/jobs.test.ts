import { afterEach, describe, expect, it, vi } from 'vitest';
import { DeskError } from '../../errors.ts';
import type { RecordStore } from '../outbox/store.ts';
import type { BulkRecord } from './job-record.ts';
import { type Job, Jobs } from './jobs.ts';

const change = { changes: { status: 'On Hold' }, addTags: [], removeTags: [], isDelete: false };

/** A disk that can refuse. */
function jobsOn(disk = new Map<string, BulkRecord>()) {
  const store: RecordStore<BulkRecord> & { isFull: boolean } = {
    isFull: false,
    records: [...disk.values()],
    elsewhere: new Map(),
    notices: [],
    async put(record) {
      if (store.isFull) throw new DeskError('UNAVAILABLE', 'The disk is full.');
      disk.set(record.requestId, structuredClone(record));
    },
    async delete(requestId) {
      disk.delete(requestId);
    },
    async replace() {},
    async close() {},
  };
  const jobs = new Jobs(store);
  const prepare = (id: string, tickets = 250) =>
    jobs.prepare({ id, agent: undefined, digest: id, change }, async () =>
      Array.from({ length: tickets }, (_, n) => n + 1),
    );
  return { jobs, store, disk, prepare };
}

const named = (jobs: Jobs) => jobs.list().map(({ record }) => `${record.requestId} ${record.state}`);

function settleNext(jobs: Jobs, job: Job): void {
  const chunk = job.chunks.find(({ state }) => state !== 'DONE');
  if (chunk) jobs.settle(job, chunk, { changedIds: chunk.ids, failures: [] });
}

describe('bulk jobs', () => {
  afterEach(() => vi.useRealTimers());

  it('are known no more, stopped ones neither, once their tickets are others', async () => {
    const { jobs, disk, prepare } = jobsOn();
    await prepare('ready');
    settleNext(jobs, await prepare('stopped'));
    await jobs.start('stopped');
    await jobs.stop('stopped');
    jobs.forgetAll();
    expect([named(jobs), [...disk]]).toEqual([[], []]);
    await expect(jobs.start('stopped')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are found again after a start, chunk for chunk', async () => {
    const { jobs, disk, prepare } = jobsOn();
    const job = await prepare('a');
    await jobs.start('a');
    settleNext(jobs, job);
    const again = jobsOn(disk).jobs.list();
    expect(job.isResumed).toBe(false);
    expect(again.map(({ record, chunks, isResumed }) => ({ record, chunks, isResumed }))).toEqual([
      { record: job.record, chunks: job.chunks, isResumed: true },
    ]);
  });

  it('run in the order in which they are begun', async () => {
    const { jobs, prepare } = jobsOn();
    for (const id of ['a', 'b', 'c']) await prepare(id);
    for (const id of ['c', 'a']) await jobs.start(id);
    expect(jobs.current()?.record.requestId).toBe('c');
    await jobs.stop('c');
    expect(jobs.current()?.record.requestId).toBe('a');
  });

  it('that are kept are 20 at most: the oldest that is not under way leaves', async () => {
    const { jobs, disk, prepare } = jobsOn();
    await prepare('begun');
    await jobs.start('begun');
    for (let n = 1; n <= 25; n += 1) await prepare(`job ${n}`, 1);
    expect(named(jobs)).toHaveLength(20);
    expect(named(jobs)).toContain('begun RUNNING');
    expect([...disk.values()].filter(({ kind }) => kind === 'JOB')).toHaveLength(20);
    const leftWords = expect.stringContaining('gave way to newer ones');
    await expect(jobs.start('job 1')).rejects.toMatchObject({ code: 'NOT_FOUND', message: leftWords });
    for (const { record } of jobs.list()) await jobs.start(record.requestId);
    await expect(prepare('one more')).rejects.toMatchObject({ code: 'CONFLICT', field: 'id' });
  });

  it('that have ended are forgotten an hour later, and those under way are not', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { jobs, disk, prepare } = jobsOn();
    for (const id of ['ready', 'done', 'begun']) await prepare(id, 1);
    await jobs.start('done');
    settleNext(jobs, await jobs.start('done'));
    await jobs.start('begun');
    vi.advanceTimersByTime(59 * 60_000);
    expect(named(jobs)).toEqual(['ready READY', 'done DONE', 'begun RUNNING']);
    vi.advanceTimersByTime(2 * 60_000);
    expect(named(jobs)).toEqual(['begun RUNNING']);
    expect(disk.size).toBe(2);
  });

  it('that the disk refuses are not begun', async () => {
    const { jobs, store, prepare } = jobsOn();
    await prepare('a');
    store.isFull = true;
    await expect(prepare('b')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(jobs.start('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(named(jobs)).toEqual(['a READY']);
    store.isFull = false;
    await jobs.start('a');
    expect(named(jobs)).toEqual(['a RUNNING']);
  });

  it('end after the chunk that was sent, and with none that was not', async () => {
    const { jobs, prepare } = jobsOn();
    const [sent, waiting] = [await prepare('sent'), await prepare('waiting')];
    for (const id of ['sent', 'waiting']) await jobs.start(id);
    const [chunk] = sent.chunks;
    if (chunk) await jobs.markSent(chunk);
    for (const id of ['sent', 'waiting']) await jobs.stop(id);
    expect([sent.record.state, waiting.record.state]).toEqual(['STOPPING', 'STOPPED']);
    settleNext(jobs, sent);
    expect(sent.record.state).toBe('STOPPED');
  });
});
