/** In which order and which columns a view is shown: its own, unless the person has just changed them, or theirs. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { TicketOrder } from '../../../proto/ticket-fields.ts';
import { quoted } from '../../../proto/visible-text.ts';
import { shownList } from '../../state/shown-list.ts';
import { joinedQuery, type View } from '../../state/views.ts';
import { remember, remembered } from '../../state/web-storage.ts';
import { type Column, namedColumns, toggled, usePreferredColumns } from './columns.ts';
import { isNumber, type ListQuery, queryText, ranking, searchedText } from './list-filter.ts';
import { bestMatch, isOrder } from './list-order.ts';

/** What was changed of a view since the person went to it; going to any forgets it. */
interface Changes {
  visit: number;
  order?: TicketOrder;
  columns?: readonly string[];
}

export interface Shown {
  order: TicketOrder;
  /** Holds, while words are searched for, until they are not any more. */
  setOrder(order: TicketOrder): void;
  /** Words are searched for. */
  isRanked: boolean;
  columns: readonly Column[];
  toggleColumn(name: Column['name']): void;
  /** The view's own again. */
  reset(): void;
}

/**
 * @param visit goes up each time that the person goes to a view
 * @param search what is typed beside it: words have the best match first
 */
export function useShown(view: View, visit: number, search: string): Shown {
  const isRanked = useMemo(() => ranking(searchedText(search)).length > 0, [search]);
  const [searchOrder, setSearchOrder] = useState<TicketOrder>(bestMatch);
  useEffect(() => {
    if (!isRanked) setSearchOrder(bestMatch);
  }, [isRanked]);
  const [preferred, setPreferred] = usePreferredOrder();
  const [preferredColumns, setPreferredColumns] = usePreferredColumns();
  const [changed, setChanges] = useState<Changes>({ visit });
  const changes = changed.visit === visit ? changed : { visit };
  const names = changes.columns ?? view.columns ?? preferredColumns;
  return {
    // Who has a number comes before who had it: a ticket that came from elsewhere was given a higher one.
    order: isNumber(search)
      ? 'NUMBER_ASC'
      : isRanked
        ? searchOrder
        : (changes.order ?? view.order ?? preferred),
    isRanked,
    setOrder(order) {
      if (isRanked) setSearchOrder(order);
      else if (view.order === null) setPreferred(order);
      else setChanges({ ...changes, order });
    },
    columns: namedColumns(names),
    toggleColumn(name) {
      const columns = toggled(names, name);
      if (view.columns === null) setPreferredColumns(columns);
      else setChanges({ ...changes, columns });
    },
    reset: () => setChanges({ visit }),
  };
}

function usePreferredOrder() {
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

/** Tells what is shown, for whoever keeps it as a view. @param reset shows the view as it is */
export function useTellShown(
  view: View,
  { query, shown, reset }: { query: ListQuery; shown: Shown; reset(): void },
): void {
  const { order } = shown;
  const text = queryText(query);
  const words = wordsOfAll(view, queryText({ ...query, view: '' }));
  const columns = shown.columns.map(({ name }) => name).join(' ');
  const isSorted = view.order !== null && view.order !== order;
  const hasOthers = view.columns !== null && namesOf(view.columns) !== columns;
  const isChanged = text !== joinedQuery(view.query) || isSorted || hasOthers;
  const latest = useRef(reset);
  useEffect(() => {
    latest.current = reset;
  });
  useEffect(() => {
    const content = { query: text, words, order, columns: columns.split(' ') };
    shownList.set({ ...content, isChanged, reset: () => latest.current() });
  }, [text, words, order, columns, isChanged]);
  useEffect(() => () => shownList.set(null), []);
}

/** By the name of the view, as the person knows it. @param besides what is typed and chosen beside the view */
function wordsOfAll({ name }: View, besides: string): string {
  const all = `All tickets in the view ${quoted(name)}`;
  return besides === '' ? all : `${all} that match ${quoted(besides)}`;
}

/** Those that this page knows, by which it compares. */
function namesOf(columns: readonly string[]): string {
  return namedColumns(columns)
    .map(({ name }) => name)
    .join(' ');
}
