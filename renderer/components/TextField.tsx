/** One typed field of a ticket: label, limit as it comes near, and what is wrong, said beside it and to a screen reader. */
import { useId } from 'react';
import Form from 'react-bootstrap/Form';
import { charactersLeft, countNoun, type TextField as Field, fieldLabels } from '../state/ticket-text.ts';
import { Combobox } from './Combobox.tsx';

export interface TextFieldProps {
  field: Field;
  value: string;
  onChange(value: string): void;
  /** What is wrong and how to mend it; null when nothing is known to be. */
  problem?: string | null | undefined;
  /** What may be meant, for a field that can propose something. */
  proposals?: readonly string[];
}

export function TextField({ field, value, onChange, problem, proposals }: TextFieldProps) {
  const id = useId();
  const left = charactersLeft(field, value);
  const described = [left !== null && left >= 0 && `${id}-limit`, problem && `${id}-problem`]
    .filter(Boolean)
    .join(' ');
  const control = {
    'data-field': field,
    value,
    isInvalid: Boolean(problem),
    'aria-required': field !== 'description',
    'aria-describedby': described || undefined,
    dir: 'auto',
  };
  return (
    <Form.Group controlId={id} className="mb-3">
      <div className="d-flex justify-content-between align-items-baseline">
        <Form.Label className="small fw-semibold mb-1">
          {fieldLabels[field]}
          {field === 'description' && <span className="text-body-secondary fw-normal"> (optional)</span>}
        </Form.Label>
        {left !== null && left >= 0 && <Form.Text id={`${id}-limit`}>{countNoun(left)} left</Form.Text>}
      </div>
      {proposals ? (
        <Combobox {...control} onChange={onChange} proposals={proposals} listLabel="Typed before" />
      ) : (
        <Form.Control
          {...control}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
          {...(field === 'description' ? { as: 'textarea' as const, rows: 5 } : {})}
        />
      )}
      {problem && (
        <Form.Control.Feedback type="invalid" id={`${id}-problem`}>
          {problem}
        </Form.Control.Feedback>
      )}
    </Form.Group>
  );
}
