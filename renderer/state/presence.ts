/** Who else looks at a ticket or types in it, and telling the others of this window. */
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useMemo } from 'react';
import { uuidv7 } from 'uuidv7';
import { MeDocument, ReportPresenceDocument } from '../graphql/generated/operations.ts';
import type { NameOf } from './agents.tsx';
import { useLink, useLive } from './live.tsx';
import type { TicketPresence } from './live-feed.ts';
import { useStore } from './store.ts';

/** What is told holds for 10 s. */
const repeatMs = 4_000;

/** This window, told from any other. */
const place = uuidv7();

const nobody: TicketPresence['present'] = [];

/** The others, in whatever windows: whoever works here is nobody else in another one. */
export function usePresent(ticketId: number): TicketPresence['present'] {
  const client = useApolloClient();
  const present = useStore(useLive().presence).get(ticketId) ?? nobody;
  return useMemo(() => {
    if (present.length === 0) return nobody;
    const me = client.readQuery({ query: MeDocument })?.me?.id;
    return present.filter((other) => other.place !== place && other.agent.id !== me);
  }, [client, present]);
}

/** Tells the others for as long as it is there and the window is seen. */
export function useReportPresence(ticketId: number, isTyping: boolean): void {
  const client = useApolloClient();
  const isLinked = useLink().state === 'CONNECTED';
  const report = useCallback(
    (input: { ticketId: number | null; isTyping: boolean }) => {
      const variables = { input: { place, ...input } };
      // Nobody waits for it, and the next one says the same.
      client.mutate({ mutation: ReportPresenceDocument, variables }).catch(() => undefined);
    },
    [client],
  );
  useEffect(() => {
    if (!isLinked) return;
    const look = () => {
      const isSeen = document.visibilityState === 'visible';
      report({ ticketId: isSeen ? ticketId : null, isTyping: isSeen && isTyping });
    };
    look();
    const timer = setInterval(look, repeatMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [report, isLinked, ticketId, isTyping]);
  // Told at the end alone: who begins or stops to type has not gone in between.
  useEffect(() => {
    if (!isLinked) return;
    return () => report({ ticketId: null, isTyping: false });
  }, [report, isLinked]);
}

/** "Bo is typing", "Bo and Cy look at it"; empty when nobody does. */
export function presenceWords(present: TicketPresence['present'], nameOf: NameOf): string {
  // Each once, in however many windows; two of one name are two.
  const ids = (of: TicketPresence['present']) => new Set(of.map(({ agent }) => agent.id));
  const namesOf = (of: ReadonlySet<string>) => {
    const agents = new Map(present.map(({ agent }) => [agent.id, agent]));
    return [...of].map((id) => nameOf(agents.get(id)));
  };
  const typingIds = ids(present.filter(({ isTyping }) => isTyping));
  const typing = namesOf(typingIds);
  const looking = namesOf(ids(present.filter(({ agent }) => !typingIds.has(agent.id))));
  return [sentence(typing, 'is typing', 'are typing'), sentence(looking, 'looks at it', 'look at it')]
    .filter((words) => words !== '')
    .join(' · ');
}

function sentence(names: readonly string[], one: string, many: string): string {
  if (names.length === 0) return '';
  const last = names.at(-1) ?? '';
  return names.length === 1 ? `${last} ${one}` : `${names.slice(0, -1).join(', ')} and ${last} ${many}`;
}
