/** How many tickets each view holds, read again after changes, a burst at a time. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { limits } from '../../../proto/checks.ts';
import {
  CountsDocument,
  TicketCountsDocument,
  type TicketFilter,
} from '../../graphql/generated/operations.ts';
import { useLive, useTicketChanges } from '../../state/live.tsx';
import { statusesOf, type View } from '../../state/views.ts';

/** At most one reading in this time, however many changes there are; and the more time each takes, the fewer. */
const rereadMs = 200;
const restsPerReading = 4;

/** Where it is not exact, there are more. */
export interface Count {
  count: number;
  exact: boolean;
}

/** How many there are in all, where that is known. */
export function exactTotal(counted: Count | undefined): number | undefined {
  return counted?.exact ? counted.count : undefined;
}

/** By the id of the view. */
export type Counts = ReadonlyMap<string, Count>;

/**
 * @param search counts only what it finds; empty for all.
 * @param filterOf what is asked for of a view
 */
export function useCounts(
  views: readonly View[],
  { search, filterOf }: { search: string; filterOf(view: View, search: string): TicketFilter },
): Counts | undefined {
  const client = useApolloClient();
  const live = useLive();
  const [counts, setCounts] = useState<{ search: string; byView: Counts }>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pauseMs = useRef(rereadMs);
  const latest = useRef<object>(undefined);

  const read = useCallback(async () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const reading = {};
    latest.current = reading;
    const beganMs = performance.now();
    // The last counts stay; the link mark says that they may be old.
    const byView = await countEach(client, { views, search, filterOf }).catch(() => undefined);
    pauseMs.current = Math.max(rereadMs, restsPerReading * (performance.now() - beganMs));
    if (byView && latest.current === reading) setCounts({ search, byView });
  }, [client, views, search, filterOf]);

  useEffect(() => {
    void read();
    return () => clearTimeout(timer.current);
  }, [read]);
  useEffect(() => live.onReset(() => void read()), [live, read]);
  useTicketChanges(() => {
    timer.current ??= setTimeout(() => void read(), pauseMs.current);
  });
  return counts?.search === search ? counts.byView : undefined;
}

/** Of statuses alone there are totals, of whatever number; all else is counted up to a limit. */
async function countEach(
  client: ApolloClient,
  { views, search, filterOf }: { views: readonly View[] } & Parameters<typeof useCounts>[1],
): Promise<Counts> {
  const byStatus = views.filter(({ query }) => search === '' && statusesOf(query) !== undefined);
  const others = views.filter((view) => !byStatus.includes(view));
  const filters = others.map((view) => filterOf(view, search));
  const parts = Array.from({ length: Math.ceil(filters.length / limits.maxCounts) }, (_, at) =>
    filters.slice(at * limits.maxCounts, (at + 1) * limits.maxCounts),
  );
  const [totals, ...found] = await Promise.all([
    byStatus.length === 0 ? [] : readTotals(client),
    ...parts.map((part) => readCounts(client, part)),
  ]);
  const counted = found.flat();
  return new Map([
    ...countsByView(byStatus, totals),
    ...others.flatMap(({ id }, at): [string, Count][] => (counted[at] ? [[id, counted[at]]] : [])),
  ]);
}

async function readTotals(client: ApolloClient) {
  const { data } = await client.query({ query: TicketCountsDocument, fetchPolicy: 'no-cache' });
  return data?.ticketCounts ?? [];
}

async function readCounts(client: ApolloClient, filters: TicketFilter[]): Promise<readonly Count[]> {
  const variables = { filters };
  const { data } = await client.query({ query: CountsDocument, variables, fetchPolicy: 'no-cache' });
  return data?.counts ?? [];
}

/** From counts by status to counts of views that ask for statuses alone. */
export function countsByView(
  views: readonly Pick<View, 'id' | 'query'>[],
  counts: readonly { status: string; count: number }[],
): Map<string, Count> {
  const byStatus = new Map(counts.map(({ status, count }) => [status, count]));
  return new Map(
    views.map(({ id, query }) => {
      const asked = statusesOf(query) ?? [];
      const count = asked.reduce((total, status) => total + (byStatus.get(status) ?? 0), 0);
      return [id, { count, exact: true }];
    }),
  );
}
