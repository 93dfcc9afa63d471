/** Edit, Try again and Discard for one create that waits; Discard asks once, in place. */
import { useState } from 'react';
import Button from 'react-bootstrap/Button';
import { Problem } from '../../components/Problem.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
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
      {!failure?.field && <Problem text={failure?.message} className="py-2 px-3 small mb-2" />}
      {asking === 'asking' ? (
        <fieldset className="d-flex flex-wrap align-items-center gap-2 small">
          <legend className="small mb-0 w-100">{discardQuestion(entry)}</legend>
          <Button size="sm" variant="danger" autoFocus disabled={busy} onClick={() => void discard()}>
            Discard
          </Button>
          <SmallButton onClick={() => setAsking('kept')}>Keep it</SmallButton>
        </fieldset>
      ) : (
        <div className="d-flex flex-wrap gap-2">
          {isEditable(entry) && (
            <SmallButton autoFocus={focusEdit} onClick={onEdit}>
              Edit
            </SmallButton>
          )}
          <SmallButton disabled={busy} onClick={() => void actions.retry()}>
            {retryLabel(entry)}
          </SmallButton>
          <SmallButton autoFocus={asking === 'kept'} onClick={() => setAsking('asking')}>
            Discard
          </SmallButton>
        </div>
      )}
    </div>
  );
}
