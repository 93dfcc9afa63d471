/** The ticket's status, to be set by pointer, by `s` and the arrows, or from the menu. */
import { useEffect, useRef, useState } from 'react';
import Dropdown from 'react-bootstrap/Dropdown';
import rules from '../../../proto/ticket_rules.json' with { type: 'json' };
import { StatusMark } from '../../components/StatusMark.tsx';
import { useCommand } from '../../state/commands.tsx';

export interface StatusChooserProps {
  status: string;
  /** Why it can't be set now; null when it can. */
  blocked: string | null;
  onChoose(status: string): void;
}

export function StatusChooser({ status, blocked, onChoose }: StatusChooserProps) {
  const [shown, setShown] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown) menu.current?.querySelector<HTMLElement>('.active')?.focus();
  }, [shown]);
  useCommand('set-status', () => setShown(true), {
    enabled: blocked === null,
    ...(blocked === null ? {} : { disabledReason: blocked }),
  });
  return (
    <Dropdown show={shown} onToggle={setShown} focusFirstItemOnShow={false}>
      <Dropdown.Toggle
        ref={toggle}
        size="sm"
        variant="outline-secondary"
        disabled={blocked !== null}
        title={blocked ?? 'Set the status (s)'}
        aria-label={`Status: ${status}`}
      >
        <StatusMark status={status} />
      </Dropdown.Toggle>
      <Dropdown.Menu ref={menu} role="menu" aria-label="Status">
        {rules.statuses.map((known) => (
          <Dropdown.Item
            as="button"
            type="button"
            key={known}
            role="menuitemradio"
            aria-checked={known === status}
            className={known === status ? 'active' : ''}
            onClick={() => {
              toggle.current?.focus();
              onChoose(known);
            }}
          >
            <StatusMark status={known} />
          </Dropdown.Item>
        ))}
      </Dropdown.Menu>
    </Dropdown>
  );
}
