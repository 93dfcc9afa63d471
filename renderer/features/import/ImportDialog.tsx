/** Brings tickets in from a file: which file, what its columns say, what of it can't be taken, and how far it is. */
import { useEffect, useId, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import Modal from 'react-bootstrap/Modal';
import { shownText } from '../../../proto/visible-text.ts';
import { Dialog, useFirstFocus } from '../../components/Dialog.tsx';
import { NamedProgress } from '../../components/NamedProgress.tsx';
import { Problem } from '../../components/Problem.tsx';
import { WorkButton, WorkLine } from '../../components/WorkLine.tsx';
import type { ImportSourceInput } from '../../graphql/generated/operations.ts';
import { isUnderWay } from '../../state/background-work.ts';
import { useCommand } from '../../state/commands.ts';
import { useBlocked } from '../../state/live.tsx';
import { counted } from '../../state/locale.ts';
import { showToast } from '../../state/toasts.ts';
import { ImportMapping } from './ImportMapping.tsx';
import { ImportOutcome, outcomeWords } from './ImportOutcome.tsx';
import { type ImportHandle, type ImportJob, useImport } from './use-import.ts';

/** Answers the command; a line below the list tells of an import that goes on while the dialog is closed. */
export function ImportDialog() {
  const [isOpen, setIsOpen] = useState(false);
  const open = () => setIsOpen(true);
  useCommand('import', open);
  return isOpen ? <OpenImportDialog onClose={() => setIsOpen(false)} /> : <ImportStrip onShow={open} />;
}

function ImportStrip({ onShow }: { onShow(): void }) {
  const { step, stop } = useImport();
  const [wasUnderWay, setWasUnderWay] = useState(false);
  const job = step.at === 'here' && !step.job.isDryRun ? step.job : undefined;
  const under = job !== undefined && isUnderWay(job);
  useEffect(() => {
    if (job && wasUnderWay && !under) showToast({ text: outcomeWords(job) });
    setWasUnderWay(under);
  }, [job, wasUnderWay, under]);
  if (!under) return null;
  const { fileName, bytesDone: now, bytes: max, reason } = job;
  const name = `Importing ${shownText(fileName)}`;
  const percent = `${Math.floor((100 * now) / Math.max(max, 1))} %`;
  const words = [`${name}: ${percent}`, reason].filter(Boolean).join('. ');
  return (
    <WorkLine label="Import" words={words} progress={{ name, now, max, text: percent }}>
      <WorkButton onClick={onShow}>Show</WorkButton>
      <WorkButton onClick={stop}>Stop</WorkButton>
    </WorkLine>
  );
}

function OpenImportDialog({ onClose }: { onClose(): void }) {
  const handle = useImport();
  const { step, problem } = handle;
  const close = () => {
    handle.leave();
    onClose();
  };
  return (
    <Dialog
      title={`Import tickets${step.at === 'choosing' ? '' : ` from ${nameOf(step)}`}`}
      scrollable
      size="xl"
      onHide={close}
    >
      {step.at === 'here' ? (
        <Known key={step.job.id} job={step.job} handle={handle} onClose={close} />
      ) : (
        <>
          <Modal.Body className="d-flex flex-column gap-3">
            {step.at === 'choosing' ? (
              <FileChoice onChoose={handle.choose} />
            ) : (
              <Sending share={step.share} />
            )}
            <Problem text={problem} className="mb-0 py-2 text-break" />
          </Modal.Body>
          <Modal.Footer>
            <Button variant="outline-secondary" onClick={close}>
              Cancel
            </Button>
          </Modal.Footer>
        </>
      )}
    </Dialog>
  );
}

function nameOf(step: Exclude<ImportHandle['step'], { at: 'choosing' }>): string {
  return step.at === 'sending' ? step.fileName : step.job.fileName;
}

function FileChoice({ onChoose }: { onChoose(file: File): void }) {
  const id = useId();
  const input = useFirstFocus<HTMLInputElement>();
  return (
    <Form.Group controlId={id}>
      <Form.Label>An export of a desk as CSV or JSON Lines, or a CSV of another program</Form.Label>
      <Form.Control
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,.jsonl,.ndjson,text/csv,application/jsonl"
        onChange={({ target }) => {
          const file = (target as HTMLInputElement).files?.[0];
          if (file) onChoose(file);
        }}
      />
    </Form.Group>
  );
}

function Sending({ share }: { share: number }) {
  const percent = Math.floor(share * 100);
  return <NamedProgress name="Reading the file" now={percent} label={`${percent} %`} />;
}

interface KnownProps {
  job: ImportJob;
  handle: ImportHandle;
  onClose(): void;
}

/** A file that is here: its mapping, until it is checked, and then what has become of its rows. */
function Known({ job, handle, onClose }: KnownProps) {
  const blocked = useBlocked();
  const [mapping, setMapping] = useState<ImportSourceInput[]>(() =>
    job.mapping.map(({ part, column, otherwise }) => ({ part, column, otherwise })),
  );
  const [isMapped, setIsMapped] = useState(job.state !== 'READY');
  const how = job.isOwn ? {} : { mapping };
  const begin = (isDryRun: boolean) => {
    setIsMapped(true);
    handle.start({ ...how, isDryRun });
  };
  const under = isUnderWay(job);
  const isAsking = !isMapped || job.state === 'READY';
  return (
    <>
      <Modal.Body className="d-flex flex-column gap-3" tabIndex={0}>
        {!isAsking ? (
          <ImportOutcome job={job} />
        ) : job.isOwn ? (
          <p className="mb-0">
            This is an export of a desk. Every row is checked first, and nothing is stored yet.
          </p>
        ) : (
          <ImportMapping job={job} mapping={mapping} onChange={setMapping} />
        )}
        {blocked !== null && !under && <p className="mb-0">{blocked}</p>}
        <Problem text={handle.problem} className="mb-0 py-2 text-break" />
      </Modal.Body>
      <Modal.Footer>
        {!job.isDryRun && job.state === 'STOPPED' && (
          <Button variant="outline-secondary" className="me-auto" onClick={handle.putAway}>
            Leave out the rest
          </Button>
        )}
        {!isAsking && job.isDryRun && !job.isOwn && !under && (
          <Button variant="outline-secondary" className="me-auto" onClick={() => setIsMapped(false)}>
            Change the columns
          </Button>
        )}
        <Button variant="outline-secondary" onClick={onClose}>
          {job.isDryRun ? 'Cancel' : 'Close'}
        </Button>
        {under && (
          <Button variant="outline-secondary" onClick={handle.stop}>
            Stop
          </Button>
        )}
        <NextButton {...{ job, isAsking, begin }} disabled={blocked !== null} />
      </Modal.Footer>
    </>
  );
}

interface NextProps {
  job: ImportJob;
  isAsking: boolean;
  disabled: boolean;
  begin(isDryRun: boolean): void;
}

/** What comes next: it has the focus when it appears, so that Enter leads from the file to its tickets. */
function NextButton({ job, isAsking, disabled, begin }: NextProps) {
  const button = (words: string, isDryRun: boolean) => (
    <Button key={words} autoFocus disabled={disabled} onClick={() => begin(isDryRun)}>
      {words}
    </Button>
  );
  if (isAsking) return button('Check all rows', true);
  if (job.state === 'STOPPED') return button('Go on', job.isDryRun);
  if (job.state !== 'DONE' || !job.isDryRun || job.imported === 0) return null;
  return button(`Import ${counted(job.imported, 'ticket')}`, false);
}
