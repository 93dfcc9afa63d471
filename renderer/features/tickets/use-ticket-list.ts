/** The list for a query, kept true by what happens elsewhere and by what the person does. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { fitsFilters, matchesQuery } from '../../../proto/matching.ts';
import { ticketOrders } from '../../../proto/ticket-fields.ts';
import { comparing } from '../../../proto/ticket-order.ts';
import {
  TicketPageDocument,
  type TicketPageQuery,
  type TicketPageQueryVariables,
} from '../../graphql/generated/operations.ts';
import { useDraft } from '../../state/drafts.ts';
import { entryValues } from '../../state/form-values.ts';
import { type OutboxEntry, useLink, useLive, useOutbox, useTicketChanges } from '../../state/live.tsx';
import { useNavigation } from '../../state/navigation.tsx';
import { onOwnChange } from '../../state/own-changes.ts';
import { type ItemPanel, itemPanel, samePanel } from '../../state/panel-stack.ts';
import { useStore } from '../../state/store.ts';
import { afterLeaving, chosenIds } from './chosen-rows.ts';
import type { Row, RowChange } from './known-rows.ts';
import { filterFor, type ListQuery, ranking, wordsOf } from './list-filter.ts';
import { rowFor } from './list-order.ts';
import { createLiveMatches, unfound } from './live-matches.ts';
import { type ListState, type PageSource, pageSize, TicketList } from './ticket-list.ts';
import type { ChosenStore } from './use-chosen-rows.ts';
import { useEye } from './use-eye.ts';
import { usePassingTime } from './use-passing-time.ts';
import type { QueryReader } from './use-query-reader.ts';

/** Lists kept in memory, so that going back to a view shows it at once. */
const maxLists = 8;

export interface TicketListHandle {
  list: TicketList;
  state: ListState;
  /** Takes the cursor to a row, and an open ticket along. */
  moveTo(index: number): void;
  /** Takes the cursor to the first row of a list that the person goes to. */
  goToTop(): void;
}

export interface TicketListOptions {
  /** What counts as the list for the pointer and the focus. */
  place: RefObject<HTMLElement | null>;
  reader: QueryReader;
  /** What is chosen of it: nothing that has left the view. */
  chosen: ChosenStore;
}

export function useTicketList(
  query: ListQuery,
  { place, reader, chosen }: TicketListOptions,
): TicketListHandle {
  const list = useKeptList(query);
  const state = useStore(list);
  useEye(place, list);
  useFeeds(list, query, { reader, chosen });
  const showOpen = useOpen(list, state.open);

  const moveTo = useCallback(
    (index: number) => {
      list.moveCursor(index);
      showOpen();
    },
    [list, showOpen],
  );
  const goToTop = useCallback(() => {
    list.setEye({ keyboard: false });
    list.goToTop();
    showOpen();
  }, [list, showOpen]);
  return { list, state, moveTo, goToTop };
}

/** What is open beside the list, told to it, and shown as the list has it: it goes where the cursor goes. */
function useOpen(list: TicketList, wanted: ItemPanel | null): () => void {
  const { panel, open } = useNavigation();
  const latest = useRef<ItemPanel | null>(null);
  // Told once: by the next render the cursor may have gone on, with the panel still to follow.
  useLayoutEffect(() => {
    latest.current = itemPanel(panel);
    list.setOpen(latest.current);
  }, [list, panel]);
  const show = useCallback(() => {
    const now = list.state().open;
    if (!samePanel(now, latest.current)) open(now ?? { kind: 'none' });
  }, [list, open]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it goes on without a key.
  useEffect(show, [show, wanted]);
  return show;
}

function useFeeds(
  list: TicketList,
  query: ListQuery,
  { reader, chosen }: Omit<TicketListOptions, 'place'>,
): void {
  const live = useLive();
  const outbox = useOutbox();
  const { panel } = useNavigation();
  const { draft } = useDraft('new-ticket');
  const connected = useLink().state === 'CONNECTED';
  const showsCreate = useCallback(
    (entry: OutboxEntry) => createBelongs(query, reader, entry),
    [query, reader],
  );

  useLayoutEffect(() => void list.refresh({ mayMove: true }), [list]);
  useEffect(() => (connected ? () => list.markTrue() : undefined), [connected, list]);
  useEffect(() => onOwnChange((change) => list.noteOwn(change)), [list]);
  useEffect(
    () => live.onOutboxChange((change) => showsCreate(change.entry) && list.applyCreate(change)),
    [live, list, showsCreate],
  );
  // Changes come one by one above; a whole reading of the outbox is told apart by what it lacks or adds.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is in it now, once more than was drawn.
  useLayoutEffect(
    () => list.readOutbox(live.outbox.state().entries.filter(showsCreate)),
    [live, list, outbox, showsCreate],
  );
  // While its form is open the draft is there.
  const draftShown = panel.kind === 'new-ticket' ? null : (draft?.requestId ?? null);
  useLayoutEffect(() => list.setDraft(draftShown), [list, draftShown]);
  const find = useFind(query);
  const leave = useCallback(
    (ids: readonly number[]) => chosen.set(afterLeaving(chosen.state(), ids)),
    [chosen],
  );
  const reread = useCallback(() => {
    void list.refresh({ mayMove: false });
    // Of those that have left meanwhile nobody tells, and not each of them has been in what is read again.
    void unfound(chosenIds(chosen.state()), find).then(leave);
  }, [list, chosen, find, leave]);
  useEffect(() => live.onReset(reread), [live, reread]);
  usePassingTime({ search: filterFor(query).query ?? '', reader, reread });
  const match = useMemo(() => createLiveMatches({ query, find }), [query, find]);
  const take = (changed: readonly RowChange[]) => {
    list.apply(changed);
    leave(changed.flatMap(({ id, row }) => (row ? [] : [id])));
  };
  useTicketChanges((changes) => match(changes, take, reread));
}

/** Of these tickets, those that the query finds: read past the cache, whose pages have no use for them. */
function useFind(query: ListQuery) {
  const client = useApolloClient();
  return useCallback(
    async (ids: readonly number[]) => {
      const filter = { ...filterFor(query), ids: [...ids] };
      const { data } = await client.query({
        query: TicketPageDocument,
        variables: { filter, first: ids.length, order: ticketOrders[query.order] },
        fetchPolicy: 'no-cache',
      });
      // Of kept tickets none is found that was not seen.
      if (!data || data.ticketPage.asOf !== null)
        throw new Error('The ticket service did not say what it finds.');
      return rowsOf(data, query);
    },
    [client, query],
  );
}

function rowsOf({ ticketPage }: TicketPageQuery, query: ListQuery): Row[] {
  const terms = ranking(wordsOf(query));
  return ticketPage.edges.flatMap(({ node }) => rowFor(query.order, node, terms) ?? []);
}

/** Creates stand where new tickets are shown; none has a number to be found by. */
function createBelongs(query: ListQuery, reader: QueryReader, entry: OutboxEntry): boolean {
  const { query: search, timeZone: _, ...filters } = filterFor(query);
  const values = entryValues(entry);
  if (!fitsFilters(values, filters)) return false;
  const { createdAt } = entry;
  return matchesQuery(reader.read(search ?? ''), { ...values, id: null, createdAt, updatedAt: createdAt });
}

function useKeptList(query: ListQuery): TicketList {
  const client = useApolloClient();
  const kept = useRef(new Map<string, TicketList>());
  return useMemo(() => {
    const key = JSON.stringify(query);
    const lists = kept.current;
    const source = pageSource(client, query);
    const list = lists.get(key) ?? new TicketList({ order: comparing(query.order), source });
    lists.delete(key);
    lists.set(key, list);
    for (const oldest of lists.keys()) {
      if (lists.size <= maxLists) break;
      lists.delete(oldest);
    }
    return list;
  }, [client, query]);
}

/** Pages by GraphQL; each is a cache field of its own, so that a change costs one page and not the list. */
function pageSource(client: ApolloClient, query: ListQuery): PageSource {
  const shared = { filter: filterFor(query), order: ticketOrders[query.order] };
  const read = async (variables: TicketPageQueryVariables) => {
    const { data } = await client.query({
      query: TicketPageDocument,
      variables: { ...shared, ...variables },
      fetchPolicy: 'network-only',
    });
    if (!data) throw new Error('The list came back empty-handed.');
    const { asOf, pageInfo, edges } = data.ticketPage;
    const cursors = edges.map(({ cursor }) => cursor);
    return {
      rows: rowsOf(data, query),
      cursors,
      pageInfo,
      asOf: asOf === null ? null : Date.parse(asOf),
    };
  };
  return {
    async fetch({ after, first }) {
      const { rows, pageInfo, asOf } = await read({ after, first });
      const { hasNextPage, endCursor } = pageInfo;
      return { rows, hasNextPage, endCursor, asOf };
    },
    async fetchEnd({ before, last }) {
      // One more than asked for, by which they can be read again like any other page.
      const page = { before, last: last + 1 };
      const { rows, cursors, asOf } = await read(page);
      client.cache.evict({
        id: 'ROOT_QUERY',
        fieldName: 'ticketPage',
        args: { ...shared, ...page },
        broadcast: false,
      });
      const [row, cursor] = [rows[0], cursors[0]];
      if (rows.length <= last || !row || cursor === undefined)
        return { rows, beyond: null, startCursor: null, asOf };
      return { rows: rows.slice(1), beyond: { row, cursor }, startCursor: cursors[1] ?? null, asOf };
    },
    forget({ after, ids }) {
      const { cache } = client;
      cache.batch({
        update: () => {
          const args = { ...shared, first: pageSize, after };
          cache.evict({ id: 'ROOT_QUERY', fieldName: 'ticketPage', args, broadcast: false });
          for (const id of ids) cache.evict({ id: `Ticket:${id}`, broadcast: false });
        },
      });
    },
  };
}
