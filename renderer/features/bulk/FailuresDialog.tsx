/** Which tickets a bulk change has not changed, and why. */
import { useEffect, useState } from 'react';
import Modal from 'react-bootstrap/Modal';
import { Dialog } from '../../components/Dialog.tsx';
import { WordButton } from '../../components/SmallButton.tsx';
import type { BulkJob, TicketFailure } from '../../state/bulk-jobs.ts';
import { readFailure } from '../../state/failure.ts';
import { useLive } from '../../state/live.tsx';
import { counted, countText } from '../../state/locale.ts';
import { useNavigation } from '../../state/navigation.tsx';
import type { JobWords } from './job-words.ts';

export interface FailuresDialogProps {
  job: BulkJob;
  words: JobWords;
  onClose(): void;
}

export function FailuresDialog({ job, words, onClose }: FailuresDialogProps) {
  const { open } = useNavigation();
  const { failures, problem } = useFailures(job);
  return (
    <Dialog title={`${counted(job.failed, 'ticket')} failed: ${words.what}`} scrollable onHide={onClose}>
      <Modal.Body tabIndex={0}>
        {problem !== null && <p role="alert">{problem}</p>}
        <ul className="list-unstyled mb-0">
          {failures.map((failure) => (
            <li key={failure.id} className="d-flex gap-2 py-1">
              <WordButton
                className="p-0 flex-shrink-0"
                onClick={() => {
                  onClose();
                  open({ kind: 'ticket', id: failure.id });
                }}
              >
                #{failure.id}
              </WordButton>
              <span className="text-break">{failure.message}</span>
            </li>
          ))}
        </ul>
        {failures.length > 0 && job.failed > failures.length && (
          <p className="mt-2 mb-0 text-body-secondary">
            These are the first {countText(failures.length)} of them.
          </p>
        )}
      </Modal.Body>
    </Dialog>
  );
}

function useFailures({ id, failed }: BulkJob) {
  const { bulk } = useLive();
  const [failures, setFailures] = useState<readonly TicketFailure[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when there are more.
  useEffect(() => {
    let isAway = false;
    bulk.failures(id).then(
      (read) => !isAway && setFailures(read),
      (thrown) => !isAway && setProblem(readFailure(thrown).message),
    );
    return () => {
      isAway = true;
    };
  }, [bulk, id, failed]);
  return { failures, problem };
}
