/** One fact of a ticket, or of many, to be set by pointer, or by its command's key, or from the menu. */
import { type Ref, useRef, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Dropdown from 'react-bootstrap/Dropdown';
import type { DropdownMenuProps } from 'react-bootstrap/DropdownMenu';
import { type FieldValue, textOf } from '../../proto/field-kinds.ts';
import { type AtOnceFieldName, fieldOf, type TicketValues, ticketValues } from '../../proto/ticket-fields.ts';
import { useCommand } from '../state/commands.ts';
import { commandOf } from '../state/field-commands.ts';
import { fieldProblems } from '../state/form-values.ts';
import { FieldControl } from './FieldControl.tsx';
import { FieldWords } from './FieldWords.tsx';

export interface FieldChooserProps {
  name: AtOnceFieldName;
  /** What the ticket says; null of many, each of which says its own. */
  values: TicketValues | null;
  /** What is done to the field of many, where it is not set. */
  act?: string;
  /** The command's key opens it, whoever else answers that. */
  goesFirst?: boolean;
  /** Why it can't be set now; null when it can. */
  blocked: string | null;
  onChoose(value: FieldValue): void;
  /** After a choice, and where a key had opened it: back to where work goes on. */
  onLeave(): void;
}

export function FieldChooser(props: FieldChooserProps) {
  const { name, values, act, goesFirst = false, blocked, onChoose, onLeave } = props;
  const field = fieldOf(name);
  const known = values ?? ticketValues({});
  const label = field.label.toLowerCase();
  // What is done besides setting the field has no key.
  const command = act === undefined || goesFirst ? commandOf(name) : undefined;
  const does = act ?? `Set the ${label}`;
  const [shown, setShown] = useState<'by-key' | 'by-button' | null>(null);
  const [typed, setTyped] = useState<FieldValue | undefined>();
  const menu = useRef<HTMLDivElement>(null);
  // Once the menu has its place: what takes the focus before that scrolls the panel to where it is not. It is told once of
  // each menu, so each opening draws its own.
  const popperConfig = {
    // Whole in a low window, if need be over what opens it.
    modifiers: [{ name: 'preventOverflow', options: { altAxis: true } }],
    onFirstUpdate() {
      menu.current?.querySelector<HTMLElement>('.active, [role=menuitem], [data-field]')?.focus();
    },
  };
  useCommand(command?.id ?? null, () => setShown('by-key'), {
    enabled: blocked === null,
    disabledReason: blocked,
    goesFirst,
  });
  const problem = typed === undefined ? undefined : fieldProblems([name], { ...known, [name]: typed })[name];

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
    // What can't be kept stays to be mended, unless Escape gives it up; the rest counts, however the menu is left. Many
    // are not changed by leaving.
    if (problem && !isByKey) return;
    if (values && typed !== undefined && !problem) onChoose(typed);
    close();
    if (shown === 'by-key') onLeave();
  };
  return (
    <Dropdown
      className="mw-100"
      show={shown !== null}
      autoClose={field.kind === 'choice' ? true : 'outside'}
      focusFirstItemOnShow={false}
      onToggle={(next, { originalEvent }) =>
        toggle(next, originalEvent !== undefined && 'key' in originalEvent)
      }
    >
      <FactToggle
        name={name}
        values={values}
        act={act}
        blocked={blocked}
        title={`${does}${command ? ` (${command.key})` : ''}`}
      />
      {shown &&
        (field.kind === 'choice' ? (
          <ChoiceMenu
            ref={menu}
            popperConfig={popperConfig}
            name={name}
            value={values?.[name] ?? null}
            choices={field.choices}
            onChoose={choose}
          />
        ) : (
          <Dropdown.Menu ref={menu} popperConfig={popperConfig} className="fact-form" role="dialog">
            <FactForm
              name={name}
              value={typed ?? known[name]}
              does={does}
              isOfMany={values === null}
              problem={problem}
              onType={setTyped}
              onChoose={choose}
            />
          </Dropdown.Menu>
        ))}
    </Dropdown>
  );
}

interface FactToggleProps extends Pick<FieldChooserProps, 'name' | 'values' | 'blocked'> {
  act: string | undefined;
  title: string;
}

/** Says what the ticket says; of many, what can be done. */
function FactToggle({ name, values, act, blocked, title }: FactToggleProps) {
  const { label } = fieldOf(name);
  const disabled = blocked !== null;
  const look = { size: 'sm', variant: 'outline-secondary', disabled, title: blocked ?? title } as const;
  if (!values) return <Dropdown.Toggle {...look}>{act ?? label}</Dropdown.Toggle>;
  const value = values[name];
  return (
    <Dropdown.Toggle {...look} className="fact no-caret mw-100">
      {textOf(value) === '' ? (
        <span className="text-body-secondary">No {label.toLowerCase()}</span>
      ) : (
        <>
          <span className="visually-hidden">{label}: </span>
          <FieldWords name={name} value={value} status={values.status} atMost={2} />
        </>
      )}
    </Dropdown.Toggle>
  );
}

interface ChoiceMenuProps extends Pick<DropdownMenuProps, 'popperConfig'> {
  ref: Ref<HTMLDivElement>;
  name: AtOnceFieldName;
  /** Null of many. */
  value: FieldValue;
  choices: readonly string[];
  onChoose(value: string): void;
}

function ChoiceMenu({ ref, popperConfig, name, value, choices, onChoose }: ChoiceMenuProps) {
  return (
    <Dropdown.Menu ref={ref} popperConfig={popperConfig} role="menu">
      {choices.map((choice) => (
        <Dropdown.Item
          as="button"
          type="button"
          key={choice}
          {...(value === null
            ? { role: 'menuitem' }
            : { role: 'menuitemradio', 'aria-checked': choice === value })}
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
  does: string;
  isOfMany: boolean;
  problem: string | undefined;
  onType(value: FieldValue): void;
  onChoose(value: FieldValue): void;
}

/** What is picked from a list is chosen by that; anything else is typed first. */
function FactForm({ name, value, does, isOfMany, problem, onType, onChoose }: FactFormProps) {
  const { kind, label } = fieldOf(name);
  const isEmptied = isOfMany && kind === 'time' && value === null;
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
          {isEmptied ? `Take the ${label.toLowerCase()} away` : does}
        </Button>
      )}
    </form>
  );
}
