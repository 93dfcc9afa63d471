/** The list for a query, kept true by what happens elsewhere, with the creates that wait on top. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { containsText } from '../../../proto/fold.ts';
import {
  type TicketFilter,
  type TicketOrder,
  TicketPageDocument,
  type TicketPageQuery,
} from '../../graphql/generated/operations.ts';
import { useLink } from '../../state/link.tsx';
import { useLive, useOutbox, useTicketChanges } from '../../state/live.tsx';
import { isOwnCreate } from '../../state/own-creates.ts';
import { filterFor, type ListQuery, rowFor } from './list-filter.ts';
import type { Row, RowChange } from './list-model.ts';
import { createLiveMatches } from './live-matches.ts';
import { type Pins, pinChange, pinsFor, pinTicket, releasePins, unpin, waitingPins } from './pins.ts';
import { type ListState, type PageSource, pageSize, TicketList } from './ticket-list.ts';

/** Lists kept in memory, so that going back to a view shows it at once. */
const maxLists = 8;

/** One line on the screen: a create at the top, or a ticket. */
export interface ListItem {
  /** The same through all of a create's states. */
  key: string;
  id: number | null;
  pin: Pins[number] | null;
  leaving: boolean;
}

export interface TicketListHandle {
  list: TicketList;
  state: ListState;
  items: readonly ListItem[];
  /** How many tickets came while nothing may move. */
  arrivals: number;
  /** Shows what waited, and takes the stored creates into the order. */
  showNewest(): void;
}

export interface UseTicketListOptions {
  query: ListQuery;
  /** The ticket that is open beside the list. */
  workingOn: number | null;
}

export function useTicketList({ query, workingOn }: UseTicketListOptions): TicketListHandle {
  const list = useKeptList(query);
  const state = useSyncExternalStore(list.subscribe, list.state);
  const { pins, setPins } = usePins(list, state.reading);
  const live = useLive();

  // A list that is shown anew has its stored creates where the order puts them.
  useEffect(() => {
    setPins(waitingPins);
    void list.refresh({ mayMove: true });
    return () => list.setReading(false);
  }, [list, setPins]);
  useEffect(
    () =>
      live.onReset(() => {
        void list.refresh({ mayMove: false });
        if (!list.state().reading) setPins(waitingPins);
      }),
    [live, list, setPins],
  );

  const connected = useLink().state === 'CONNECTED';
  useEffect(() => (connected ? () => list.vouch() : undefined), [connected, list]);

  const match = useLiveMatches(query);
  useTicketChanges((changes) => {
    match(changes, take, () => void list.refresh({ mayMove: false }));

    function take(rows: readonly RowChange[]): void {
      list.apply(rows, { workingOn });
      const gone = new Set(rows.filter((change) => !change.row).map((change) => change.id));
      setPins((before) => {
        const named = changes.reduce((pins, { ticket }) => (ticket ? pinTicket(pins, ticket) : pins), before);
        // A ticket from elsewhere moves the rows anyway: the stored creates take their places in the order.
        const isPinned = pinned(named);
        const fromElsewhere = rows.some(({ row }) => row && !list.state().reading && !isPinned(row));
        return unpin(fromElsewhere ? waitingPins(named) : named, gone);
      });
    }
  });

  const items = useMemo(() => itemsOf(state, pins, query), [state, pins, query]);
  const arrivals = useMemo(() => countArrivals(state, pins, query), [state, pins, query]);
  const showNewest = useCallback(() => {
    list.settle();
    setPins((before) => releasePins(waitingPins(before)));
  }, [list, setPins]);
  return { list, state, items, arrivals, showNewest };
}

function usePins(list: TicketList, reading: boolean) {
  const live = useLive();
  const outbox = useOutbox();
  const [pins, setPins] = useState<Pins>([]);
  useEffect(
    () =>
      live.onOutboxChange((change) => {
        const mayShow = !list.state().reading || isOwnCreate(change.entry.requestId);
        setPins((before) => pinChange(before, change, mayShow));
      }),
    [live, list],
  );
  // Changes come one by one above; a whole reading of the outbox is told apart by what it lacks or adds.
  useEffect(() => setPins((before) => pinsFor(before, outbox.entries)), [outbox]);
  useEffect(() => {
    if (!reading) setPins(releasePins);
  }, [reading]);
  return { pins, setPins };
}

/** Of these tickets, those that the query finds: read past the cache, whose pages have no use for them. */
function useLiveMatches(query: ListQuery) {
  const client = useApolloClient();
  const { view, search, order } = query;
  return useMemo(() => {
    const find = async (ids: readonly number[]) => {
      const filter: TicketFilter = { ...filterFor({ view, search }), ids: [...ids] };
      const { data } = await client.query({
        query: TicketPageDocument,
        variables: { filter, first: ids.length, orderBy: order },
        fetchPolicy: 'no-cache',
      });
      if (!data) throw new Error('The ticket service did not say what it finds.');
      return rowsOf(data, order);
    };
    return createLiveMatches({ query: { view, search, order }, find });
  }, [client, view, search, order]);
}

function rowsOf({ ticketPage }: TicketPageQuery, order: TicketOrder): Row[] {
  return ticketPage.edges.map(({ node }) => rowFor(order, node)).filter((row): row is Row => row !== null);
}

/** Creates stand on top where new tickets are shown; a stored one is not shown a second time below. */
export function itemsOf(
  { rows, leaving }: Pick<ListState, 'rows' | 'leaving'>,
  pins: Pins,
  query: ListQuery,
): ListItem[] {
  const shown = pinsIn(pins, query).filter((pin) => !pin.held);
  const isShown = pinned(shown);
  return [
    ...shown.map((pin) => ({ key: pin.entry.requestId, id: pin.id, pin, leaving: false })),
    ...rows
      .filter((row) => !isShown(row))
      .map((row) => ({
        key: row.requestId ?? `ticket-${row.id}`,
        id: row.id,
        pin: null,
        leaving: leaving.has(row.id),
      })),
  ];
}

/** What waits to be shown: tickets and creates that came while the person reads. */
export function countArrivals(
  { arrivals }: Pick<ListState, 'arrivals'>,
  pins: Pins,
  query: ListQuery,
): number {
  const here = pinsIn(pins, query);
  const isPinned = pinned(here);
  return arrivals.filter((row) => !isPinned(row)).length + here.filter((pin) => pin.held).length;
}

function pinsIn(pins: Pins, query: ListQuery): Pins {
  const filter = filterFor(query);
  if (!filter.statuses?.includes('New')) return [];
  return pins.filter(({ entry }) => containsText(entry, filter.text ?? ''));
}

function pinned(pins: Pins): (row: Row) => boolean {
  const ids = new Set(pins.map((pin) => pin.id));
  const requestIds = new Set(pins.map((pin) => pin.entry.requestId));
  return (row) => ids.has(row.id) || (row.requestId !== null && requestIds.has(row.requestId));
}

function useKeptList({ view, search, order }: ListQuery): TicketList {
  const client = useApolloClient();
  const kept = useRef(new Map<string, TicketList>());
  return useMemo(() => {
    const key = JSON.stringify([view, search, order]);
    const lists = kept.current;
    const list =
      lists.get(key) ?? new TicketList({ order, source: pageSource(client, { view, search, order }) });
    lists.delete(key);
    lists.set(key, list);
    for (const oldest of lists.keys()) {
      if (lists.size <= maxLists) break;
      lists.delete(oldest);
    }
    return list;
  }, [client, view, search, order]);
}

/** Pages by GraphQL; each is a cache field of its own, so that a change costs one page and not the list. */
function pageSource(client: ApolloClient, query: ListQuery): PageSource {
  const filter: TicketFilter = filterFor(query);
  const variables = (after: string | null, first: number) => ({
    filter,
    first,
    after,
    orderBy: query.order,
  });
  return {
    async fetch({ after, first }) {
      const { data } = await client.query({
        query: TicketPageDocument,
        variables: variables(after, first),
        fetchPolicy: 'network-only',
      });
      if (!data) throw new Error('The list came back empty-handed.');
      const { hasNextPage, endCursor } = data.ticketPage.pageInfo;
      return { rows: rowsOf(data, query.order), hasNextPage, endCursor };
    },
    forget({ after, rows }) {
      const { cache } = client;
      cache.batch({
        update: () => {
          const args = variables(after, pageSize);
          cache.evict({ id: 'ROOT_QUERY', fieldName: 'ticketPage', args, broadcast: false });
          for (const { id } of rows) cache.evict({ id: `Ticket:${id}`, broadcast: false });
        },
      });
    },
  };
}
