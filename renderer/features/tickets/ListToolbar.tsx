/** Above the list: search, filters and order. */
import type { ReactNode } from 'react';
import { type FieldFilters, isRelevance, type TicketOrder } from '../../../proto/ticket-fields.ts';
import { FieldFilter } from './FieldFilter.tsx';
import { FilterChoice } from './FilterChoice.tsx';
import { narrowingFields } from './list-filter.ts';
import { isOrder, type offeredOrders } from './list-order.ts';

export interface ListToolbarProps {
  searchBox: ReactNode;
  filters: FieldFilters;
  onFilter(filters: FieldFilters): void;
  order: TicketOrder;
  orders: ReturnType<typeof offeredOrders>;
  onOrder(order: TicketOrder): void;
  /** Before the search box, where the sidebar is hidden. */
  menuButton: ReactNode;
  /** At the list's head. */
  columnsMenu: ReactNode;
  /** Keeps what is shown as a view. */
  viewBar: ReactNode;
}

export function ListToolbar(props: ListToolbarProps) {
  const { searchBox, filters, onFilter, order, orders, onOrder, menuButton, columnsMenu, viewBar } = props;
  return (
    <search className="list-toolbar d-flex flex-wrap align-items-start gap-2 p-2 border-bottom">
      {menuButton}
      {searchBox}
      {narrowingFields.map((name) => (
        <FieldFilter key={name} name={name} filters={filters} onFilter={onFilter} />
      ))}
      {/* The heads of a list with room sort by everything else. */}
      <div className={`list-order ${orders.some(({ id }) => isRelevance(id)) ? 'd-block' : ''}`}>
        <FilterChoice
          label="Order of the list"
          value={order}
          options={orders.map((each) => [each.id, each.label] as const)}
          onChoose={(value) => isOrder(value) && onOrder(value)}
        />
      </div>
      {columnsMenu}
      {viewBar}
    </search>
  );
}
