import { screen, within } from '@testing-library/react';
import { useState } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import type { ChoiceField } from '../../../proto/field-kinds.ts';
import { type FieldFilters, fieldOf, type TicketOrder } from '../../../proto/ticket-fields.ts';
import { type Asked, draw } from '../../testing/draw.tsx';
import { ListToolbar } from './ListToolbar.tsx';
import { narrowingFields } from './list-filter.ts';
import { offeredOrders } from './list-order.ts';

beforeEach(() => vi.clearAllMocks());

const onFilter = vi.fn();
const onOrder = vi.fn();

function Toolbar() {
  const [filters, setFilters] = useState<FieldFilters>({});
  const [order, setOrder] = useState<TicketOrder>('CREATED_DESC');
  return (
    <ListToolbar
      searchBox={null}
      filters={filters}
      onFilter={(next) => {
        onFilter(next);
        setFilters(next);
      }}
      order={order}
      orders={offeredOrders(order, false)}
      onOrder={(next) => {
        onOrder(next);
        setOrder(next);
      }}
      menuButton={null}
      columnsMenu={null}
      viewBar={null}
    />
  );
}

it.each(narrowingFields.filter((name) => fieldOf(name).kind === 'choice'))(
  'narrows the list to one choice of the field "%s", and to any again',
  async (name) => {
    const { person } = draw(<Toolbar />);
    const { label, choices, filter = '' } = fieldOf(name) as ChoiceField;
    const select = await screen.findByRole('combobox', { name: `Filter by ${label.toLowerCase()}` });
    await person.selectOptions(select, choices[0] ?? '');
    expect(onFilter).toHaveBeenLastCalledWith({ [filter]: [choices[0]] });
    await person.selectOptions(select, `Any ${label.toLowerCase()}`);
    expect(onFilter).toHaveBeenLastCalledWith({});
  },
);

it('narrows the list to what an agent has, or nobody', async () => {
  const [ada, bo] = ['Ada', 'Bo'].map((name) => ({ __typename: 'Agent', id: name.toLowerCase(), name }));
  const answer = ({ name }: Asked) => ({ Me: { me: ada }, Agents: { agents: [ada, bo] } })[name];
  const { person } = draw(<Toolbar />, { answer });
  const select = await screen.findByRole('combobox', { name: 'Filter by assignee' });
  await within(select).findByRole('option', { name: 'Bo' });
  const options = within(select).getAllByRole('option');
  expect(options.map(({ textContent }) => textContent)).toEqual(['Any assignee', 'Nobody', 'Ada (me)', 'Bo']);
  await person.selectOptions(select, 'Bo');
  expect(onFilter).toHaveBeenLastCalledWith({ assigneeId: 'bo' });
  await person.selectOptions(select, 'Nobody');
  expect(onFilter).toHaveBeenLastCalledWith({ unassigned: true });
  await person.selectOptions(select, 'Any assignee');
  expect(onFilter).toHaveBeenLastCalledWith({});
});

it('orders the list by what is chosen', async () => {
  const { person } = draw(<Toolbar />);
  await person.selectOptions(
    await screen.findByRole('combobox', { name: 'Order of the list' }),
    'Oldest first',
  );
  expect(onOrder).toHaveBeenLastCalledWith('CREATED_ASC');
});
