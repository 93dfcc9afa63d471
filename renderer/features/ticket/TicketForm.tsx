/** The ticket's text while it is edited, where it stood while it was read. */
import { useEffect, useRef, useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import { KeptNote } from '../../components/KeptNote.tsx';
import { TextField } from '../../components/TextField.tsx';
import { withKey } from '../../components/with-key.ts';
import { knownRequesters, proposeRequesters } from '../../state/requesters.ts';
import { fieldLabels, isTextField, textFields } from '../../state/ticket-text.ts';
import { changedFields } from './merge.ts';
import type { TicketEdit } from './use-ticket-edit.ts';

export interface TicketFormProps {
  edit: TicketEdit;
  /** Why it can't be saved now; null when it can. */
  blocked: string | null;
}

export function TicketForm({ edit, blocked }: TicketFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [requesters] = useState(knownRequesters);
  const { wanted, failure, changedElsewhere, stored } = edit;
  useEffect(() => {
    form.current?.querySelector<HTMLElement>(`[data-field="${wanted.field}"]`)?.focus();
  }, [wanted]);
  return (
    <form
      id="edit-ticket"
      ref={form}
      noValidate
      aria-label="Edit this ticket"
      onSubmit={(event) => {
        event.preventDefault();
        if (blocked === null) edit.saveText();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        edit.leave();
      }}
    >
      {changedElsewhere && (
        <Alert variant="info" className="py-2 px-3 small d-flex flex-wrap align-items-center gap-2">
          <span className="me-auto">
            Changed by somebody else:{' '}
            {changedFields(changedElsewhere, edit.now)
              .map((field) => fieldLabels[field])
              .join(', ') || 'nothing that you see'}
            . Your text is as you typed it.
          </span>
          <Button size="sm" variant="outline-secondary" onClick={edit.compare}>
            Compare
          </Button>
        </Alert>
      )}
      {failure && !isTextField(failure.field) && (
        <Alert variant="danger" className="py-2 px-3 small">
          {failure.message}
        </Alert>
      )}
      {stored.keeping === 'not-kept' && <KeptNote draft={stored} />}
      {textFields.map((field) => (
        <TextField
          key={field}
          field={field}
          value={edit.text[field]}
          onChange={(value) => edit.type(field, value)}
          problem={edit.problems[field]}
          {...(field === 'name' ? { proposals: proposeRequesters(requesters, edit.text.name) } : {})}
        />
      ))}
    </form>
  );
}

/** Stays in sight while a long text scrolls. */
export function TicketFormFooter({ edit, blocked }: TicketFormProps) {
  const { stored } = edit;
  return (
    <div className="d-flex flex-wrap align-items-center gap-2">
      <Button
        type="submit"
        form="edit-ticket"
        size="sm"
        disabled={blocked !== null}
        title={blocked ?? withKey('Save', 'CmdOrCtrl+Enter')}
      >
        Save
      </Button>
      {stored.draft && (
        <Button size="sm" variant="outline-secondary" onClick={edit.discard}>
          Discard
        </Button>
      )}
      {stored.keeping !== 'not-kept' && (
        <span className="ms-auto">
          <KeptNote draft={stored} />
        </span>
      )}
    </div>
  );
}
