/** Edit, Try again and Discard for one create that waits; Discard asks once, in place. */
import { useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import type { OutboxEntry } from '../../state/live.tsx';
import type { CreateActions } from './use-create-actions.ts';
import { discardQuestion, isEditable, retryLabel } from './words.ts';

export interface CreateControlsProps {
  entry: OutboxEntry;
  actions: CreateActions;
  onEdit(): void;
  /** The form has just been left: the focus returns to Edit. */
  focusEdit: boolean;
  onDiscarded?(): void;
  /** Begins with the question whether to discard it. */
  asksFirst?: boolean;
}

export function CreateControls(props: CreateControlsProps) {
  const { entry, actions, onEdit, focusEdit, onDiscarded, asksFirst } = props;
  const [asking, setAsking] = useState<'not-yet' | 'asking' | 'kept'>(asksFirst ? 'asking' : 'not-yet');
  const { busy, failure } = actions;
  const discard = async () => {
    if (await actions.discard()) onDiscarded?.();
    setAsking('kept');
  };
  return (
    <div>
      {failure && !failure.field && (
        <Alert variant="danger" className="py-2 px-3 small mb-2">
          {failure.message}
        </Alert>
      )}
      {asking === 'asking' ? (
        <fieldset className="d-flex flex-wrap align-items-center gap-2 small">
          <legend className="small mb-0 w-100">{discardQuestion(entry)}</legend>
          <Button size="sm" variant="danger" autoFocus disabled={busy} onClick={() => void discard()}>
            Discard
          </Button>
          <Button size="sm" variant="outline-secondary" onClick={() => setAsking('kept')}>
            Keep it
          </Button>
        </fieldset>
      ) : (
        <div className="d-flex flex-wrap gap-2">
          {isEditable(entry) && (
            <Button size="sm" variant="outline-secondary" autoFocus={focusEdit} onClick={onEdit}>
              Edit
            </Button>
          )}
          <Button size="sm" variant="outline-secondary" disabled={busy} onClick={() => void actions.retry()}>
            {retryLabel(entry)}
          </Button>
          <Button
            size="sm"
            variant="outline-secondary"
            autoFocus={asking === 'kept'}
            onClick={() => setAsking('asking')}
          >
            Discard
          </Button>
        </div>
      )}
    </div>
  );
}
