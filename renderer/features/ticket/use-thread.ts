/** What was said and done about a ticket: the newest first, what was before when it is asked for. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  type CommentFieldsFragment,
  TicketThreadDocument,
  type TicketThreadQuery,
} from '../../graphql/generated/operations.ts';
import { type Failure, readFailure } from '../../state/failure.ts';
import { type QueuedWrite, useLive, useTicketChanges } from '../../state/live.tsx';
import { useQueued } from '../../state/queued.ts';
import { type Change, type Edge, newestOver, type Page, type ThreadItem, threadOf } from './thread-items.ts';

const pageSize = 50;

interface Pages {
  /** The person's own id; null while nobody knows it. */
  me: string | null;
  comments: Page<CommentFieldsFragment>;
  changes: Page<Change>;
}

export interface Thread {
  me: string | null;
  /** Oldest first. */
  items: readonly ThreadItem[];
  comments: readonly CommentFieldsFragment[];
  hasEarlier: boolean;
  loaded: boolean;
  failure: Failure | null;
  readEarlier(): void;
  readAgain(): void;
}

type Connection<Node> = { edges: Edge<Node>[]; pageInfo: { hasPreviousPage: boolean } } | undefined;

function pageOf<Node>(connection: Connection<Node>): Page<Node> {
  return { edges: connection?.edges ?? [], hasEarlier: connection?.pageInfo.hasPreviousPage ?? false };
}

/** @param shown what is there already, whose predecessors are wanted; undefined: the newest */
async function readPages(client: ApolloClient, id: number, shown?: Pages): Promise<Pages> {
  // A list that is there from its beginning is not read again.
  const wanted = (page: Page<unknown> | undefined) => (page?.hasEarlier === false ? 1 : pageSize);
  const { data }: { data?: TicketThreadQuery | undefined } = await client.query({
    query: TicketThreadDocument,
    variables: {
      id,
      comments: wanted(shown?.comments),
      commentsBefore: shown?.comments.edges[0]?.cursor ?? null,
      changes: wanted(shown?.changes),
      changesBefore: shown?.changes.edges[0]?.cursor ?? null,
    },
    fetchPolicy: 'no-cache',
  });
  return {
    me: data?.me?.id ?? null,
    comments: pageOf(data?.ticket?.comments),
    changes: pageOf(data?.ticket?.history),
  };
}

function before<Node>(shown: Page<Node>, earlier: Page<Node>): Page<Node> {
  return shown.hasEarlier ? { ...earlier, edges: [...earlier.edges, ...shown.edges] } : shown;
}

export function useThread(id: number): Thread {
  const client = useApolloClient();
  const live = useLive();
  const [pages, setPages] = useState<Pages | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const asked = useRef(0);
  const read = useCallback(
    async (shown?: Pages) => {
      asked.current += 1;
      const own = asked.current;
      try {
        const found = await readPages(client, id, shown);
        // What was asked later is newer.
        if (own !== asked.current) return;
        setFailure(null);
        setPages((now) => {
          if (!now) return found;
          const join = shown ? before : newestOver;
          return {
            me: found.me,
            comments: join(now.comments, found.comments),
            changes: join(now.changes, found.changes),
          };
        });
      } catch (thrown) {
        if (own === asked.current) setFailure(readFailure(thrown));
      }
    },
    [client, id],
  );
  const readNewest = useCallback(() => void read(), [read]);
  useEffect(readNewest, [readNewest]);
  useEffect(() => live.onReset(readNewest), [live, readNewest]);
  useTicketChanges((changes) => {
    if (changes.some((change) => change.id === id)) readNewest();
  });
  const items = useMemo(() => (pages ? threadOf(pages.comments, pages.changes) : []), [pages]);
  const comments = useMemo(() => pages?.comments.edges.map(({ node }) => node) ?? [], [pages]);
  return {
    me: pages?.me ?? null,
    items,
    comments,
    hasEarlier: pages !== null && (pages.comments.hasEarlier || pages.changes.hasEarlier),
    loaded: pages !== null,
    failure,
    readEarlier: () => pages && void read(pages),
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
      live.onWriteChange(({ write, stored: isStored }) => {
        if (isStored && write.ticketId === id && write.comment)
          setStored((earlier) => [...earlier.slice(-pageSize), write]);
      }),
    [live, id],
  );
  const known = new Set(comments.map(({ requestId }) => requestId));
  return [...stored, ...writes].filter(({ requestId }) => !known.has(requestId));
}
