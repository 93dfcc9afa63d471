/** Above the list: search, filters and order. */
import { type KeyboardEvent, type ReactNode, type RefObject, useId } from 'react';
import Form from 'react-bootstrap/Form';
import type { FieldFilters, TicketOrder } from '../../../proto/ticket-fields.ts';
import { FieldFilter } from './FieldFilter.tsx';
import { FilterChoice } from './FilterChoice.tsx';
import { narrowingFields } from './list-filter.ts';
import { isOrder, orders } from './list-order.ts';

export interface ListToolbarProps {
  searchBox: RefObject<HTMLInputElement | null>;
  typed: string;
  problem: string | null;
  onType(typed: string): void;
  /** From the search box to what is found. */
  onGo(): void;
  /** Back to the list. */
  onLeave(): void;
  filters: FieldFilters;
  onFilter(filters: FieldFilters): void;
  order: TicketOrder;
  onOrder(order: TicketOrder): void;
  /** Before the search box, where the sidebar is hidden. */
  menuButton: ReactNode;
  /** At the list's head. */
  columnsMenu: ReactNode;
}

export function ListToolbar(props: ListToolbarProps) {
  const { searchBox, typed, problem, onType, onGo, onLeave } = props;
  const { filters, onFilter, order, onOrder, menuButton, columnsMenu } = props;
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === 'ArrowDown') onGo();
    else if (event.key !== 'Escape') return;
    else if (typed !== '') onType('');
    else onLeave();
    event.preventDefault();
  };
  return (
    <search className="list-toolbar d-flex flex-wrap gap-2 p-2 border-bottom">
      {menuButton}
      <div className="list-search flex-grow-1">
        <Form.Control
          ref={searchBox}
          size="sm"
          type="search"
          placeholder="Search, or #number"
          aria-label="Search tickets"
          aria-keyshortcuts="/"
          aria-describedby={problem ? `${id}-problem` : undefined}
          autoComplete="off"
          dir="auto"
          isInvalid={problem !== null}
          value={typed}
          onChange={(event) => onType(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {problem && (
          <Form.Control.Feedback type="invalid" id={`${id}-problem`} role="alert">
            {problem}
          </Form.Control.Feedback>
        )}
      </div>
      {narrowingFields.map((name) => (
        <FieldFilter key={name} name={name} filters={filters} onFilter={onFilter} />
      ))}
      <div className="list-order">
        <FilterChoice
          label="Order of the list"
          value={order}
          options={orders.map((each) => [each.id, each.label] as const)}
          onChoose={(value) => isOrder(value) && onOrder(value)}
        />
      </div>
      {columnsMenu}
    </search>
  );
}
