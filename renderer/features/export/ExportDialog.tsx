/** Asks how tickets are to be exported, and tells how far that is and where the file went. */
import { type FormEvent, useId, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import Modal from 'react-bootstrap/Modal';
import { Dialog, useFirstFocus } from '../../components/Dialog.tsx';
import { NamedProgress } from '../../components/NamedProgress.tsx';
import { Problem } from '../../components/Problem.tsx';
import type { ExportFormat } from '../../graphql/generated/operations.ts';
import { useCommand } from '../../state/commands.ts';
import { useBlocked } from '../../state/live.tsx';
import { counted, countText, timeZone } from '../../state/locale.ts';
import { shownList } from '../../state/shown-list.ts';
import { useStore } from '../../state/store.ts';
import { exportShown, type WantedExport, wantedExport } from '../../state/wanted-export.ts';
import { type ExportStep, useExport } from './use-export.ts';

const formats: readonly [ExportFormat, label: string, help: string][] = [
  ['CSV', 'CSV', 'A table, a line each ticket'],
  ['JSON_LINES', 'JSON Lines', 'For programs, an object each ticket'],
  ['HTML', 'HTML', 'A page to read or print'],
];

/** Answers the command, with what the list shows. */
export function ExportDialog() {
  const wanted = useStore(wantedExport);
  useCommand('export', () => exportShown(shownList.state() ?? { query: '', words: 'All tickets' }));
  return wanted && <OpenExportDialog wanted={wanted} onClose={() => wantedExport.set(null)} />;
}

function OpenExportDialog({ wanted, onClose }: { wanted: WantedExport; onClose(): void }) {
  const id = useId();
  const blocked = useBlocked();
  const { step, start, save, leave } = useExport();
  const [format, setFormat] = useState<ExportFormat>('CSV');
  const [withThreads, setWithThreads] = useState(true);
  const [forSpreadsheets, setForSpreadsheets] = useState(true);
  const first = useFirstFocus<HTMLInputElement>();
  const close = () => {
    leave();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (step.at !== 'asking' || blocked !== null) return;
    const { words: _, ...what } = wanted;
    const isGuarded = format === 'CSV' && forSpreadsheets;
    start({ ...what, format, withThreads, forSpreadsheets: isGuarded, timeZone: timeZone() });
  };
  return (
    <Dialog title="Export tickets" onHide={close}>
      <Form noValidate onSubmit={submit}>
        <Modal.Body className="d-flex flex-column gap-3">
          <p className="mb-0 text-break" dir="auto">
            {wanted.words}
          </p>
          {step.at === 'asking' ? (
            <>
              <fieldset>
                <legend className="form-label fs-6">Format</legend>
                {formats.map(([each, label, help], at) => (
                  <Form.Check
                    key={each}
                    ref={at === 0 ? first : undefined}
                    type="radio"
                    name={`${id}-format`}
                    id={`${id}-${each}`}
                    label={
                      <>
                        {label} <span className="text-body-secondary">{help}</span>
                      </>
                    }
                    checked={format === each}
                    onChange={() => setFormat(each)}
                  />
                ))}
              </fieldset>
              <div>
                <Form.Check
                  id={`${id}-threads`}
                  label="With comments and history"
                  checked={withThreads}
                  onChange={(event) => setWithThreads(event.target.checked)}
                />
                {format === 'CSV' && (
                  <Form.Check
                    id={`${id}-guard`}
                    label="For spreadsheets: nothing in a ticket is taken for a formula"
                    checked={forSpreadsheets}
                    onChange={(event) => setForSpreadsheets(event.target.checked)}
                  />
                )}
              </div>
              {blocked !== null && <p className="mb-0">{blocked}</p>}
            </>
          ) : (
            <Progress step={step} />
          )}
          {'problem' in step && <Problem text={step.problem} className="mb-0 py-2 text-break" />}
        </Modal.Body>
        <Modal.Footer>
          <Button variant="outline-secondary" onClick={close}>
            {step.at === 'saved' ? 'Close' : 'Cancel'}
          </Button>
          {step.at === 'asking' && (
            <Button type="submit" disabled={blocked !== null}>
              Export
            </Button>
          )}
          {step.at === 'not-saved' && (
            <Button autoFocus onClick={save}>
              Save…
            </Button>
          )}
        </Modal.Footer>
      </Form>
    </Dialog>
  );
}

function Progress({ step }: { step: Exclude<ExportStep, { at: 'asking' }> }) {
  if (step.at === 'running') {
    const { done, total } = step;
    const words =
      total === null ? 'Finding the tickets…' : `${countText(done)} of ${countText(total)} tickets`;
    return (
      <div>
        <NamedProgress
          className="mb-2"
          name="Export"
          now={done}
          max={Math.max(total ?? 1, 1)}
          aria-valuetext={words}
        />
        {words}
      </div>
    );
  }
  if (step.at === 'not-saved')
    return (
      <p role="status" className="mb-0">
        The file is made, and not saved yet.
      </p>
    );
  const { path, fileName, count } = step;
  return (
    <p role="status" className="mb-0 text-break">
      {counted(count, 'ticket was', 'tickets were')} exported.{' '}
      {path === null ? `Your browser saves ${fileName}.` : `Saved as ${path}.`}
    </p>
  );
}
