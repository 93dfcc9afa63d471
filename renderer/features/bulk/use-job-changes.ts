/** Bulk changes as something that can be undone: those that are begun here, and what is said of one at its end. */
import { useMemo } from 'react';
import { useAgentNames } from '../../state/agents.ts';
import type { BulkJob } from '../../state/bulk-jobs.ts';
import { changeHistory } from '../../state/change-history.ts';
import { useChanges } from '../../state/changes.ts';
import { useLive } from '../../state/live.tsx';
import { showToast } from '../../state/toasts.ts';
import { jobWords } from './job-words.ts';

export interface JobChanges {
  /** It was begun in this window. */
  made(job: BulkJob): void;
  /** Says that it has ended, with Undo where it has changed something. */
  tellEnd(job: BulkJob): void;
  undo(job: BulkJob): void;
}

export function useJobChanges(): JobChanges {
  const { bulk } = useLive();
  const changes = useChanges();
  const nameOf = useAgentNames();
  return useMemo(() => {
    const wordsOf = (job: BulkJob) => jobWords(job, bulk.state(), nameOf);
    const changeOf = (job: BulkJob) => ({ way: 'bulk', id: job.id, what: wordsOf(job).what }) as const;
    // Another window's, or one of before a restart, is made by whoever undoes it here.
    const known = (job: BulkJob) => changeHistory.find(job.id) ?? changes.made(changeOf(job));
    return {
      made: (job) => void changes.made(changeOf(job)),
      tellEnd(job) {
        const { ended } = wordsOf(job);
        if (job.undoes !== null || job.changed === 0) showToast({ text: `${ended}.` });
        else changes.tell(`${ended}.`, { id: job.id, undo: () => changes.undo(known(job)) });
      },
      undo: (job) => changes.undo(known(job)),
    };
  }, [bulk, changes, nameOf]);
}
