/** Day and time in this computer's zone, or none. */
import type { ComponentProps } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import InputGroup from 'react-bootstrap/InputGroup';
import { fromLocalInput, localInput } from '../state/due.ts';
import { exactTime } from '../state/relative-time.ts';

export interface DueControlProps
  extends Omit<ComponentProps<typeof Form.Control>, 'value' | 'onChange' | 'type'> {
  value: string | null;
  onChange(value: string | null): void;
}

export function DueControl({ value, onChange, ...control }: DueControlProps) {
  return (
    <>
      <InputGroup hasValidation>
        <Form.Control
          {...control}
          type="datetime-local"
          min="1970-01-02T00:00"
          max="9999-12-30T00:00"
          value={localInput(value)}
          onChange={(event) => onChange(fromLocalInput(event.target.value, value))}
        />
        <Button variant="outline-secondary" disabled={value === null} onClick={() => onChange(null)}>
          Clear
        </Button>
      </InputGroup>
      {/* The field has the browser's order of day and month, which in the app is the American one. */}
      {value !== null && <Form.Text>{exactTime(value)}</Form.Text>}
    </>
  );
}
