import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { findCreate } from '../../state/find-create.ts';
import { useLive, useOutbox } from '../../state/live.tsx';

/** What became of a create that is not in the outbox (any more). */
export type Outcome = 'waiting' | 'looking' | 'unknown' | { id: number };

/** Follows a create until it is a ticket, also when that happened before anybody looked. */
export function useOutcome(requestId: string): Outcome {
  const client = useApolloClient();
  const live = useLive();
  const { entries, loaded } = useOutbox();
  const waits = entries.some((entry) => entry.requestId === requestId);
  const [found, setFound] = useState<{ requestId: string; id: number | null } | null>(null);

  useEffect(
    () =>
      live.onOutboxChange(({ entry, removed }) => {
        if (removed && entry.requestId === requestId && entry.id !== null)
          setFound({ requestId, id: entry.id });
      }),
    [live, requestId],
  );
  useEffect(() => {
    if (!loaded || waits) return;
    let left = false;
    const look = () =>
      void findCreate(client, { requestId }).then((ticket) => {
        // An id that was told meanwhile stands.
        if (!left) setFound((known) => (known?.id ? known : { requestId, id: ticket?.id ?? null }));
      });
    look();
    // It may have become a ticket while nothing was heard.
    const stop = live.onReset(look);
    return () => {
      left = true;
      stop();
    };
  }, [client, live, loaded, waits, requestId]);

  if (found?.requestId === requestId && found.id !== null) return { id: found.id };
  if (waits) return 'waiting';
  return found?.requestId === requestId ? 'unknown' : 'looking';
}
