/** One field of a ticket in a form: label, limit as it comes near, and what is wrong, said beside it and to a screen reader. */
import { type ComponentType, useId, useState } from 'react';
import Form from 'react-bootstrap/Form';
import type { FieldValue, Kind, KindValues } from '../../proto/field-kinds.ts';
import { type FieldName, fieldOf, type ValueOf } from '../../proto/ticket-fields.ts';
import { charactersLeft } from '../state/form-values.ts';
import { counted } from '../state/locale.ts';
import { knownRequesters, proposeRequesters } from '../state/requesters.ts';
import { AgentControl } from './AgentControl.tsx';
import { Combobox } from './Combobox.tsx';
import { DueControl } from './DueControl.tsx';
import { TagsControl } from './TagsControl.tsx';

export interface FieldControlProps {
  name: FieldName;
  value: FieldValue;
  onChange(value: FieldValue): void;
  /** What is wrong and how to mend it. */
  problem: string | undefined;
}

export function FieldControl({ name, value, onChange, problem }: FieldControlProps) {
  const id = useId();
  const field = fieldOf(name);
  const isOptional = field.kind === 'text' ? field.mayBeEmpty : field.kind !== 'choice';
  const left = field.kind === 'text' && typeof value === 'string' ? (charactersLeft(field, value) ?? -1) : -1;
  const described = [left >= 0 && `${id}-limit`, problem && `${id}-problem`].filter(Boolean).join(' ');
  // Each takes what its kind holds.
  const Control = (ownControls[name] ?? controls[field.kind]) as ComponentType<ControlProps<FieldValue>>;
  return (
    <Form.Group controlId={id} className="mb-3">
      <div className="d-flex justify-content-between align-items-baseline">
        <Form.Label className="small fw-semibold mb-1">
          {field.label}
          {isOptional && <span className="text-body-secondary fw-normal"> (optional)</span>}
        </Form.Label>
        {left >= 0 && <Form.Text id={`${id}-limit`}>{counted(left, 'character')} left</Form.Text>}
      </div>
      <Control
        data-field={name}
        value={value}
        onChange={onChange}
        isInvalid={problem !== undefined}
        aria-required={!isOptional}
        aria-describedby={described || undefined}
        dir="auto"
      />
      {problem && (
        <Form.Control.Feedback type="invalid" className="d-block" id={`${id}-problem`} role="alert">
          {problem}
        </Form.Control.Feedback>
      )}
    </Form.Group>
  );
}

interface ControlProps<Value> {
  'data-field': FieldName;
  value: Value;
  onChange(value: Value): void;
  isInvalid: boolean;
  'aria-required': boolean;
  'aria-describedby': string | undefined;
  dir: string;
}

const controls: { [K in Kind]: ComponentType<ControlProps<KindValues[K]>> } = {
  text: TextControl,
  choice: ChoiceControl,
  set: TagsControl,
  time: DueControl,
  person: AgentControl,
};

/** Fields that are filled in by a control of their own. */
const ownControls: { [F in FieldName]?: ComponentType<ControlProps<ValueOf<F>>> } = {
  name: RequesterControl,
};

function TextControl({ onChange, ...control }: ControlProps<string>) {
  const field = fieldOf(control['data-field']);
  const isLong = field.kind === 'text' && field.lines === 'many';
  return (
    <Form.Control
      {...control}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
      {...(isLong ? { as: 'textarea' as const, rows: 5 } : {})}
    />
  );
}

function ChoiceControl({ onChange, ...control }: ControlProps<string>) {
  const field = fieldOf(control['data-field']);
  const choices = field.kind === 'choice' ? field.choices : [];
  return (
    <Form.Select {...control} onChange={(event) => onChange(event.target.value)}>
      {choices.map((choice) => (
        <option key={choice}>{choice}</option>
      ))}
    </Form.Select>
  );
}

function RequesterControl(control: ControlProps<string>) {
  const [requesters] = useState(knownRequesters);
  return (
    <Combobox
      {...control}
      proposals={proposeRequesters(requesters, control.value)}
      listLabel="Typed before"
    />
  );
}
