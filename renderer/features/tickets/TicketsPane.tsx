/** The middle pane: search, order, and the list of the chosen view. */
import {
  type CSSProperties,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { flushSync } from 'react-dom';
import type { FieldFilters, TicketOrder } from '../../../proto/ticket-fields.ts';
import { quoted } from '../../../proto/visible-text.ts';
import { ChosenProvider } from '../../state/chosen.ts';
import { useCommand } from '../../state/commands.ts';
import { useLink } from '../../state/live.tsx';
import { countText } from '../../state/locale.ts';
import { focusList, useNavigation } from '../../state/navigation.tsx';
import { remember, remembered } from '../../state/remembered.ts';
import { viewInfo } from '../../state/views.ts';
import { ChosenBar, ChosenNote } from './ChosenBar.tsx';
import { ColumnsMenu } from './ColumnsMenu.tsx';
import { afterLeaving } from './chosen-rows.ts';
import { columnStyle, ShownColumnsProvider, useColumns } from './columns.ts';
import { ListBody } from './ListBody.tsx';
import { ArrivalsNote, FoundNote, ListFooter, MoreError } from './ListNotes.tsx';
import { ListToolbar } from './ListToolbar.tsx';
import { filterFor, isNarrowed, type ListQuery, searchedText, searchProblem } from './list-filter.ts';
import type { ListItem } from './list-items.ts';
import { panelOf } from './list-model.ts';
import { isOrder, labelOf } from './list-order.ts';
import { OwnNameNote } from './OwnNameNote.tsx';
import { SearchMarksProvider } from './SearchMarks.tsx';
import { useChosenStore, useChosenTickets } from './use-chosen-rows.ts';
import { useQueryReader } from './use-query-reader.ts';
import { useRowCommands } from './use-row-commands.ts';
import { type TicketListHandle, useTicketList } from './use-ticket-list.ts';

/** From the last key to the search. */
const debounceMs = 200;

export interface TicketsPaneProps {
  /** How many the view holds; undefined while that is not known. */
  total: number | undefined;
  /** No view has a ticket, or while searching, one that was found. */
  hasNoTickets: boolean;
  /** Told what is searched for, once the person has paused. */
  onSearch(search: string): void;
  menuButton: ReactNode;
  /** Acts on the tickets that are chosen. */
  chosenActions?: ReactNode;
}

export function TicketsPane({ total, hasNoTickets, onSearch, menuButton, chosenActions }: TicketsPaneProps) {
  const { view, open, visits } = useNavigation();
  const link = useLink();
  const body = useRef<HTMLDivElement>(null);
  const search = useSearch(onSearch);
  const reader = useQueryReader();
  const [order, setOrder] = useOrder();
  const columns = useColumns();
  const [filters, setFilters] = useState<FieldFilters>({});
  const query: ListQuery = useMemo(
    () => ({ view, search: search.term, filters, order }),
    [view, search.term, filters, order],
  );
  const marks = useMemo(() => reader.read(searchedText(search.term)).terms, [reader, search.term]);
  // What a view holds is counted without the filters.
  const held = isNarrowed(query) ? undefined : total;
  const filter = useMemo(() => filterFor(query), [query]);
  const chosen = useChosenStore(filter);
  const chosenTickets = useChosenTickets(chosen, filter, held);
  const onLeft = useCallback(
    (ids: readonly number[]) => chosen.set(afterLeaving(chosen.state(), ids)),
    [chosen],
  );
  const handle = useTicketList(query, { place: body, reader, onLeft });
  const { list, state } = handle;
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
        style={columnStyle(columns.shown) as CSSProperties}
      >
        <h1 className="visually-hidden">Tickets: {viewInfo(view).label}</h1>
        <div className="list-head">
          <div className={chosenTickets.chosen ? 'invisible' : ''}>
            <ListToolbar
              search={{
                ...{
                  box: search.box,
                  reader,
                  typed: search.typed,
                  search: search.term,
                  refusal: search.refusal,
                },
                ...{ onType: search.type, onGo: search.go, onLeave: focusList },
              }}
              filters={filters}
              onFilter={setFilters}
              order={order}
              onOrder={setOrder}
              menuButton={menuButton}
              columnsMenu={<ColumnsMenu shown={columns.shown} onToggle={columns.toggle} />}
            />
          </div>
          <ChosenBar>{chosenActions}</ChosenBar>
        </div>
        <ChosenNote />
        <OwnNameNote />
        <div ref={body} className="position-relative flex-grow-1 d-flex flex-column overflow-hidden">
          <ArrivalsNote arrivals={state.heldBack} onShow={showArrivals} />
          <ShownColumnsProvider value={columns.shown}>
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
        <FoundNote search={query.search} state={state} />
        <MoreError state={state} onRetry={() => list.retry()} />
        <ListFooter
          words={footerWords({ query, total: held, shown: state.ticketsRead })}
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
function footerWords(list: { query: ListQuery; total: number | undefined; shown: number }): string {
  const { query, total, shown } = list;
  const order = labelOf(query.order).toLowerCase();
  const noun = viewInfo(query.view).label.toLowerCase();
  if (filterFor(query).id != null) return `${shown} found by number`;
  const count = total === undefined ? '' : `${countText(total)} ${noun}`;
  return [count, query.search && `with ${quoted(query.search)}`, order].filter(Boolean).join(' · ');
}

function useOrder() {
  const [order, setOrder] = useState<TicketOrder>(() => {
    const last = remembered('order');
    return isOrder(last) ? last : 'CREATED_DESC';
  });
  const choose = (next: TicketOrder) => {
    remember('order', next);
    setOrder(next);
  };
  return [order, choose] as const;
}

function useSearch(onSearch: (search: string) => void) {
  const box = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [term, setTerm] = useState('');
  const [visits, setVisits] = useState(0);
  const refusal = searchProblem(typed.trim());
  useEffect(() => {
    if (refusal !== null) return;
    // Cleared is at once; typed waits for a pause.
    const timer = setTimeout(() => setTerm(typed.trim()), typed.trim() === '' ? 0 : debounceMs);
    return () => clearTimeout(timer);
  }, [typed, refusal]);
  useEffect(() => onSearch(term), [term, onSearch]);
  /** To what is found, without waiting for the pause. */
  const go = () => {
    if (refusal !== null) return;
    setTerm(typed.trim());
    setVisits((before) => before + 1);
  };
  return { box, typed, term, refusal, visits, type: setTyped, go };
}
