/** Before many tickets are changed: what, and how many. */
import Button from 'react-bootstrap/Button';
import Modal from 'react-bootstrap/Modal';
import { Dialog } from '../../components/Dialog.tsx';
import { useAgentNames } from '../../state/agents.tsx';
import type { BulkJob } from '../../state/bulk-jobs.ts';
import { counted } from '../../state/locale.ts';
import { jobWords } from './job-words.ts';

export interface BulkQuestionProps {
  job: BulkJob;
  onYes(): void;
  onNo(): void;
}

export function BulkQuestion({ job, onYes, onNo }: BulkQuestionProps) {
  const { act } = jobWords(job, [], useAgentNames());
  const tickets = counted(job.total, 'ticket');
  return (
    <Dialog title={`${act}: ${tickets}`} onHide={onNo} restoreFocus={false}>
      <Modal.Body>
        {job.total === 0
          ? 'Nothing matches any more.'
          : `${tickets} will be ${job.isDelete ? 'deleted' : 'changed'}. You can stop it, and undo it within an hour.`}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="outline-secondary" onClick={onNo}>
          Cancel
        </Button>
        <Button
          autoFocus
          variant={job.isDelete ? 'danger' : 'primary'}
          disabled={job.total === 0}
          onClick={onYes}
        >
          {job.isDelete ? 'Delete' : 'Change'} {tickets}
        </Button>
      </Modal.Footer>
    </Dialog>
  );
}
