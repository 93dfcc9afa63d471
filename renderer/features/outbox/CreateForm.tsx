/** The text of a create that failed, or was never sent, to be mended and sent again under the same requestId. */
import { useEffect, useRef, useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import { KeptNote } from '../../components/KeptNote.tsx';
import { TextField } from '../../components/TextField.tsx';
import { useCommand } from '../../state/commands.tsx';
import type { OutboxEntry } from '../../state/live.tsx';
import { isTextField, sameText, type TicketText, textFields, textProblems } from '../../state/ticket-text.ts';
import type { CreateActions } from './use-create-actions.ts';

export interface CreateFormProps {
  entry: OutboxEntry;
  actions: CreateActions;
  /** The form is left: with the text saved, or kept as a draft. */
  onLeave(): void;
}

export function CreateForm({ entry, actions, onLeave }: CreateFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const { edited, failure } = actions;
  const text: TicketText = edited.draft ?? entry;
  const [touched, setTouched] = useState(false);
  const refused = failure?.field ?? (touched ? undefined : (entry.lastErrorField ?? undefined));
  const problems = textProblems(text);
  const refusal = failure?.message ?? entry.lastError;
  if (isTextField(refused) && refusal) problems[refused] = refusal;
  const focusField = (field: string) =>
    form.current?.querySelector<HTMLElement>(`[data-field="${field}"]`)?.focus();
  const first = useRef(isTextField(refused) ? refused : 'title');
  useEffect(() => {
    form.current?.querySelector<HTMLElement>(`[data-field="${first.current}"]`)?.focus();
  }, []);

  const type = (field: keyof TicketText, typed: string) => {
    const { title, description, name } = text;
    const base = { title: entry.title, description: entry.description, name: entry.name };
    const next = { title, description, name, [field]: typed };
    setTouched(true);
    edited.set(sameText(next, base) ? null : { ...next, base: { ...base, status: 'New', version: null } });
  };
  const save = async () => {
    const wrong = textFields.find((field) => textProblems(text)[field]);
    if (wrong) return focusField(wrong);
    if (await actions.save(text)) onLeave();
  };
  useCommand('file-ticket', () => void save());

  return (
    <form
      ref={form}
      noValidate
      aria-label="Edit this ticket before it is sent"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onLeave();
      }}
    >
      {failure && !isTextField(failure.field) && (
        <Alert variant="danger" className="py-2 px-3 small">
          {failure.message}
        </Alert>
      )}
      {textFields.map((field) => (
        <TextField
          key={field}
          field={field}
          value={text[field]}
          onChange={(typed) => type(field, typed)}
          problem={problems[field]}
        />
      ))}
      <div className="d-flex flex-wrap align-items-center gap-2">
        <Button type="submit" size="sm" disabled={actions.busy}>
          Save and send
        </Button>
        <Button size="sm" variant="outline-secondary" onClick={onLeave}>
          Leave
        </Button>
        <KeptNote draft={edited} />
      </div>
    </form>
  );
}
