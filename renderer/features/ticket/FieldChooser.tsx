/** One fact of the ticket, to be set by pointer, or by its command's key, or from the menu. */
import { type Ref, useEffect, useRef, useState } from 'react';
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
  const toggle = (next: boolean, isByKey: boolean) => {
    if (next) return setShown('by-button');
    // What can't be kept stays to be mended, unless Escape gives it up; the rest counts, however the menu is left.
    if (problem && !isByKey) return;
    if (typed !== undefined && !problem) onChoose(typed);
    close();
    if (shown === 'by-key') onLeave();
  };
  return (
    <Dropdown
      show={shown !== null}
      autoClose={field.kind === 'choice' ? true : 'outside'}
      focusFirstItemOnShow={false}
      onToggle={(next, { originalEvent }) =>
        toggle(next, originalEvent !== undefined && 'key' in originalEvent)
      }
    >
      <Dropdown.Toggle
        size="sm"
        variant="outline-secondary"
        className="fact no-caret"
        disabled={blocked !== null}
        title={blocked ?? `Set the ${label}${command ? ` (${command.key})` : ''}`}
        aria-label={words === '' ? `No ${label}` : `${field.label}: ${words}`}
      >
        {textOf(value) === '' ? (
          <span className="text-body-secondary">{`No ${label}`}</span>
        ) : (
          <FieldWords name={name} value={value} status={values.status} atMost={2} />
        )}
      </Dropdown.Toggle>
      {field.kind === 'choice' ? (
        <ChoiceMenu ref={menu} name={name} value={value} choices={field.choices} onChoose={choose} />
      ) : (
        <Dropdown.Menu ref={menu} className="fact-form" role="dialog" aria-label={`Set the ${label}`}>
          {shown && (
            <FactForm
              name={name}
              value={typed ?? value}
              problem={problem}
              onType={setTyped}
              onChoose={choose}
            />
          )}
        </Dropdown.Menu>
      )}
    </Dropdown>
  );
}

interface ChoiceMenuProps {
  ref: Ref<HTMLDivElement>;
  name: AtOnceFieldName;
  value: FieldValue;
  choices: readonly string[];
  onChoose(value: string): void;
}

function ChoiceMenu({ ref, name, value, choices, onChoose }: ChoiceMenuProps) {
  return (
    <Dropdown.Menu ref={ref} role="menu" aria-label={fieldOf(name).label}>
      {choices.map((choice) => (
        <Dropdown.Item
          as="button"
          type="button"
          key={choice}
          role="menuitemradio"
          aria-checked={choice === value}
          className={choice === value ? 'active' : ''}
          onClick={() => onChoose(choice)}
        >
          <FieldWords name={name} value={choice} />
        </Dropdown.Item>
      ))}
    </Dropdown.Menu>
  );
}

interface FactFormProps {
  name: AtOnceFieldName;
  value: FieldValue;
  problem: string | undefined;
  onType(value: FieldValue): void;
  onChoose(value: FieldValue): void;
}

/** What is picked from a list is chosen by that; anything else is typed first. */
function FactForm({ name, value, problem, onType, onChoose }: FactFormProps) {
  const { kind, label } = fieldOf(name);
  const isPicked = kind === 'person';
  return (
    <form
      noValidate
      className="px-3 pt-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (!problem) onChoose(value);
      }}
    >
      <FieldControl name={name} value={value} onChange={isPicked ? onChoose : onType} problem={problem} />
      {!isPicked && (
        <Button type="submit" size="sm" className="mb-2">
          Set the {label.toLowerCase()}
        </Button>
      )}
    </form>
  );
}
