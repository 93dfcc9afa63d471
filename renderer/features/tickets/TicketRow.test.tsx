import type { ApolloClient } from '@apollo/client';
import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { ticketValues } from '../../../proto/ticket-fields.ts';
import { type TicketRowFragment, TicketRowFragmentDoc } from '../../graphql/generated/operations.ts';
import { draw } from '../../testing/draw.tsx';
import { waitingEntry } from '../../testing/outbox-entry.ts';
import { Grid } from './grid-parts.tsx';
import { ticketRow } from './known-rows.ts';
import { createItem, draftItem, type ListItem } from './list-items.ts';
import { TicketRow } from './TicketRow.tsx';

beforeEach(() => vi.clearAllMocks());

const onOpen = vi.fn();
const onChoose = vi.fn();

const ticket: TicketRowFragment = {
  ...ticketValues({ title: 'Printer prints blank pages', name: 'Ada', status: 'On Hold' }),
  id: 4812,
  assignee: null,
  createdAt: '2026-11-28T10:00:00.000Z',
  updatedAt: '2026-11-28T12:00:00.000Z',
  version: 3,
  requestId: 'r-1',
};

const entry = waitingEntry({
  title: 'Scanner offline',
  name: 'Bo',
  requestId: 'r-2',
  createdAt: '2026-11-28T12:00:00.000Z',
});

const row = ticketRow({ id: 4812, key: 'r-1', version: 3, sortKey: '1' });

const rowOf = (item: ListItem, { opened = false, chosen = false, isRacing = false } = {}) => (
  <Grid ref={null}>
    <TicketRow
      item={item}
      rowIndex={2}
      elementId="row-2"
      top={36}
      opened={opened}
      chosen={chosen}
      active={false}
      isRacing={isRacing}
      onOpen={onOpen}
      onChoose={onChoose}
    />
  </Grid>
);

const drawRow = (...row: Parameters<typeof rowOf>) => draw(rowOf(...row));

/** The page gets to know the ticket, as it does from a list or a change. */
function learn({ cache }: ApolloClient) {
  const data = { ...ticket, __typename: 'Ticket' } as TicketRowFragment;
  act(() => void cache.writeFragment({ id: 'Ticket:4812', fragment: TicketRowFragmentDoc, data }));
}

const theRow = () => screen.findByRole('row');
const cells = async () =>
  within(await theRow())
    .getAllByRole('gridcell')
    .map((cell) => cell.textContent);

it('shows a ticket with its number, title, requester, status and time as soon as the page knows it', async () => {
  const { client } = drawRow(row);
  expect((await cells()).join('')).toBe('');
  learn(client);
  const [, number, title, requester, ...others] = await cells();
  expect([number, title, requester]).toEqual(['4812', 'Printer prints blank pages', 'Ada']);
  expect(others).toContain('On Hold');
  expect(screen.getByText(/./, { selector: 'time' }).getAttribute('datetime')).toBe(ticket.updatedAt);
});

it('shows number and title alone while rows race by, and from then on all of it', async () => {
  const { client, rerender } = drawRow(row, { isRacing: true });
  learn(client);
  expect(await cells()).toEqual(['', '4812', 'Printer prints blank pages']);
  rerender(rowOf(row));
  expect(await cells()).toContain('On Hold');
  rerender(rowOf(row, { isRacing: true }));
  expect(await cells()).toContain('On Hold');
});

it('says of a ticket that has left the view that it is gone from here', async () => {
  const { client } = drawRow({ ...row, leaving: true });
  learn(client);
  expect(await cells()).toEqual(['4812', 'Printer prints blank pages', 'Ada', 'gone from here']);
});

it('says of a create how far it has come, and shows its number once it has one', async () => {
  const { rerender } = drawRow(createItem(entry));
  expect(await cells()).toEqual(['', 'Scanner offline', 'Bo', 'saved on the server']);
  expect(screen.getByRole('img', { name: 'saved on the server' })).toBeTruthy();
  rerender(rowOf(createItem({ ...entry, state: 'STORED', id: 4813 })));
  expect(await cells()).toEqual(['', '4813', 'Scanner offline', 'Bo', 'stored']);
});

it('says why a create has failed, and opens it to be mended', async () => {
  const item = createItem({ ...entry, state: 'FAILED', lastError: 'The title is too long.' });
  const { person } = drawRow(item);
  expect((await cells()).at(-1)).toContain('The title is too long.');
  await person.click(screen.getByRole('button', { name: 'Mend it' }));
  expect(onOpen).toHaveBeenCalledWith(item);
});

it('offers the draft of a new ticket, which has no title yet', async () => {
  const { person } = drawRow(draftItem('r-3'));
  await person.click(await screen.findByRole('button', { name: 'No title yet' }));
  expect(onOpen).toHaveBeenCalledTimes(1);
  expect((await cells()).at(-1)).toBe('draft, not filed');
});

it('is called by what stands in it, and not by the box that chooses it', async () => {
  const { client } = drawRow(row);
  learn(client);
  expect(await screen.findByRole('row', { name: /^4812 Printer prints blank pages Ada/ })).toBeTruthy();
});

it('opens at a click, and tells a screen reader which row it is and whether it is open', async () => {
  const { person } = drawRow(row, { opened: true });
  await person.click(await theRow());
  expect(onOpen).toHaveBeenCalledWith(row);
  expect((await theRow()).getAttribute('aria-rowindex')).toBe('2');
  expect((await theRow()).getAttribute('aria-current')).toBe('true');
});

it('opens at a press during which its ticket comes, once, though no click follows', async () => {
  const { client } = drawRow(createItem({ ...entry, state: 'STORED', id: 4812 }));
  const pressed = await screen.findByText('Scanner offline');
  fireEvent.mouseDown(pressed);
  learn(client);
  await screen.findByText('Printer prints blank pages');
  fireEvent.mouseUp(await theRow());
  fireEvent.mouseUp(await theRow());
  expect(onOpen).toHaveBeenCalledTimes(1);
});

it('is chosen by its box, and by a click with Ctrl or Shift, and tells whether it is', async () => {
  const { person } = drawRow(row, { chosen: true });
  expect((await theRow()).getAttribute('aria-selected')).toBe('true');
  const box = screen.getByRole('checkbox', { name: 'Choose ticket 4812', checked: true });
  await person.click(box);
  expect(onChoose).toHaveBeenLastCalledWith(row, expect.objectContaining({ shiftKey: false }));
  await person.keyboard('{Shift>}');
  await person.click(await theRow());
  expect(onChoose).toHaveBeenLastCalledWith(row, expect.objectContaining({ shiftKey: true }));
  await person.keyboard('{/Shift}{Control>}');
  await person.click(await theRow());
  expect(onChoose).toHaveBeenCalledTimes(3);
  expect(onOpen).not.toHaveBeenCalled();
});

it.each([
  ['the draft of a new ticket', draftItem('r-3')],
  ['a create without a number', createItem(entry)],
  ['a ticket that has left the view', { ...row, leaving: true }],
])('can not be chosen while it is %s', async (_, item) => {
  const { person } = drawRow(item);
  expect((await theRow()).hasAttribute('aria-selected')).toBe(false);
  expect(screen.queryByRole('checkbox')).toBeNull();
  await person.keyboard('{Control>}');
  await person.click(await theRow());
  expect(onChoose).not.toHaveBeenCalled();
});
