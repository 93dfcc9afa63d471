/** The form beside the list. What is typed outlives the form, the window and the power. */
import { useEffect, useRef, useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import { KeptNote } from '../../components/KeptNote.tsx';
import { OpenTicket } from '../../components/OpenTicket.tsx';
import { PanelFrame } from '../../components/PanelFrame.tsx';
import { TextField } from '../../components/TextField.tsx';
import { useCommand } from '../../state/commands.tsx';
import { knownRequesters, proposeRequesters } from '../../state/requesters.ts';
import { type TextField as Field, isTextField, textFields } from '../../state/ticket-text.ts';
import { useNewTicket } from './use-new-ticket.ts';

export function NewTicketPanel() {
  const form = useRef<HTMLFormElement>(null);
  const focusField = (field: Field) => {
    form.current?.querySelector<HTMLElement>(`[data-field="${field}"]`)?.focus();
  };
  const { stored, text, problems, filing, type, discard } = useNewTicket(focusField);
  const { busy, failure, file } = filing;
  const [requesters] = useState(knownRequesters);
  useCommand('file-ticket', () => void file());
  useEffect(() => {
    if (stored.loaded) form.current?.querySelector<HTMLElement>('[data-field="title"]')?.focus();
  }, [stored.loaded]);

  return (
    <PanelFrame
      title="New ticket"
      footer={
        <div className="d-flex align-items-center gap-2">
          <Button type="submit" form="new-ticket" size="sm" disabled={busy}>
            {busy ? 'Filing…' : 'File ticket'}
          </Button>
          {stored.draft && (
            <Button variant="outline-secondary" size="sm" onClick={discard} disabled={busy}>
              Discard draft
            </Button>
          )}
          {stored.keeping !== 'not-kept' && (
            <span className="ms-auto">
              <KeptNote draft={stored} />
            </span>
          )}
        </div>
      }
    >
      {failure && !isTextField(failure.field) && (
        <Alert variant="danger" className="py-2 px-3 small">
          {failure.message}
          {failure.ticketId !== undefined && <OpenTicket id={failure.ticketId} />}
        </Alert>
      )}
      {stored.keeping === 'not-kept' && <KeptNote draft={stored} />}
      <form
        id="new-ticket"
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void file();
        }}
      >
        {textFields.map((field) => (
          <TextField
            key={field}
            field={field}
            value={text[field]}
            onChange={(typed) => type(field, typed)}
            problem={problems[field]}
            {...(field === 'name' ? { proposals: proposeRequesters(requesters, text.name) } : {})}
          />
        ))}
      </form>
    </PanelFrame>
  );
}
