/** The bulk changes that go on, were stopped, or have failed in part. */
import { useEffect, useState } from 'react';
import CloseButton from 'react-bootstrap/CloseButton';
import { limits } from '../../../proto/checks.ts';
import { WorkButton, WorkLine } from '../../components/WorkLine.tsx';
import { useAgentNames } from '../../state/agents.tsx';
import { isUnderWay } from '../../state/background-work.ts';
import type { BulkJob } from '../../state/bulk-jobs.ts';
import { useLive } from '../../state/live.tsx';
import { countText } from '../../state/locale.ts';
import { focusList } from '../../state/navigation.tsx';
import { useStore } from '../../state/store.ts';
import { showFailure } from '../../state/toasts.ts';
import { remember, remembered } from '../../state/web-storage.ts';
import { FailuresDialog } from './FailuresDialog.tsx';
import { type JobWords, jobWords } from './job-words.ts';
import { useJobChanges } from './use-job-changes.ts';

export function BulkStrip() {
  const { bulk } = useLive();
  const jobs = useStore(bulk);
  const nameOf = useAgentNames();
  const { away, putAway } = usePutAway();
  const changes = useJobChanges();
  useEffect(() => bulk.onEnded(changes.tellEnd), [bulk, changes]);
  useEffect(() => changes.adopt(jobs), [jobs, changes]);
  const undone = new Set(jobs.map(({ undoes }) => undoes));
  const shown = jobs
    .filter(changes.isOwn)
    .filter((job) => isTold(job) && !undone.has(job.id) && !away.includes(job.id));
  return shown.map((job) => (
    <JobLine
      key={job.id}
      job={job}
      words={jobWords(job, jobs, nameOf)}
      onUndo={() => changes.undo(job)}
      onAway={() => putAway(job.id)}
    />
  ));
}

function isTold(job: BulkJob): boolean {
  // One that went on after a restart may have ended before the page was there.
  if (job.state === 'DONE') return job.failed > 0 || (job.isResumed && job.changed > 0);
  // One of a single step ends before anybody could read of it.
  const takesSteps = job.total > limits.bulkChunkTickets;
  return job.state === 'STOPPED' || (isUnderWay(job) && (takesSteps || job.reason !== null));
}

interface JobLineProps {
  job: BulkJob;
  words: JobWords;
  onUndo(): void;
  onAway(): void;
}

function JobLine({ job, words, onUndo, onAway }: JobLineProps) {
  const { bulk } = useLive();
  const [failuresShown, setFailuresShown] = useState(false);
  const act = (run: () => unknown) => () => {
    focusList();
    Promise.resolve(run()).catch(showFailure);
  };
  const under = isUnderWay(job);
  const now = job.done + job.failed;
  const text = `${countText(now)} of ${countText(job.total)}`;
  return (
    <WorkLine
      label="Bulk change"
      words={sentence(job, words)}
      progress={under ? { name: words.doing, now, max: job.total, text } : null}
    >
      {job.failed > 0 && (
        <WorkButton onClick={() => setFailuresShown(true)}>{countText(job.failed)} failed</WorkButton>
      )}
      {under && (
        <WorkButton disabled={job.isStopping} onClick={act(() => bulk.halt(job.id))}>
          Stop
        </WorkButton>
      )}
      {job.state === 'STOPPED' && <WorkButton onClick={act(() => bulk.begin(job.id))}>Go on</WorkButton>}
      {!under && job.changed > 0 && <WorkButton onClick={act(onUndo)}>Undo</WorkButton>}
      {!under && <CloseButton aria-label="Put this bulk change away" onClick={act(onAway)} />}
      {failuresShown && <FailuresDialog job={job} words={words} onClose={() => setFailuresShown(false)} />}
    </WorkLine>
  );
}

/** "Setting status to Completed: 1,200 of 3,000", "Stopped: 1,200 changed, 1,800 not" */
function sentence({ state, isStopping, reason, total, done, failed }: BulkJob, words: JobWords): string {
  const [count, all] = [countText(done), countText(total)];
  if (state === 'DONE') return words.ended;
  if (state === 'STOPPED')
    return `${words.doing}. Stopped: ${count} changed, ${countText(total - done)} not.`;
  const at = `${words.doing}: ${countText(done + failed)} of ${all}`;
  return [at, isStopping && 'It stops after those that it is at.', reason].filter(Boolean).join('. ');
}

const maxAway = 20;
const awayName = 'bulk-put-away';

/** Those that the person has seen the end of; the proxy forgets them in an hour. */
function usePutAway() {
  const [away, setAway] = useState<readonly string[]>(() => (remembered(awayName) ?? '').split(' '));
  return {
    away,
    putAway(id: string) {
      const next = [...away, id].slice(-maxAway);
      remember(awayName, next.join(' '));
      setAway(next);
    },
  };
}
