/** A choice above the list: a filter, or the order. */
import Form from 'react-bootstrap/Form';

export interface FilterChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChoose(value: string): void;
  /** Before the options are looked at. */
  onFocus?(): void;
}

export function FilterChoice({ label, value, options, onChoose, onFocus }: FilterChoiceProps) {
  return (
    <Form.Select
      size="sm"
      className="order-choice"
      aria-label={label}
      value={value}
      onFocus={onFocus}
      onChange={(event) => onChoose(event.target.value)}
    >
      {options.map(([id, text]) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
    </Form.Select>
  );
}
