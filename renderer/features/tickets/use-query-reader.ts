/** What a search means to whoever works here, read as the ticket service reads it. */
import { useMemo } from 'react';
import { parseQuery, type SearchContext, type SearchQuery } from '../../../proto/search-language.ts';
import { useAgents } from '../../state/agents.tsx';
import { nowMs } from '../../state/clock.ts';
import { timeZone } from '../../state/locale.ts';

/** Both as of the moment in which they are called. */
export interface QueryReader {
  context(): SearchContext;
  read(search: string): SearchQuery;
  /** Before a search is typed: it may name an agent who is new. */
  look(): void;
}

export function useQueryReader(): QueryReader {
  const { me, others, look } = useAgents();
  return useMemo(() => {
    const agents = me ? [me, ...others] : others;
    const context = () => ({ now: new Date(nowMs()), timeZone: timeZone(), me: me?.id ?? null, agents });
    return { context, read: (search) => parseQuery(search, context()), look };
  }, [me, others, look]);
}
