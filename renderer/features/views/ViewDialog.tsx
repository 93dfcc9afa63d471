/** Name, owner and key of a view that is made or changed. */
import { type FormEvent, useId, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import Modal from 'react-bootstrap/Modal';
import { Dialog, useFirstFocus } from '../../components/Dialog.tsx';
import { Kbd } from '../../components/Kbd.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAttempt } from '../../state/attempt.ts';
import { useBlocked } from '../../state/live.tsx';
import { useMe } from '../../state/me.ts';
import { useOwnViews, useViews, type ViewToSave } from '../../state/own-views.tsx';
import { goKeys, type View } from '../../state/views.ts';

export interface ViewDialogProps {
  title: string;
  view: ViewToSave;
  /** What the person should know of it before they save. */
  note?: string;
  onSaved(view: View): void;
  onClose(): void;
}

const keys = [...'abcdefghijklmnopqrstuvwxyz1234567890'];

export function ViewDialog({ title, view, note, onSaved, onClose }: ViewDialogProps) {
  const id = useId();
  const own = useOwnViews();
  const views = useViews();
  const me = useMe();
  const name = useFirstFocus<HTMLInputElement>();
  const blocked = useBlocked();
  // What others change of the view meanwhile stays, where the person has typed nothing else.
  const [typed, setTyped] = useState<Partial<ViewToSave>>({});
  const { busy, failure, run } = useAttempt();
  const change = (part: Partial<ViewToSave>) => setTyped({ ...typed, ...part });
  // Nobody's own it can't be.
  const wanted = { ...view, ...typed, ...(me === null && { kind: 'shared' as const }) };
  const taken = new Set(views.map((other) => other.key));
  const isOffered = (key: string) => key === view.key || !(goKeys.has(key) || taken.has(key));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || blocked !== null) return;
    await run(async () => {
      const saved = await own.save(wanted);
      onClose();
      onSaved(saved);
    });
  };
  const problem = failure?.field === 'name' ? failure.message : null;
  return (
    <Dialog title={title} onHide={onClose}>
      <Form noValidate onSubmit={(event) => void submit(event)}>
        <Modal.Body className="d-flex flex-column gap-3">
          <Form.Group controlId={`${id}-name`}>
            <Form.Label>Name</Form.Label>
            <Form.Control
              ref={name}
              autoFocus
              dir="auto"
              value={wanted.name}
              isInvalid={problem !== null}
              aria-describedby={problem === null ? undefined : `${id}-problem`}
              onChange={(event) => change({ name: event.target.value })}
            />
            {problem !== null && (
              <Form.Control.Feedback type="invalid" id={`${id}-problem`} role="alert">
                {problem}
              </Form.Control.Feedback>
            )}
          </Form.Group>
          <fieldset>
            <legend className="form-label fs-6">For</legend>
            {(['own', 'shared'] as const).map((each) => (
              <Form.Check
                key={each}
                inline
                type="radio"
                name={`${id}-kind`}
                id={`${id}-${each}`}
                label={each === 'own' ? 'Me alone' : 'Everybody'}
                checked={wanted.kind === each}
                disabled={each === 'own' && me === null}
                onChange={() => change({ kind: each })}
              />
            ))}
          </fieldset>
          <Form.Group controlId={`${id}-key`}>
            <Form.Label>
              Key after <Kbd keys="g" />
            </Form.Label>
            <Form.Select
              className="w-auto"
              value={wanted.key ?? ''}
              onChange={(event) => change({ key: event.target.value || null })}
            >
              <option value="">None</option>
              {keys.filter(isOffered).map((key) => (
                <option key={key}>{key}</option>
              ))}
            </Form.Select>
          </Form.Group>
          <p className="small text-body-secondary text-break mb-0">
            {view.query === '' ? 'All tickets' : <code dir="auto">{view.query}</code>}, in the order and the
            columns in which they are shown.
          </p>
          {problem === null && <Problem text={failure?.message} className="mb-0 py-2" />}
          {note && (
            <p role="alert" className="mb-0">
              {note}
            </p>
          )}
          {blocked !== null && <p className="mb-0">{blocked}</p>}
        </Modal.Body>
        <Modal.Footer>
          <Button variant="outline-secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={busy || blocked !== null}>
            Save
          </Button>
        </Modal.Footer>
      </Form>
    </Dialog>
  );
}
