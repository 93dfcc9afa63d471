import { screen, within } from '@testing-library/react';
import { useState } from 'react';
import Form from 'react-bootstrap/Form';
import Modal from 'react-bootstrap/Modal';
import { beforeEach, expect, it, vi } from 'vitest';
import { useCommand } from '../../state/commands.ts';
import { draw } from '../../testing/draw.tsx';
import { matchCommands, Palette } from './Palette.tsx';

beforeEach(() => vi.clearAllMocks());

const onClose = vi.fn();
const search = vi.fn();
const newTicket = vi.fn();

/** Two commands that can run here, one that can't now, and none of the others. */
function WithCommands() {
  useCommand('search', search);
  useCommand('new-ticket', newTicket);
  useCommand('edit-ticket', () => {}, { enabled: false, disabledReason: 'The link is down.' });
  const [shown, setShown] = useState(true);
  onClose.mockImplementation(() => setShown(false));
  return <Palette shown={shown} onClose={onClose} />;
}

/** A command that opens a dialog, and the palette from a button that has the focus. */
function WithDialog() {
  const [isOpen, setOpen] = useState(false);
  const [shown, setShown] = useState(false);
  useCommand('save-view', () => setOpen(true));
  return (
    <>
      <button type="button" onClick={() => setShown(true)}>
        Palette
      </button>
      <Palette shown={shown} onClose={() => setShown(false)} />
      <Modal show={isOpen} animation={false}>
        <Form.Control autoFocus aria-label="Name" />
      </Modal>
    </>
  );
}

const field = () => screen.findByRole('combobox', { name: 'Command' });
const option = (name: RegExp) => screen.getByRole('option', { name });
const chosen = () => screen.getByRole('option', { selected: true }).textContent;

it('begins in its field, which names the first command as the chosen one', async () => {
  draw(<WithCommands />);
  expect(document.activeElement).toBe(await field());
  const first = screen.getAllByRole('option')[0];
  expect(first?.getAttribute('aria-selected')).toBe('true');
  expect((await field()).getAttribute('aria-activedescendant')).toBe(first?.id);
});

it('finds a command by the beginning of its words, closes, and runs it with Enter', async () => {
  const { person } = draw(<WithCommands />);
  await person.type(await field(), 'sea{Enter}');
  expect(search).toHaveBeenCalledTimes(1);
  expect(onClose.mock.invocationCallOrder[0]).toBeLessThan(search.mock.invocationCallOrder[0] ?? 0);
});

it('leaves the focus to what a command opens', async () => {
  const { person } = draw(<WithDialog />);
  await person.click(screen.getByRole('button', { name: 'Palette' }));
  await person.type(await field(), 'save view{Enter}');
  await person.keyboard('Mine');
  expect((await screen.findByRole<HTMLInputElement>('textbox', { name: 'Name' })).value).toBe('Mine');
});

it('goes through the commands with the arrows, round and round', async () => {
  const { person } = draw(<WithCommands />);
  await person.type(await field(), 'ticket');
  const labels = screen.getAllByRole('option').map((each) => each.textContent);
  await person.keyboard('{ArrowUp}');
  expect(chosen()).toBe(labels.at(-1));
  await person.keyboard('{ArrowDown}{ArrowDown}');
  expect(chosen()).toBe(labels[1]);
});

it('says beside a command why it can not run now, and runs it neither with Enter nor by a click', async () => {
  const { person } = draw(<WithCommands />);
  await person.type(await field(), 'edit');
  const edit = option(/^Edit/);
  expect(within(edit).getByText('The link is down.')).toBeTruthy();
  expect(edit.getAttribute('aria-disabled')).toBe('true');
  await person.keyboard('{Enter}');
  await person.click(edit);
  expect(onClose).not.toHaveBeenCalled();
});

it('names a command by its words alone, and tells its keys beside them', async () => {
  draw(<WithCommands />);
  await field();
  const keysOf = (name: string) => {
    const option = screen.getByRole('option', { name });
    return ['aria-keyshortcuts', 'aria-description'].map((each) => option.getAttribute(each));
  };
  expect(keysOf('New ticket')).toEqual(['n', null]);
  // Two keys, one after the other.
  expect(keysOf('New tickets not possible here')).toEqual([null, 'g, then n']);
});

it('runs a command by a click', async () => {
  const { person } = draw(<WithCommands />);
  await field();
  await person.click(screen.getByRole('option', { name: 'New ticket' }));
  expect(newTicket).toHaveBeenCalledTimes(1);
});

it('says so when no command has such a name', async () => {
  const { person } = draw(<WithCommands />);
  await person.type(await field(), 'xyzzy');
  expect(screen.getByText('No command of that name.')).toBeTruthy();
  expect(screen.queryAllByRole('option')).toEqual([]);
});

const labels = ['New ticket', 'Search tickets', 'Theme: dark'].map((label) => ({ label }));
const found = (typed: string) => matchCommands(labels, typed).map(({ label }) => label);

it('finds commands by any of their words, those that begin with them first', () => {
  expect(found('')).toHaveLength(3);
  expect(found('t')).toEqual(['Theme: dark', 'New ticket', 'Search tickets']);
  expect(found('tick new')).toEqual(['New ticket']);
  expect(found('xyz')).toEqual([]);
  expect(matchCommands([{ label: 'View “Bu\u0308ro”' }], 'BÜRO')).toHaveLength(1);
});
