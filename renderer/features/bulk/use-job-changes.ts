/** Bulk changes in the history of Undo: those begun here, and the message at the end of each. */
import { useMemo } from 'react';
import { useAgentNames } from '../../state/agents.tsx';
import type { BulkJob } from '../../state/bulk-jobs.ts';
import { changeHistory } from '../../state/change-history.ts';
import { useChanges } from '../../state/changes.ts';
import { useLive } from '../../state/live.tsx';
import { useMe } from '../../state/me.ts';
import { showToast } from '../../state/toasts.ts';
import { jobWords } from './job-words.ts';

export interface JobChanges {
  /** A server is shared: what others have begun is theirs to see to. */
  isOwn(job: BulkJob): boolean;
  /** It was begun in this window. */
  made(job: BulkJob): void;
  /** Those of this person that went on after a restart are undone by the keys as well. */
  adopt(jobs: readonly BulkJob[]): void;
  /** Says that it has ended, with Undo where it has changed something. */
  tellEnd(job: BulkJob): void;
  undo(job: BulkJob): void;
}

/** One that was undone here is not taken in again. */
const adopted = new Set<string>();

export function useJobChanges(): JobChanges {
  const { bulk } = useLive();
  const me = useMe();
  const changes = useChanges();
  const nameOf = useAgentNames();
  return useMemo(() => {
    const wordsOf = (job: BulkJob) => jobWords(job, bulk.state(), nameOf);
    const changeOf = (job: BulkJob) => ({ way: 'bulk', id: job.id, what: wordsOf(job).what }) as const;
    // One of another window, or from before a restart, enters the history when it is undone here.
    const isOwn = ({ author }: BulkJob) => !author || author.id === me?.id;
    const known = (job: BulkJob) => changeHistory.find(job.id) ?? changes.made(changeOf(job));
    return {
      isOwn,
      made: (job) => void changes.made(changeOf(job)),
      adopt(jobs) {
        const undone = new Set(jobs.map(({ undoes }) => undoes));
        for (const job of jobs) {
          if (!isOwn(job) || !job.isResumed || undone.has(job.id) || adopted.has(job.id)) continue;
          adopted.add(job.id);
          known(job);
        }
      },
      tellEnd(job) {
        // What says that it has ended stands until it is put away.
        if (!isOwn(job) || (job.isResumed && job.changed > 0)) return;
        const { ended } = wordsOf(job);
        // By Undo the change before it is meant.
        if (job.changed === 0) changeHistory.drop(job.id);
        if (job.undoes !== null || job.changed === 0) showToast({ text: `${ended}.` });
        else changes.tell(`${ended}.`, { id: job.id, undo: () => changes.undo(known(job)) });
      },
      undo: (job) => changes.undo(known(job)),
    };
  }, [bulk, changes, me, nameOf]);
}
