/** Ctrl+K: every command by its name, with its key beside it and the reason where it can't run now. */
import { useEffect, useRef, useState } from 'react';
import Form from 'react-bootstrap/Form';
import ListGroup from 'react-bootstrap/ListGroup';
import Modal from 'react-bootstrap/Modal';
import { fold } from '../../../proto/fold.ts';
import { quoted } from '../../../proto/visible-text.ts';
import { KeyHint, keysOfControl } from '../../components/Kbd.tsx';
import { useListbox } from '../../components/use-listbox.ts';
import { type Command, commands } from '../../state/command-registry.ts';
import { useCommandStates } from '../../state/commands.ts';
import { keysOf } from '../../state/keys.ts';
import { useShowView } from '../../state/navigation.tsx';
import { useViews } from '../../state/own-views.tsx';
import { keysTo, type View } from '../../state/views.ts';

export interface PaletteProps {
  shown: boolean;
  onClose(): void;
}

const others = commands.filter((command) => command.id !== 'palette');

/** What is found by its name: a command, or a view that is no command's. */
type Found = Command | { id: string; label: string; view: View; keys: string | null };

export function Palette({ shown, onClose }: PaletteProps) {
  const registry = useCommandStates();
  const showView = useShowView();
  const chosen = useRef<Found | null>(null);
  const [left, setLeft] = useState<Found | null>(null);
  const choose = (found: Found) => {
    chosen.current = found;
    onClose();
  };
  useEffect(() => {
    if (!left) return;
    // The dialog has given the focus back by now, so that a command which moves it has the last word.
    setLeft(null);
    if ('view' in left) showView(left.view);
    else registry.run(left.id);
  }, [left, showView, registry]);
  const onExited = () => {
    setLeft(chosen.current);
    chosen.current = null;
  };
  return (
    <Modal
      show={shown}
      onHide={onClose}
      onExited={onExited}
      animation={false}
      aria-label="Run a command by name"
    >
      <PaletteBody onChoose={choose} />
    </Modal>
  );
}

function PaletteBody({ onChoose }: { onChoose(found: Found): void }) {
  const [typed, setTyped] = useState('');
  const registry = useCommandStates();
  const all = useViews();
  const views = all.flatMap((view) =>
    view.kind === 'built-in'
      ? []
      : { id: view.id, label: `View ${quoted(view.name)}`, view, keys: keysTo(view, all) },
  );
  const stateOf = (found: Found) => ('view' in found ? { enabled: true as const } : registry.state(found.id));
  const found = matchCommands<Found>([...others, ...views], typed);
  const listbox = useListbox({
    options: found,
    label: 'Commands',
    onPick(picked) {
      if (stateOf(picked).enabled) onChoose(picked);
    },
    beginsAtFirst: true,
  });
  return (
    <>
      <Form.Control
        {...listbox.fieldProps}
        autoFocus
        className="border-0 border-bottom rounded-bottom-0 shadow-none py-3"
        placeholder="Type a command…"
        aria-label="Command"
        aria-expanded="true"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          listbox.reset();
        }}
        onKeyDown={listbox.onKey}
      />
      <ListGroup {...listbox.listProps} variant="flush" as="div" className="palette-list">
        {found.map((command) => (
          <PaletteItem
            key={command.id}
            command={command}
            isChosen={command === listbox.chosen}
            option={listbox.optionProps(command)}
            state={stateOf(command)}
          />
        ))}
      </ListGroup>
      {found.length === 0 && <p className="p-3 mb-0 text-body-secondary">No command of that name.</p>}
    </>
  );
}

interface PaletteItemProps {
  command: Found;
  isChosen: boolean;
  /** What makes it an option of the list. */
  option: object;
  state: ReturnType<ReturnType<typeof useCommandStates>['state']>;
}

function PaletteItem({ command, isChosen, option, state }: PaletteItemProps) {
  const keys = 'view' in command ? command.keys : keysOf(command).at(-1);
  return (
    <ListGroup.Item
      {...option}
      {...(keys && keysOfControl(keys))}
      as="div"
      aria-disabled={!state.enabled}
      className={`d-flex align-items-center gap-3 ${isChosen ? 'palette-chosen' : ''}`}
    >
      <span className={state.enabled ? 'text-break' : 'text-body-secondary text-nowrap'}>
        {command.label}
      </span>
      {!state.enabled && (
        <span className="small text-body-secondary text-truncate">{state.reason ?? 'not possible here'}</span>
      )}
      {keys && <KeyHint keys={keys} />}
    </ListGroup.Item>
  );
}

/** The labels that hold every word typed, those that begin with the text first, otherwise in their order. */
export function matchCommands<C extends { label: string }>(commands: readonly C[], typed: string): C[] {
  const words = fold(typed).split(' ').filter(Boolean);
  const found = commands.filter(({ label }) => words.every((word) => fold(label).includes(word)));
  const begins = ({ label }: C) => fold(label).startsWith(words[0] ?? '');
  return [...found.filter(begins), ...found.filter((command) => !begins(command))];
}
