/** Tags of the tickets that were read, to be offered again. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { wordBeginnings } from '../../proto/fold.ts';

/** More would be read, not recognised. */
const maxProposals = 8;

/** The most frequent first, as of the last look. */
export function useSeenTags(): { seen: readonly string[]; look(): void } {
  const client = useApolloClient();
  const [seen, setSeen] = useState<readonly string[]>([]);
  return { seen, look: () => setSeen(seenTags(client)) };
}

function seenTags({ cache }: ApolloClient): string[] {
  const counts = new Map<string, number>();
  const known = cache.extract() as Record<string, { __typename?: string; tags?: string[] | null }>;
  for (const { __typename, tags } of Object.values(known)) {
    if (__typename !== 'Ticket') continue;
    for (const tag of tags ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts].sort(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1)).map(([tag]) => tag);
}

/** Tags with a word that begins with what is typed, without those that the ticket has; while nothing is typed, the first ones. */
export function proposeTags(seen: readonly string[], typed: string, there: readonly string[]): string[] {
  const wanted = wordBeginnings(typed);
  return seen
    .filter((tag) => !there.includes(tag) && wordBeginnings(tag).includes(wanted))
    .slice(0, maxProposals);
}
