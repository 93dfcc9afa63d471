/** Above the list: search, filters and order. */
import { type KeyboardEvent, type ReactNode, type RefObject, useId } from 'react';
import Form from 'react-bootstrap/Form';
import {
  type ChoiceFilters,
  type FilterFieldName,
  type TicketOrder,
  ticketFields,
} from '../../../proto/ticket-fields.ts';
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
  filters: ChoiceFilters;
  onFilter(filters: ChoiceFilters): void;
  order: TicketOrder;
  onOrder(order: TicketOrder): void;
  /** Before the search box, where the sidebar is hidden. */
  menuButton: ReactNode;
}

export function ListToolbar(props: ListToolbarProps) {
  const { searchBox, typed, problem, onType, onGo, onLeave, filters, onFilter, order, onOrder, menuButton } =
    props;
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === 'ArrowDown') onGo();
    else if (event.key !== 'Escape') return;
    else if (typed !== '') onType('');
    else onLeave();
    event.preventDefault();
  };
  return (
    <search className="list-toolbar d-flex gap-2 p-2 border-bottom">
      {menuButton}
      <div className="flex-grow-1">
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
        <ChoiceFilter key={name} name={name} filters={filters} onFilter={onFilter} />
      ))}
      <Form.Select
        size="sm"
        className="order-choice"
        aria-label="Order of the list"
        value={order}
        onChange={(event) => {
          if (isOrder(event.target.value)) onOrder(event.target.value);
        }}
      >
        {orders.map(({ id: value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Form.Select>
    </search>
  );
}

interface ChoiceFilterProps {
  name: FilterFieldName;
  filters: ChoiceFilters;
  onFilter(filters: ChoiceFilters): void;
}

/** One choice of a field to narrow the list to, or any. */
function ChoiceFilter({ name, filters, onFilter }: ChoiceFilterProps) {
  const { label, choices, filter } = ticketFields[name];
  return (
    <Form.Select
      size="sm"
      className="order-choice"
      aria-label={`Filter by ${label.toLowerCase()}`}
      value={filters[filter]?.[0] ?? ''}
      onChange={({ target: { value } }) => {
        const { [filter]: _, ...others } = filters;
        onFilter(value === '' ? others : { ...others, [filter]: [value] });
      }}
    >
      <option value="">Any {label.toLowerCase()}</option>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </Form.Select>
  );
}
