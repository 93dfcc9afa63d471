/** A choice of the ticket, to be set by pointer, or by its command's key and the arrows, or from the menu. */
import { useEffect, useRef, useState } from 'react';
import Dropdown from 'react-bootstrap/Dropdown';
import { type ChoiceFieldName, ticketFields } from '../../../proto/ticket-fields.ts';
import { ChoiceMark } from '../../components/ChoiceMark.tsx';
import { commands } from '../../state/command-registry.ts';
import { useCommand } from '../../state/commands.ts';

export interface ChoiceChooserProps {
  name: ChoiceFieldName;
  value: string;
  /** Why it can't be set now; null when it can. */
  blocked: string | null;
  onChoose(value: string): void;
  /** After a choice, and where a key had opened it: back to where work goes on. */
  onLeave(): void;
}

export function ChoiceChooser({ name, value, blocked, onChoose, onLeave }: ChoiceChooserProps) {
  const { label, choices } = ticketFields[name];
  const command = commands.find(({ id }) => id === `set-${name}`);
  const [shown, setShown] = useState<'by-key' | 'by-button' | null>(null);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown) menu.current?.querySelector<HTMLElement>('.active')?.focus();
  }, [shown]);
  useCommand(command?.id ?? null, () => setShown('by-key'), {
    enabled: blocked === null,
    ...(blocked === null ? {} : { disabledReason: blocked }),
  });
  return (
    <Dropdown
      show={shown !== null}
      focusFirstItemOnShow={false}
      onToggle={(next) => {
        setShown(next ? 'by-button' : null);
        if (!next && shown === 'by-key') onLeave();
      }}
    >
      <Dropdown.Toggle
        size="sm"
        variant="outline-secondary"
        disabled={blocked !== null}
        title={blocked ?? `Set the ${label.toLowerCase()}${command ? ` (${command.key})` : ''}`}
        aria-label={`${label}: ${value}`}
      >
        <ChoiceMark name={name} value={value} />
      </Dropdown.Toggle>
      <Dropdown.Menu ref={menu} role="menu" aria-label={label}>
        {choices.map((known) => (
          <Dropdown.Item
            as="button"
            type="button"
            key={known}
            role="menuitemradio"
            aria-checked={known === value}
            className={known === value ? 'active' : ''}
            onClick={() => {
              onChoose(known);
              onLeave();
            }}
          >
            <ChoiceMark name={name} value={known} />
          </Dropdown.Item>
        ))}
      </Dropdown.Menu>
    </Dropdown>
  );
}
