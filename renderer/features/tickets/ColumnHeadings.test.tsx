import { screen } from '@testing-library/react';
import { useMemo, useRef, useState } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import type { TicketOrder } from '../../../proto/ticket-fields.ts';
import { draw } from '../../testing/draw.tsx';
import { ColumnHeadings } from './ColumnHeadings.tsx';
import { Grid } from './grid-parts.tsx';
import { ListBody } from './ListBody.tsx';
import type { ListQuery } from './list-filter.ts';
import { useChosenStore } from './use-chosen-rows.ts';
import { useQueryReader } from './use-query-reader.ts';
import { useTicketList } from './use-ticket-list.ts';

beforeEach(() => vi.clearAllMocks());

const onOrder = vi.fn();

function Headings({ isGrid = true }) {
  const [order, setOrder] = useState<TicketOrder>('CREATED_DESC');
  const choose = (next: TicketOrder) => {
    onOrder(next);
    setOrder(next);
  };
  return (
    <Grid role={isGrid ? 'grid' : 'group'}>
      <ColumnHeadings order={order} onOrder={choose} isGrid={isGrid} />
    </Grid>
  );
}

const head = (name: string) => screen.getByRole('button', { name });
const sorted = () =>
  screen
    .getAllByRole('columnheader')
    .filter((one) => one.hasAttribute('aria-sort'))
    .map((one) => `${one.textContent} ${one.getAttribute('aria-sort')}`);

it.each<[string, TicketOrder, TicketOrder]>([
  ['#', 'NUMBER_DESC', 'NUMBER_ASC'],
  ['Requester', 'REQUESTER_ASC', 'REQUESTER_DESC'],
  ['Status', 'STATUS_ASC', 'STATUS_DESC'],
  ['Priority', 'PRIORITY_DESC', 'PRIORITY_ASC'],
  ['Assignee', 'ASSIGNEE_ASC', 'ASSIGNEE_DESC'],
  ['Due time', 'DUE_ASC', 'DUE_DESC'],
  ['Changed', 'UPDATED_DESC', 'UPDATED_ASC'],
])('a click on the head %s sorts by it, and the next one the other way', async (name, first, second) => {
  const { person } = draw(<Headings />);
  const words = { ASC: 'ascending', DESC: 'descending' };
  expect(sorted()).toEqual([]);
  for (const order of [first, second, first]) {
    await person.click(head(name));
    expect(onOrder).toHaveBeenLastCalledWith(order);
    expect(sorted()).toEqual([`${name} ${words[order.split('_')[1] as 'ASC' | 'DESC']}`]);
  }
});

it('has no button where nothing sorts', () => {
  draw(<Headings />);
  for (const name of ['Title', 'Tags']) {
    screen.getByRole('columnheader', { name });
    expect(screen.queryByRole('button', { name })).toBeNull();
  }
});

it('is one stop of Tab, with the arrows between the heads', async () => {
  const { person } = draw(<Headings />);
  await person.tab();
  await person.tab();
  expect(document.activeElement).toBe(head('#'));
  await person.keyboard('{ArrowRight}{ArrowRight}{Enter}');
  expect(onOrder).toHaveBeenLastCalledWith('STATUS_ASC');
  expect(document.activeElement).toBe(head('Status'));
  await person.keyboard(' ');
  expect(onOrder).toHaveBeenLastCalledWith('STATUS_DESC');
  await person.tab();
  await person.tab({ shift: true });
  expect(document.activeElement).toBe(head('Status'));
  await person.keyboard('{ArrowLeft}');
  expect(document.activeElement).toBe(head('Requester'));
});

it('is of buttons alone while there is no grid, which keep the focus', async () => {
  const { person, rerender } = draw(<Headings isGrid={false} />);
  expect(screen.queryByRole('columnheader')).toBeNull();
  await person.click(head('Priority'));
  rerender(<Headings />);
  expect(document.activeElement).toBe(head('Priority'));
  expect(sorted()).toEqual(['Priority descending']);
});

/** Of which nothing is ever read. */
function UnreadList() {
  const [order, setOrder] = useState<TicketOrder>('CREATED_DESC');
  const query: ListQuery = useMemo(() => ({ view: '', search: '', filters: {}, order }), [order]);
  const place = useRef<HTMLDivElement>(null);
  const chosen = useChosenStore({});
  const handle = useTicketList(query, { place, reader: useQueryReader(), chosen });
  const rest = { hasNoTickets: false, onOpen() {}, onClearSearch() {} };
  return (
    <div ref={place}>
      <ListBody {...{ handle, chosen, query, ...rest }} total={undefined} onOrder={setOrder} />
    </div>
  );
}

it('keep the focus while the list of the order that was chosen is read', async () => {
  const { person } = draw(<UnreadList />);
  const status = head('Status');
  await person.click(status);
  expect(head('Status').title).toBe('Status: Completed first');
  expect(document.activeElement).toBe(status);
});
