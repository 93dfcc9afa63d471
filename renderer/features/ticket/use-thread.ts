/** What was said about a ticket, newest in sight: the last page first, earlier ones when they are asked for. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type CommentFieldsFragment, TicketThreadDocument } from '../../graphql/generated/operations.ts';
import { type Failure, readFailure } from '../../state/failure.ts';
import { type QueuedWrite, useLive, useTicketChanges } from '../../state/live.tsx';
import { useQueued } from '../../state/queued.ts';

const pageSize = 50;

export interface Thread {
  /** Oldest first. */
  comments: readonly CommentFieldsFragment[];
  hasEarlier: boolean;
  loaded: boolean;
  failure: Failure | null;
  readEarlier(): void;
  readAgain(): void;
}

interface Page {
  comments: CommentFieldsFragment[];
  before: string | null;
}

async function readPage(client: ApolloClient, id: number, before: string | null): Promise<Page> {
  const { data } = await client.query({
    query: TicketThreadDocument,
    variables: { id, last: pageSize, before },
    fetchPolicy: 'no-cache',
  });
  const page = data?.ticket?.comments;
  return {
    comments: page?.edges.map(({ node }) => node) ?? [],
    before: page?.pageInfo.hasPreviousPage ? (page.pageInfo.startCursor ?? null) : null,
  };
}

/** The newest page anew: what it has no more was deleted, what came before it stays. */
function withNewest(shown: Page, newest: Page): Page {
  const first = Number(newest.comments[0]?.id ?? Number.POSITIVE_INFINITY);
  const earlier = newest.before === null ? [] : shown.comments.filter(({ id }) => Number(id) < first);
  const before = earlier.length > 0 ? shown.before : newest.before;
  return { comments: [...earlier, ...newest.comments], before };
}

export function useThread(id: number): Thread {
  const client = useApolloClient();
  const live = useLive();
  const [page, setPage] = useState<Page | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const asked = useRef(0);
  const read = useCallback(
    async (before: string | null) => {
      asked.current += 1;
      const own = asked.current;
      try {
        const found = await readPage(client, id, before);
        // What was asked later is newer.
        if (own !== asked.current) return;
        setFailure(null);
        setPage((shown) => {
          if (!shown) return found;
          if (before === null) return withNewest(shown, found);
          return { comments: [...found.comments, ...shown.comments], before: found.before };
        });
      } catch (thrown) {
        if (own === asked.current) setFailure(readFailure(thrown));
      }
    },
    [client, id],
  );
  const readNewest = useCallback(() => void read(null), [read]);
  useEffect(readNewest, [readNewest]);
  useEffect(() => live.onReset(readNewest), [live, readNewest]);
  useTicketChanges((changes) => {
    if (changes.some((change) => change.id === id)) readNewest();
  });
  return {
    comments: page?.comments ?? [],
    hasEarlier: page !== null && page.before !== null,
    loaded: page !== null,
    failure,
    readEarlier: () => page && void read(page.before),
    readAgain: readNewest,
  };
}

/** What waits for this ticket: also what has just been stored, until it is among the comments. */
export function useQueuedWrites(id: number, comments: Thread['comments']): readonly QueuedWrite[] {
  const live = useLive();
  const writes = useQueued(id);
  const [stored, setStored] = useState<readonly QueuedWrite[]>([]);
  useEffect(
    () =>
      live.onWriteChange(({ write, stored }) => {
        if (stored && write.ticketId === id && write.comment)
          setStored((before) => [...before.slice(-pageSize), write]);
      }),
    [live, id],
  );
  return useMemo(() => {
    const known = new Set(comments.map(({ requestId }) => requestId));
    return [...stored, ...writes].filter(({ requestId }) => !known.has(requestId));
  }, [writes, stored, comments]);
}
