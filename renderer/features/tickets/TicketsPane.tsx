/** The middle pane: search, order, and the list of the chosen view. */
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TicketOrder } from '../../graphql/generated/operations.ts';
import { useCommand } from '../../state/commands.tsx';
import { useDesk } from '../../state/desk.tsx';
import { useLink } from '../../state/link.tsx';
import { countText } from '../../state/locale.ts';
import { remember, remembered } from '../../state/remembered.ts';
import { viewInfo } from '../../state/views.ts';
import { DraftRow } from './DraftRow.tsx';
import { ListBody } from './ListBody.tsx';
import { ArrivalsNote, ListFooter, MoreError } from './ListNotes.tsx';
import { ListToolbar } from './ListToolbar.tsx';
import { filterFor, isOrder, type ListQuery, orders, searchProblem } from './list-filter.ts';
import { type ListItem, useTicketList } from './use-ticket-list.ts';

/** From the last key to the search. */
const debounceMs = 200;

export interface TicketsPaneProps {
  /** How many the view holds; undefined while that is not known. */
  total: number | undefined;
  /** No view has a ticket, or while searching, one that was found. */
  deskIsEmpty: boolean;
  /** Told what is searched for, once the person has paused. */
  onSearch(search: string): void;
  menuButton: ReactNode;
}

export function TicketsPane({ total, deskIsEmpty, onSearch, menuButton }: TicketsPaneProps) {
  const { view, panel, open } = useDesk();
  const link = useLink();
  const pane = useRef<HTMLElement>(null);
  const search = useSearch(onSearch);
  const [order, setOrder] = useOrder();
  const query: ListQuery = useMemo(() => ({ view, search: search.term, order }), [view, search.term, order]);
  const handle = useTicketList({ query, workingOn: panel.kind === 'ticket' ? panel.id : null });
  const { list, state, arrivals, showNewest } = handle;

  const grid = useCallback(() => pane.current?.querySelector<HTMLElement>('[data-ticket-list]'), []);
  const openItem = useCallback(
    (item: ListItem) => {
      grid()?.focus({ preventScroll: true });
      if (item.id !== null) open({ kind: 'ticket', id: item.id });
      else open({ kind: 'create', requestId: item.key });
    },
    [grid, open],
  );
  const showArrivals = () => {
    grid()?.scrollTo(0, 0);
    showNewest();
    grid()?.focus({ preventScroll: true });
  };
  return (
    <section ref={pane} aria-label="Tickets" className="d-flex flex-column h-100 position-relative">
      <h1 className="visually-hidden">Tickets: {viewInfo(view).label}</h1>
      <ListToolbar
        searchBox={search.box}
        typed={search.typed}
        problem={search.problem}
        onType={search.type}
        onLeave={() => grid()?.focus()}
        order={order}
        onOrder={setOrder}
        menuButton={menuButton}
      />
      <div className="position-relative flex-grow-1 d-flex flex-column overflow-hidden">
        <DraftRow />
        <ArrivalsNote arrivals={arrivals} onShow={showArrivals} />
        <ListBody
          handle={handle}
          query={query}
          total={total}
          deskIsEmpty={deskIsEmpty}
          selectedKey={selectedKey(panel)}
          onOpen={openItem}
          onClearSearch={() => search.type('')}
        />
      </div>
      <MoreError
        state={state}
        onRetry={() => void (state.hasMore ? list.loadMore() : list.refresh({ mayMove: true }))}
      />
      <ListFooter
        words={footerWords({ query, total, shown: state.rows.length })}
        link={link}
        asOf={state.asOf}
      />
    </section>
  );
}

function selectedKey(panel: ReturnType<typeof useDesk>['panel']): string | null {
  if (panel.kind === 'ticket') return `ticket-${panel.id}`;
  return panel.kind === 'create' ? panel.requestId : null;
}

/** "41 open · newest first" */
function footerWords({
  query,
  total,
  shown,
}: {
  query: ListQuery;
  total: number | undefined;
  shown: number;
}): string {
  const order = orders.find(({ id }) => id === query.order)?.label.toLowerCase();
  const { noun } = viewInfo(query.view);
  if (filterFor(query).id != null) return `${shown} found by number`;
  const count = total === undefined ? '' : `${countText(total)} ${noun}`;
  return [count, query.search && `with “${query.search}”`, order].filter(Boolean).join(' · ');
}

function useOrder(): [TicketOrder, (order: TicketOrder) => void] {
  const [order, setOrder] = useState<TicketOrder>(() => {
    const last = remembered('order');
    return isOrder(last) ? last : 'CREATED_DESC';
  });
  return [
    order,
    useCallback((next) => {
      remember('order', next);
      setOrder(next);
    }, []),
  ];
}

function useSearch(onSearch: (search: string) => void) {
  const box = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [term, setTerm] = useState('');
  const problem = searchProblem(typed.trim());
  useCommand('search', () => {
    box.current?.focus();
    box.current?.select();
  });
  useEffect(() => {
    if (problem !== null) return;
    // Cleared is at once; typed waits for a pause.
    const timer = setTimeout(() => setTerm(typed.trim()), typed.trim() === '' ? 0 : debounceMs);
    return () => clearTimeout(timer);
  }, [typed, problem]);
  useEffect(() => onSearch(term), [term, onSearch]);
  return { box, typed, term, problem, type: setTyped };
}
