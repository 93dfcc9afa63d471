/** Ctrl+K: every command by its name, with its key beside it and the reason where it can't run now. */
import { type KeyboardEvent, useId, useState } from 'react';
import Form from 'react-bootstrap/Form';
import ListGroup from 'react-bootstrap/ListGroup';
import Modal from 'react-bootstrap/Modal';
import { flushSync } from 'react-dom';
import { Kbd } from '../../components/Kbd.tsx';
import { type Command, type CommandId, commands } from '../../state/command-registry.ts';
import { useCommandStates } from '../../state/commands.tsx';
import { keysOf } from '../../state/keys.ts';
import { matchCommands } from './palette-match.ts';

export interface PaletteProps {
  shown: boolean;
  onClose(): void;
}

const others = commands.filter((command) => command.id !== 'palette');

export function Palette({ shown, onClose }: PaletteProps) {
  const registry = useCommandStates();
  const choose = (id: CommandId) => {
    // The dialog gives the focus back first, so that a command which moves it has the last word.
    flushSync(onClose);
    registry.run(id);
  };
  return (
    <Modal show={shown} onHide={onClose} animation={false} aria-label="Run a command by name">
      <PaletteBody onChoose={choose} />
    </Modal>
  );
}

function PaletteBody({ onChoose }: { onChoose(id: CommandId): void }) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const registry = useCommandStates();
  const found = matchCommands(others, typed);
  const current = found[Math.min(at, found.length - 1)];
  const pick = (command: Command | undefined) => {
    if (command && registry.state(command.id).enabled) onChoose(command.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0)
      setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
    else if (event.key === 'Enter') pick(current);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <Form.Control
        autoFocus
        className="border-0 border-bottom rounded-bottom-0 shadow-none py-3"
        placeholder="Type a command…"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={current ? `${id}-${current.id}` : undefined}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ListGroup
        variant="flush"
        as="div"
        role="listbox"
        id={`${id}-list`}
        aria-label="Commands"
        className="palette-list"
      >
        {found.map((command) => (
          <PaletteItem
            key={command.id}
            id={`${id}-${command.id}`}
            command={command}
            chosen={command === current}
            state={registry.state(command.id)}
            onPick={() => pick(command)}
          />
        ))}
      </ListGroup>
      {found.length === 0 && <p className="p-3 mb-0 text-body-secondary">No command of that name.</p>}
    </>
  );
}

interface PaletteItemProps {
  id: string;
  command: Command;
  chosen: boolean;
  state: ReturnType<ReturnType<typeof useCommandStates>['state']>;
  onPick(): void;
}

function PaletteItem({ id, command, chosen, state, onPick }: PaletteItemProps) {
  const keys = keysOf(command).at(-1);
  return (
    <ListGroup.Item
      id={id}
      as="div"
      role="option"
      aria-selected={chosen}
      aria-disabled={!state.enabled}
      className={`d-flex align-items-center gap-3 ${chosen ? 'palette-chosen' : ''}`}
      ref={(element: HTMLDivElement | null) => {
        if (chosen) element?.scrollIntoView({ block: 'nearest' });
      }}
      onClick={onPick}
    >
      <span className={state.enabled ? '' : 'text-body-secondary'}>{command.label}</span>
      {!state.enabled && (
        <span className="small text-body-secondary text-truncate">{state.reason ?? 'not possible here'}</span>
      )}
      <span className="ms-auto">{keys && <Kbd keys={keys} />}</span>
    </ListGroup.Item>
  );
}
