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
  /** After a choice, and where a key had opened it: back to where work goes on. */
  onLeave(): void;
}

export function StatusChooser({ status, blocked, onChoose, onLeave }: StatusChooserProps) {
  const [shown, setShown] = useState<'by-key' | 'by-button' | null>(null);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown) menu.current?.querySelector<HTMLElement>('.active')?.focus();
  }, [shown]);
  useCommand('set-status', () => setShown('by-key'), {
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
              onChoose(known);
              onLeave();
            }}
          >
            <StatusMark status={known} />
          </Dropdown.Item>
        ))}
      </Dropdown.Menu>
    </Dropdown>
  );
}
