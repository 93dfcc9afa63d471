/** The heads of the columns, by which the list is sorted. */
import type { KeyboardEvent } from 'react';
import { type SortDirection, type TicketOrder, ticketOrders } from '../../../proto/ticket-fields.ts';
import { isWhole, useChosen } from '../../state/chosen.ts';
import { focusList } from '../../state/navigation.tsx';
import { type Column, useShownColumns } from './columns.ts';
import { GridHeading, GridRow, GridRows } from './grid-parts.tsx';
import { labelOf, ordersBy } from './list-order.ts';

export interface ColumnHeadingsProps {
  order: TicketOrder;
  onOrder(order: TicketOrder): void;
  /** Below them are the rows of a grid; while those are being read the heads are buttons alone. */
  isGrid: boolean;
}

/** Heads of the list for a person's keyboard: Tab leads to one of them, the arrows from one to the next and into the list. */
export function ColumnHeadings({ order, onOrder, isGrid }: ColumnHeadingsProps) {
  const shown = useShownColumns();
  const { by, direction } = ticketOrders[order];
  const stop = shown.find(({ sort }) => sort === by) ?? shown.find(({ sort }) => sort !== undefined);
  const outside = isGrid ? {} : ({ role: 'none' } as const);
  return (
    <GridRows className="ticket-heading" onKeyDown={goBetweenHeads} {...outside}>
      <GridRow {...(isGrid && { 'aria-rowindex': 1 })} className="ticket-row in-flow" {...outside}>
        {isGrid && <ChooseAll />}
        {shown.map((column) => {
          const sorted = column.sort === by ? direction : undefined;
          return (
            <GridHeading
              key={column.name}
              className={`cell-${column.cell}`}
              data-column={column.name}
              data-heading={column.heading}
              {...(isGrid && sorted && { 'aria-sort': ariaSort[sorted] })}
              {...outside}
            >
              <Head {...{ column, sorted, onOrder }} isStop={column === stop} />
            </GridHeading>
          );
        })}
      </GridRow>
    </GridRows>
  );
}

function ChooseAll() {
  const { chosen, chooseAll, clear } = useChosen();
  const isAll = isWhole(chosen);
  return (
    <GridHeading className="cell-choose">
      <input
        type="checkbox"
        className="form-check-input m-0"
        aria-label="Choose all that match"
        tabIndex={-1}
        ref={(box) => {
          if (box) box.indeterminate = chosen !== null && !isAll;
        }}
        checked={isAll}
        onChange={isAll ? clear : chooseAll}
      />
    </GridHeading>
  );
}

const ariaSort = { ASC: 'ascending', DESC: 'descending' } as const;

interface HeadProps {
  column: Column;
  sorted: SortDirection | undefined;
  isStop: boolean;
  onOrder(order: TicketOrder): void;
}

function Head({ column: { heading, sort }, sorted, isStop, onOrder }: HeadProps) {
  if (sort === undefined) return heading;
  const [likelier, other] = ordersBy(sort);
  const next = sorted && ticketOrders[likelier].direction === sorted ? other : likelier;
  return (
    <button
      type="button"
      className="column-head"
      tabIndex={isStop ? 0 : -1}
      title={labelOf(next)}
      onClick={() => onOrder(next)}
    >
      <span>{heading}</span>
      {sorted && (
        <svg viewBox="0 0 8 8" className={`sort-arrow ${sorted === 'ASC' ? 'up' : ''}`} aria-hidden="true">
          <path d="m1 2.5 3 3 3-3" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      )}
    </button>
  );
}

function goBetweenHeads(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step !== undefined) {
    // Those that a narrow list has no room for are hidden.
    const heads = [...event.currentTarget.querySelectorAll<HTMLElement>('button, input')].filter(
      (head) => getComputedStyle(head).visibility !== 'hidden',
    );
    heads[heads.indexOf(event.target as HTMLElement) + step]?.focus();
  } else if (event.key === 'ArrowDown') focusList();
  else return;
  event.preventDefault();
}
