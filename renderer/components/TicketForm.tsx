/** The form of a ticket: for a new one, one that waits to be sent, and a stored one. */
import type { ReactNode } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import { useCommand } from '../state/commands.ts';
import type { Draft } from '../state/drafts.ts';
import { FieldControl } from './FieldControl.tsx';
import { OpenTicket } from './OpenTicket.tsx';
import { type TicketFormOptions, useTicketForm } from './use-ticket-form.ts';

export interface TicketFormProps extends TicketFormOptions {
  /** By which the button that submits it names it. */
  id: string;
  label?: string;
  draft: Draft<unknown>;
  /** On Escape; without it the key is left to the window. */
  onLeave?(): void;
  /** Above the fields. */
  notice?: ReactNode;
  /** Below them. */
  children?: ReactNode;
}

/** Answers the command "file-ticket" while it is there. */
export function TicketForm({ id, label, draft, onLeave, notice, children, ...options }: TicketFormProps) {
  const { form, problems, failure, type, submit } = useTicketForm(options);
  const { names, values, blocked } = options;
  useCommand('file-ticket', submit, blocked === null ? {} : { enabled: false, disabledReason: blocked });
  return (
    <form
      id={id}
      ref={form}
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !onLeave) return;
        event.preventDefault();
        event.stopPropagation();
        onLeave();
      }}
    >
      {notice}
      {failure && (
        <Alert variant="danger" className="py-2 px-3 small">
          {failure.message}
          {failure.ticketId !== undefined && <OpenTicket id={failure.ticketId} />}
        </Alert>
      )}
      {draft.keeping === 'not-kept' && (
        <Alert variant="warning" className="py-2 px-3 small mb-3" data-keeping="not-kept">
          This text can't be kept on disk: {draft.problem} It is safe only while this window is open.
        </Alert>
      )}
      {names.map((name) => (
        <FieldControl
          key={name}
          name={name}
          value={values[name]}
          onChange={(value) => type(name, value)}
          problem={problems[name]}
        />
      ))}
      {children}
    </form>
  );
}

export interface TicketFormButtonsProps {
  /** The form's. */
  form: string;
  draft: Draft<unknown>;
  submitLabel: string;
  submitTitle?: string;
  disabled: boolean;
  /** Other buttons. */
  children: ReactNode;
}

/** Beneath a form, where they may stay in sight while it scrolls; and whether its text is on disk. */
export function TicketFormButtons(props: TicketFormButtonsProps) {
  const { form, draft, submitLabel, submitTitle, disabled, children } = props;
  return (
    <div className="d-flex flex-wrap align-items-center gap-2">
      <Button type="submit" form={form} size="sm" disabled={disabled} title={submitTitle}>
        {submitLabel}
      </Button>
      {children}
      {draft.draft !== null && draft.keeping !== 'not-kept' && (
        <span
          className="ms-auto small text-body-secondary"
          data-keeping={draft.keeping}
          title="On this computer's disk"
        >
          {draft.keeping === 'kept' ? 'Draft kept' : 'Keeping…'}
        </span>
      )}
    </div>
  );
}
