/** How many tickets each view holds, read again after changes, a burst at a time. */
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { TicketCountsDocument } from '../../graphql/generated/operations.ts';
import { useLive, useTicketChanges } from '../../state/live.tsx';
import { type View, views } from '../../state/views.ts';

/** At most one reading in this time, however many changes there are. */
const rereadMs = 200;

export type Counts = ReadonlyMap<View, number>;

/** @param search counts only what holds this text; empty for all. */
export function useCounts(search: string): Counts | undefined {
  const client = useApolloClient();
  const live = useLive();
  const [counts, setCounts] = useState<{ search: string; byView: Counts }>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const read = useCallback(async () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const variables = { text: search === '' ? null : search };
    const { data } = await client
      .query({ query: TicketCountsDocument, variables, fetchPolicy: 'no-cache' })
      // The last counts stay; the link mark says that they may be old.
      .catch(() => ({ data: undefined }));
    if (data) setCounts({ search, byView: countsByView(data.ticketCounts) });
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

/** From counts by status to counts by view. */
export function countsByView(counts: readonly { status: string; count: number }[]): Counts {
  const byStatus = new Map(counts.map(({ status, count }) => [status, count]));
  return new Map(
    views.map((view) => [
      view.id,
      view.statuses.reduce((total, status) => total + (byStatus.get(status) ?? 0), 0),
    ]),
  );
}
