/** The name under which somebody works at this desk, to be typed and saved. */
import { useApolloClient } from '@apollo/client/react';
import { type FormEvent, useId, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import InputGroup from 'react-bootstrap/InputGroup';
import { MeDocument } from '../graphql/generated/operations.ts';
import type { Settings } from '../state/boot.tsx';
import { useStore } from '../state/store.ts';
import { showToast } from '../state/toasts.ts';

export interface OwnNameFormProps {
  settings: Settings;
  /** Given, the form is what the person has asked for: it takes the focus, and can be left again. */
  onLeave?: () => void;
}

export function OwnNameForm({ settings, onLeave }: OwnNameFormProps) {
  const client = useApolloClient();
  const id = useId();
  const { name } = useStore(settings.saved).agent;
  const [typed, setTyped] = useState(name);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await settings.saveName(typed);
    setProblem(answer.ok ? null : answer.error.message);
    if (!answer.ok) return;
    const saved = answer.value.agent.name;
    setTyped(saved);
    showToast({ text: `Saved. You work here as ${saved}.` });
    onLeave?.();
    // Wherever the name stands.
    await client.query({ query: MeDocument, fetchPolicy: 'network-only' }).catch(() => undefined);
  };
  return (
    <Form noValidate className={onLeave && 'col col-lg-6'} onSubmit={(event) => void submit(event)}>
      <Form.Label htmlFor={id} className={onLeave ? 'visually-hidden' : 'small fw-semibold mb-1'}>
        Your name
      </Form.Label>
      <InputGroup size="sm" hasValidation>
        <Form.Control
          id={id}
          value={typed}
          autoFocus={onLeave !== undefined}
          isInvalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          autoComplete="name"
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.target.value);
            setProblem(null);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || !onLeave) return;
            event.stopPropagation();
            onLeave();
          }}
        />
        <Button type="submit" variant="outline-secondary" disabled={!onLeave && typed.trim() === name}>
          Save
        </Button>
        {problem !== null && (
          <Form.Control.Feedback type="invalid" id={`${id}-problem`} role="alert">
            {problem}
          </Form.Control.Feedback>
        )}
      </InputGroup>
    </Form>
  );
}
