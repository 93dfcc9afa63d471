import type { ApolloClient } from '@apollo/client';
import { expect, it, vi } from 'vitest';
import { type BulkJob, BulkJobs } from './bulk-jobs.ts';

const job = { id: 'job', state: 'DONE', total: 0, changed: 0 } as BulkJob;

it('shows one that has ended by the answer to its beginning as ended, and tells of it once, when that is read', async () => {
  const reads: (() => void)[] = [];
  const query = () =>
    new Promise((resolve, reject) => {
      // The first can't be read.
      reads.push(() =>
        reads.length === 1 ? reject(new Error('no link')) : resolve({ data: { bulkJobs: [job] } }),
      );
    });
  const mutate = async () => ({ data: { undoBulk: job } });
  const jobs = new BulkJobs({ query, mutate } as unknown as ApolloClient);
  const ended = vi.fn();
  jobs.onEnded(ended);
  await jobs.undo('job', 'other');
  expect(jobs.state()).toEqual([job]);
  expect(ended).not.toHaveBeenCalled();
  reads[0]?.();
  await vi.waitFor(() => expect(reads).toHaveLength(2));
  reads[1]?.();
  await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1));
  expect(jobs.state()).toEqual([job]);
});
