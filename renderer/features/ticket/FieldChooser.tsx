/** One fact of the ticket, to be set by pointer, or by its command's key, or from the menu. */
import { useEffect, useRef, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Dropdown from 'react-bootstrap/Dropdown';
import { type FieldValue, textOf } from '../../../proto/field-kinds.ts';
import { type AtOnceFieldName, fieldOf, type TicketValues } from '../../../proto/ticket-fields.ts';
import { FieldControl } from '../../components/FieldControl.tsx';
import { FieldWords } from '../../components/FieldWords.tsx';
import { useAgentNames } from '../../state/agents.ts';
import { useCommand } from '../../state/commands.ts';
import { commandOf } from '../../state/field-commands.ts';
import { fieldProblems, wordsOf } from '../../state/form-values.ts';

export interface FieldChooserProps {
  name: AtOnceFieldName;
  values: TicketValues;
  /** Why it can't be set now; null when it can. */
  blocked: string | null;
  onChoose(value: FieldValue): void;
  /** After a choice, and where a key had opened it: back to where work goes on. */
  onLeave(): void;
}

export function FieldChooser({ name, values, blocked, onChoose, onLeave }: FieldChooserProps) {
  const field = fieldOf(name);
  const value = values[name];
  const label = field.label.toLowerCase();
  const words = wordsOf(name, value, useAgentNames());
  const command = commandOf(name);
  const [shown, setShown] = useState<'by-key' | 'by-button' | null>(null);
  const [typed, setTyped] = useState<FieldValue | undefined>();
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown) menu.current?.querySelector<HTMLElement>('.active, [data-field]')?.focus();
  }, [shown]);
  useCommand(command?.id ?? null, () => setShown('by-key'), {
    enabled: blocked === null,
    ...(blocked === null ? {} : { disabledReason: blocked }),
  });
  const problem = typed === undefined ? undefined : fieldProblems([name], { ...values, [name]: typed })[name];

  const close = () => {
    setShown(null);
    setTyped(undefined);
  };
  const choose = (chosen: FieldValue) => {
    close();
    onChoose(chosen);
    onLeave();
  };
  return (
    <Dropdown
      show={shown !== null}
      autoClose={field.kind === 'choice' ? true : 'outside'}
      focusFirstItemOnShow={false}
      onToggle={(next, { originalEvent }) => {
        if (next) return setShown('by-button');
        const isEscape = originalEvent instanceof KeyboardEvent || (originalEvent && 'key' in originalEvent);
        // What was typed counts, however the menu is left; what can't be kept stays to be mended.
        if (typed !== undefined && !problem) onChoose(typed);
        else if (problem && !isEscape) return;
        const wasByKey = shown === 'by-key';
        close();
        if (wasByKey) onLeave();
      }}
    >
      <Dropdown.Toggle
        size="sm"
        variant="outline-secondary"
        className="fact no-caret"
        disabled={blocked !== null}
        title={blocked ?? `Set the ${label}${command?.key ? ` (${command.key})` : ''}`}
        aria-label={words === '' ? `No ${label}` : `${field.label}: ${words}`}
      >
        {textOf(value) === '' ? (
          <span className="text-body-secondary">{`No ${label}`}</span>
        ) : (
          <FieldWords name={name} value={value} status={values.status} atMost={2} />
        )}
      </Dropdown.Toggle>
      {field.kind === 'choice' ? (
        <Dropdown.Menu ref={menu} role="menu" aria-label={field.label}>
          {field.choices.map((choice) => (
            <Dropdown.Item
              as="button"
              type="button"
              key={choice}
              role="menuitemradio"
              aria-checked={choice === value}
              className={choice === value ? 'active' : ''}
              onClick={() => choose(choice)}
            >
              <FieldWords name={name} value={choice} />
            </Dropdown.Item>
          ))}
        </Dropdown.Menu>
      ) : (
        <Dropdown.Menu ref={menu} className="fact-form" role="dialog" aria-label={`Set the ${label}`}>
          {shown && (
            <form
              noValidate
              className="px-3 pt-1"
              onSubmit={(event) => {
                event.preventDefault();
                if (!problem) choose(typed ?? value);
              }}
            >
              <FieldControl
                name={name}
                value={typed ?? value}
                onChange={field.kind === 'person' ? choose : setTyped}
                problem={problem}
              />
              <Button type="submit" size="sm" className="mb-2">
                Set the {label}
              </Button>
            </form>
          )}
        </Dropdown.Menu>
      )}
    </Dropdown>
  );
}
