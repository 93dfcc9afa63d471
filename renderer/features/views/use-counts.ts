/** How many tickets each view holds, read again after changes, a burst at a time. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { CountsDocument, TicketCountsDocument } from '../../graphql/generated/operations.ts';
import { useLive, useTicketChanges } from '../../state/live.tsx';
import { timeZone } from '../../state/locale.ts';
import { type View, views } from '../../state/views.ts';

/** At most one reading in this time, however many changes there are. */
const rereadMs = 200;

/** Where it is not exact, there are more. */
export interface Count {
  count: number;
  exact: boolean;
}

/** How many there are in all, where that is known. */
export function exactTotal(counted: Count | undefined): number | undefined {
  return counted?.exact ? counted.count : undefined;
}

export type Counts = ReadonlyMap<View, Count>;

/** @param search counts only what it finds; empty for all. */
export function useCounts(search: string): Counts | undefined {
  const client = useApolloClient();
  const live = useLive();
  const [counts, setCounts] = useState<{ search: string; byView: Counts }>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const read = useCallback(async () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    // The last counts stay; the link mark says that they may be old.
    const byView = await (search === '' ? countAll(client) : countFound(client, search)).catch(
      () => undefined,
    );
    if (byView) setCounts({ search, byView });
  }, [client, search]);

  useEffect(() => {
    void read();
    return () => clearTimeout(timer.current);
  }, [read]);
  useEffect(() => live.onReset(() => void read()), [live, read]);
  useTicketChanges(() => {
    timer.current ??= setTimeout(() => void read(), rereadMs);
  });
  return counts?.search === search ? counts.byView : undefined;
}

async function countAll(client: ApolloClient): Promise<Counts | undefined> {
  const { data } = await client.query({ query: TicketCountsDocument, fetchPolicy: 'no-cache' });
  return data && countsByView(data.ticketCounts);
}

async function countFound(client: ApolloClient, search: string): Promise<Counts | undefined> {
  const filters = views.map(({ statuses }) => ({
    statuses: [...statuses],
    query: search,
    timeZone: timeZone(),
  }));
  const { data } = await client.query({
    query: CountsDocument,
    variables: { filters },
    fetchPolicy: 'no-cache',
  });
  return data && new Map(views.flatMap(({ id }, at) => (data.counts[at] ? [[id, data.counts[at]]] : [])));
}

/** From counts by status to counts by view. */
export function countsByView(counts: readonly { status: string; count: number }[]): Counts {
  const byStatus = new Map(counts.map(({ status, count }) => [status, count]));
  return new Map(
    views.map((view) => {
      const count = view.statuses.reduce((total, status) => total + (byStatus.get(status) ?? 0), 0);
      return [view.id, { count, exact: true }];
    }),
  );
}
