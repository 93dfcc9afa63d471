/** How many tickets each view holds, read again after changes, a burst at a time. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useMemo } from 'react';
import { limits, queryProblem } from '../../../proto/checks.ts';
import { chunksOf } from '../../../proto/chunks.ts';
import {
  CountsDocument,
  TicketCountsDocument,
  type TicketFilter,
} from '../../graphql/generated/operations.ts';
import type { Count } from '../../state/chosen.ts';
import { useReading } from '../../state/reading.ts';
import { statusesOf, type View } from '../../state/views.ts';

/** A slow count is repeated less often, so that no window is a burden to a busy service. */
const restsPerReading = 20;

/** How many there are in all, where that is known. */
export function exactTotal(counted: Count | undefined): number | undefined {
  return counted?.exact ? counted.count : undefined;
}

/** By the id of the view. */
export type Counts = ReadonlyMap<string, Count>;

interface CountsOptions {
  /** Counts only what it finds; empty for all. */
  search: string;
  /** What is asked for of a view; the same function each time. */
  filterOf(view: View, search: string): TicketFilter;
}

/** Of statuses alone there are totals, of whatever number; all else is counted up to a limit. */
export function useCounts(views: readonly View[], { search, filterOf }: CountsOptions): Counts | undefined {
  const client = useApolloClient();
  const [byStatus, others] = useMemo(() => {
    const hasTotal = ({ query }: View) => search === '' && statusesOf(query) !== undefined;
    return [views.filter(hasTotal), views.filter((view) => !hasTotal(view))];
  }, [views, search]);
  const totals = useReading(
    useCallback(() => readTotals(client), [client]),
    0,
  );
  const found = useReading(
    useCallback(
      async () => ({ search, counts: await countEach(client, others, { search, filterOf }) }),
      [client, others, search, filterOf],
    ),
    restsPerReading,
  );
  return useMemo(() => {
    const isFound = found?.search === search;
    if (search === '' ? !totals : !isFound) return undefined;
    return new Map([...countsByView(byStatus, totals ?? []), ...(isFound ? found.counts : [])]);
  }, [byStatus, totals, found, search]);
}

async function readTotals(client: ApolloClient) {
  const { data } = await client.query({ query: TicketCountsDocument, fetchPolicy: 'no-cache' });
  return data?.ticketCounts;
}

async function countEach(
  client: ApolloClient,
  views: readonly View[],
  { search, filterOf }: CountsOptions,
): Promise<Counts> {
  // With a search a view can be more than is searched for at once; it has no number then.
  const asked = views
    .map((view) => ({ id: view.id, filter: filterOf(view, search) }))
    .filter(({ filter }) => queryProblem(filter.query ?? '') === undefined);
  const counts = await Promise.all(
    chunksOf(asked, limits.maxCounts).map(async (part) => {
      const variables = { filters: part.map(({ filter }) => filter) };
      const { data } = await client.query({ query: CountsDocument, variables, fetchPolicy: 'no-cache' });
      return part.flatMap(({ id }, at): [string, Count][] =>
        data?.counts[at] ? [[id, data.counts[at]]] : [],
      );
    }),
  );
  return new Map(counts.flat());
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
