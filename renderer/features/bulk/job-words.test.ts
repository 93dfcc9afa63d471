import { expect, it } from 'vitest';
import type { BulkJob } from '../../state/bulk-jobs.ts';
import { jobWords } from './job-words.ts';

it('names the first of many tags, and how many more there are', () => {
  const act = (...addTags: string[]) => {
    const job = { changes: [], addTags, removeTags: [], isDelete: false, undoes: null, total: 2 };
    return jobWords(job as unknown as BulkJob, [], () => '').act;
  };
  expect(act('vpn')).toBe('Add tag vpn');
  expect(act('a', 'b', 'c')).toBe('Add tags a, b, c');
  expect(act('a', 'b', 'c', 'd', 'e')).toBe('Add tags a, b, c and 2 more');
});
