/** Where the tickets are kept: on this computer, or by a ticket service elsewhere. */
import { type FormEvent, useId, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { Face } from '../../state/boot.tsx';
import { useOutbox } from '../../state/live.tsx';
import { useToasts } from '../../state/toasts.tsx';
import { addressProblem, builtIn, isHopeless } from './address.ts';

export function ServiceAddressForm({ face }: { face: Extract<Face, { kind: 'desktop' }> }) {
  const id = useId();
  const form = useServiceAddress(face);
  const { waiting, failed } = useOutbox();
  return (
    <Form noValidate onSubmit={(event) => void form.save(event)}>
      <fieldset className="mb-3">
        <legend className="h6">Tickets are kept</legend>
        <Form.Check
          type="radio"
          id={`${id}-here`}
          name={`${id}-where`}
          label="on this computer (built in)"
          checked={form.here}
          onChange={() => form.setHere(true)}
        />
        <Form.Check
          type="radio"
          id={`${id}-there`}
          name={`${id}-where`}
          label="by a ticket service, at the address"
          checked={!form.here}
          onChange={() => form.setHere(false)}
        />
        <Form.Control
          id={`${id}-address`}
          className="mt-2"
          aria-label="Address of the ticket service, host:port"
          placeholder="host:port"
          autoComplete="off"
          spellCheck={false}
          disabled={form.here}
          value={form.address}
          isInvalid={form.problem !== null}
          aria-describedby={form.problem ? `${id}-problem` : undefined}
          onChange={(event) => form.type(event.target.value)}
          onBlur={form.leave}
        />
        {form.problem && (
          <Form.Control.Feedback type="invalid" id={`${id}-problem`} role="alert">
            {form.problem}
          </Form.Control.Feedback>
        )}
      </fieldset>
      {waiting + failed > 0 && (
        <p className="small text-body-secondary">
          {waiting + failed === 1 ? 'The ticket that waits' : `The ${waiting + failed} tickets that wait`} in
          the outbox stay there, and are sent to the service chosen here.
        </p>
      )}
      <Button type="submit" size="sm" disabled={form.saving || !form.changed}>
        {form.saving ? 'Saving…' : 'Save and connect'}
      </Button>
    </Form>
  );
}

function useServiceAddress({ settings }: Extract<Face, { kind: 'desktop' }>) {
  const { show } = useToasts();
  const [saved, setSaved] = useState(settings.current().ticketServiceAddress);
  const [here, setHere] = useState(saved === builtIn);
  const [address, setAddress] = useState(saved === builtIn ? '' : saved);
  const [checked, setChecked] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const wanted = here ? builtIn : address;
  const wrong = addressProblem(wanted);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (wrong || saving) return;
    setSaving(true);
    const answer = await settings.save({ ticketServiceAddress: wanted });
    setSaving(false);
    if (!answer.ok) return setRefused(answer.error.message);
    setSaved(answer.value.ticketServiceAddress);
    show({ text: here ? 'Saved. Tickets are kept on this computer.' : `Saved. Connecting to ${wanted}.` });
  };
  const type = (typed: string) => {
    setAddress(typed);
    setRefused(null);
  };
  return {
    here,
    setHere: (next: boolean) => {
      setHere(next);
      setRefused(null);
    },
    address,
    type,
    /** An address that was begun is checked from the first character that can't be right. */
    leave: () => setChecked(true),
    problem: refused ?? (checked || isHopeless(wanted) ? wrong : null),
    saving,
    changed: wanted !== saved,
    save,
  };
}
