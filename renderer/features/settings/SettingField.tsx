/** One field or switch of the settings: its label, its problem, and what locks it. */
import type { ReactNode } from 'react';
import Form from 'react-bootstrap/Form';
import InputGroup from 'react-bootstrap/InputGroup';
import type { Lock } from '../../../proto/desktop-bridge.ts';

export interface SettingFieldProps {
  id: string;
  label: string;
  value: string;
  onChange(value: string): void;
  onBlur?: () => void;
  /** What sets it; undefined where the person may. */
  lockedBy: Lock | undefined;
  /** What is wrong with its form. */
  problem?: string | null;
  placeholder?: string;
  /** Hides what is typed. */
  isSecret?: boolean;
  /** Beside the field. */
  button?: ReactNode;
  /** Ids of what is said below it. */
  describedBy?: string;
  children?: ReactNode;
}

export function SettingField(props: SettingFieldProps) {
  const { id, label, lockedBy, problem, button, describedBy, children } = props;
  const described = [lockedBy && `${id}-locked`, problem && `${id}-problem`, describedBy]
    .filter(Boolean)
    .join(' ');
  return (
    <Form.Group className="mb-3">
      <Form.Label htmlFor={id} className="small fw-semibold mb-1">
        {label}
      </Form.Label>
      <InputGroup hasValidation>
        <Form.Control
          id={id}
          type={props.isSecret ? 'password' : 'text'}
          size="sm"
          value={props.value}
          placeholder={props.placeholder}
          disabled={lockedBy !== undefined}
          isInvalid={Boolean(problem)}
          aria-describedby={described || undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => props.onChange(event.target.value)}
          onBlur={props.onBlur}
        />
        {button}
        {problem && (
          <Form.Control.Feedback type="invalid" id={`${id}-problem`} role="alert">
            {problem}
          </Form.Control.Feedback>
        )}
      </InputGroup>
      {lockedBy && <LockNote id={`${id}-locked`} lock={lockedBy} />}
      {children}
    </Form.Group>
  );
}

export interface SettingSwitchProps {
  id: string;
  label: string;
  isOn: boolean;
  onChange(isOn: boolean): void;
  lockedBy?: Lock | undefined;
  disabled?: boolean;
  /** What is said below it. */
  note?: string;
}

export function SettingSwitch({ id, label, isOn, onChange, lockedBy, disabled, note }: SettingSwitchProps) {
  return (
    <>
      <Form.Check
        type="switch"
        id={id}
        label={label}
        checked={isOn}
        disabled={disabled || lockedBy !== undefined}
        aria-describedby={lockedBy || note ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      {lockedBy && <LockNote id={`${id}-note`} lock={lockedBy} />}
      {note && (
        <Form.Text id={`${id}-note`} className="d-block mb-2">
          {note}
        </Form.Text>
      )}
    </>
  );
}

export function LockNote({ id, lock }: { id: string; lock: Lock }) {
  return (
    <Form.Text id={id} className="d-block text-break">
      {'variable' in lock ? (
        <>
          Set by <code className="text-body">{lock.variable}</code> in the environment.
        </>
      ) : (
        <>
          Set by your organisation (<code className="text-body">{lock.file}</code>).
        </>
      )}
    </Form.Text>
  );
}
