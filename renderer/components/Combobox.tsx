/** A text field that proposes what may be meant; anything else can be typed as well. */
import { type ComponentProps, type KeyboardEvent, useState } from 'react';
import Dropdown from 'react-bootstrap/Dropdown';
import Form from 'react-bootstrap/Form';
import { useListbox } from './use-listbox.ts';

export interface ComboboxProps
  extends Omit<ComponentProps<typeof Form.Control>, 'value' | 'onChange' | 'onKeyDown'> {
  value: string;
  onChange(value: string): void;
  /** A proposal was chosen; left out, it takes the place of the value. */
  onPick?(option: string): void;
  /** What is proposed for this value, the likeliest first. */
  proposals: readonly string[];
  listLabel: string;
  /** What is typed is only looked for: the list is open while the field has the focus, and its first option chosen. */
  mustPick?: boolean;
  /** The value is completed piece by piece: Tab takes a proposal too, and the next ones follow at once. */
  completes?: boolean;
}

export function Combobox(props: ComboboxProps) {
  const { value, onChange, onPick = onChange, proposals, listLabel, ...others } = props;
  const { mustPick = false, completes = false, ...field } = others;
  const [asked, setAsked] = useState<'by-typing' | 'by-key' | null>(null);
  // Once nothing is typed any more, the list would lie over what comes next.
  const isAsked = asked === 'by-key' || (asked !== null && (mustPick || value !== ''));
  const options = isAsked ? proposals : [];
  const isOpen = options.length > 0;
  const listbox = useListbox({
    options,
    label: listLabel,
    onPick(option) {
      onPick(option);
      if (completes) listbox.reset();
      else close();
    },
    beginsAtFirst: mustPick,
  });
  function close(): void {
    setAsked(null);
    listbox.reset();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (listbox.onKey(event)) return;
    const [first] = options;
    if (event.key === 'ArrowDown' && !isAsked && proposals.length > 0) setAsked('by-key');
    else if (event.key === 'Tab' && !event.shiftKey && completes && first !== undefined)
      listbox.pick(listbox.chosen ?? first);
    else if (event.key === 'Escape' && isOpen && !mustPick) close();
    else return;
    event.preventDefault();
    // The form has its own Escape, which leaves it.
    event.stopPropagation();
  }

  return (
    <div className="position-relative">
      <Form.Control
        {...field}
        {...listbox.fieldProps}
        aria-expanded={isOpen}
        autoComplete="off"
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          setAsked('by-typing');
          listbox.reset();
        }}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          if (mustPick) setAsked('by-typing');
          field.onFocus?.(event);
        }}
        onBlur={(event) => {
          close();
          field.onBlur?.(event);
        }}
      />
      <div
        {...listbox.listProps}
        hidden={!isOpen}
        className={`dropdown-menu w-100 combobox-list ${isOpen ? 'show' : ''}`}
      >
        {options.map((option) => (
          <Dropdown.Item
            as="div"
            key={option}
            dir="auto"
            className="text-truncate"
            active={option === listbox.chosen}
            {...listbox.optionProps(option)}
          >
            {option}
          </Dropdown.Item>
        ))}
      </div>
    </div>
  );
}
