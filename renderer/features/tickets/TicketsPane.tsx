/** The middle pane: search, order, and the list of the chosen view. */
import { type CSSProperties, type ReactNode, useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import { flushSync } from 'react-dom';
import { quoted, shownText } from '../../../proto/visible-text.ts';
import { ChosenProvider } from '../../state/chosen.ts';
import { useCommand } from '../../state/commands.ts';
import { useLink } from '../../state/live.tsx';
import { countText } from '../../state/locale.ts';
import { focusList, useNavigation } from '../../state/navigation.tsx';
import { type View, viewWords } from '../../state/views.ts';
import { ChosenBar, ChosenNote } from './ChosenBar.tsx';
import { ColumnsMenu } from './ColumnsMenu.tsx';
import { columnStyle, ShownColumnsProvider } from './columns.ts';
import { ListBody } from './ListBody.tsx';
import { ArrivalsNote, FoundNote, ListFooter, MoreError } from './ListNotes.tsx';
import { ListToolbar } from './ListToolbar.tsx';
import { filterFor, isNarrowed, isNumber, type ListQuery, wordsOf } from './list-filter.ts';
import type { ListItem } from './list-items.ts';
import { panelOf } from './list-model.ts';
import { labelOf, offeredOrders } from './list-order.ts';
import { OwnNameNote } from './OwnNameNote.tsx';
import { SearchBox } from './SearchBox.tsx';
import { SearchMarksProvider } from './SearchMarks.tsx';
import { useChosenStore, useChosenTickets } from './use-chosen-rows.ts';
import { useLastList } from './use-last-list.ts';
import { useListQuery } from './use-list-query.ts';
import { useQueryReader } from './use-query-reader.ts';
import { useRowCommands } from './use-row-commands.ts';
import { type TicketListHandle, useTicketList } from './use-ticket-list.ts';
import { ViewNote } from './ViewNote.tsx';

export interface TicketsPaneProps {
  /** How many the view holds; undefined while that is not known. */
  total: number | undefined;
  /** No view has a ticket, or while searching, one that was found. */
  hasNoTickets: boolean;
  /** Told what is searched for, once the person has paused. */
  onSearch(search: string): void;
  menuButton: ReactNode;
  /** Keeps what is shown as a view. */
  viewBar: ReactNode;
  /** Acts on the tickets that are chosen. */
  chosenActions?: ReactNode;
}

export function TicketsPane(props: TicketsPaneProps) {
  const { total, hasNoTickets, onSearch, menuButton, viewBar, chosenActions } = props;
  const { view, open, visits, panel } = useNavigation();
  const link = useLink();
  const body = useRef<HTMLDivElement>(null);
  const reader = useQueryReader();
  const { query, search, shown, filters, setFilters } = useListQuery(onSearch);
  const { order, setOrder, columns } = shown;
  const marks = useMemo(() => reader.read(wordsOf(query)).terms, [reader, query]);
  // What a view holds is counted without the filters.
  const held = isNarrowed(query) ? undefined : total;
  const filter = useMemo(() => filterFor(query), [query]);
  const chosen = useChosenStore(filter);
  const chosenTickets = useChosenTickets(chosen, filter, held);
  const handle = useTicketList(query, { place: body, reader, chosen });
  const { list, state } = handle;
  const isPlain = panel.kind === 'none' && query.search === '' && held !== undefined;
  useLastList({ query, state, link, isPlain: isPlain && !chosenTickets.chosen });
  useRowCommands(state);
  useGoing(handle, visits + search.visits);
  useCommand('search', () => {
    // What is chosen stands in the box's place, and would go with the next search.
    if (chosenTickets.chosen) flushSync(chosenTickets.clear);
    search.box.current?.focus();
    search.box.current?.select();
  });

  const openItem = useCallback(
    (item: ListItem) => {
      focusList();
      open(panelOf(item));
    },
    [open],
  );
  const showArrivals = () => {
    body.current?.querySelector('[data-ticket-list]')?.scrollTo(0, 0);
    list.letIn();
    focusList();
  };
  return (
    <ChosenProvider value={chosenTickets}>
      <section
        aria-label="Tickets"
        className="d-flex flex-column h-100 position-relative"
        style={columnStyle(columns) as CSSProperties}
      >
        <h1 className="visually-hidden">Tickets: {shownText(view.name)}</h1>
        <div className="list-head">
          <div className={chosenTickets.chosen ? 'invisible' : ''}>
            <ListToolbar
              searchBox={<SearchBox search={search} reader={reader} onLeave={focusList} />}
              filters={filters}
              onFilter={setFilters}
              order={order}
              orders={offeredOrders(order, shown.isRanked)}
              onOrder={setOrder}
              menuButton={menuButton}
              columnsMenu={<ColumnsMenu shown={columns} onToggle={shown.toggleColumn} />}
              viewBar={viewBar}
            />
          </div>
          <ChosenBar>{chosenActions}</ChosenBar>
        </div>
        <ChosenNote />
        <OwnNameNote />
        <ViewNote view={view} reader={reader} />
        <div ref={body} className="position-relative flex-grow-1 d-flex flex-column overflow-hidden">
          <ArrivalsNote arrivals={state.heldBack} onShow={showArrivals} />
          <ShownColumnsProvider value={columns}>
            <SearchMarksProvider value={marks}>
              <ListBody
                handle={handle}
                chosen={chosen}
                query={query}
                total={held}
                hasNoTickets={hasNoTickets}
                onOrder={setOrder}
                onOpen={openItem}
                onClearSearch={() => search.type('')}
              />
            </SearchMarksProvider>
          </ShownColumnsProvider>
        </div>
        <FoundNote view={view} query={query} state={state} />
        <MoreError state={state} onRetry={() => list.retry()} />
        <ListFooter
          words={footerWords({ view, query, total: held, shown: state.ticketsRead })}
          link={link}
          asOf={state.asOf}
        />
      </section>
    </ChosenProvider>
  );
}

/** The person goes to a view, or to what a search has found: to its first row, by keyboard too. */
function useGoing({ goToTop }: TicketListHandle, visits: number): void {
  const seen = useRef(visits);
  useLayoutEffect(() => {
    if (seen.current === visits) return;
    seen.current = visits;
    goToTop();
    focusList();
  }, [visits, goToTop]);
}

/** "41 open · newest first" */
function footerWords(list: {
  view: View;
  query: ListQuery;
  total: number | undefined;
  shown: number;
}): string {
  const { view, query, total, shown } = list;
  const order = labelOf(query.order).toLowerCase();
  if (isNumber(query.search)) return `${shown} found by number`;
  const count = total === undefined ? '' : `${countText(total)} ${viewWords(view)}`;
  return [count, query.search && `with ${quoted(query.search)}`, order].filter(Boolean).join(' · ');
}
