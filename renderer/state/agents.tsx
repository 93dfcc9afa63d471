/** The agents of the helpdesk: whom a ticket can be given to, and what they are called. */
import type { ApolloCache } from '@apollo/client';
import { useApolloClient, useFragment, useQuery } from '@apollo/client/react';
import { createContext, type ReactNode, useCallback, useContext, useMemo } from 'react';
import { distinctNames } from '../../proto/agent-names.ts';
import { shownText } from '../../proto/visible-text.ts';
import {
  type AgentNameFragment,
  AgentNameFragmentDoc,
  AgentsDocument,
} from '../graphql/generated/operations.ts';
import { useMe } from './me.ts';

const unknownName = 'unknown agent';
const nobody = 'Nobody';

/** What an agent is called, safe within text of any direction; "unknown" where nobody has told who it was. */
export type NameOf = (agent: { id: string; name: string } | null | undefined) => string;

/** By id, what all agents that are known are called: no two alike. */
const DistinctNames = createContext<ReadonlyMap<string, string>>(new Map());

/** One for the whole page: each row names agents, and is not to compare all of them. */
export function AgentNamesProvider({ children }: { children: ReactNode }) {
  const { data } = useQuery(AgentsDocument, { fetchPolicy: 'cache-only' });
  const names = useMemo(() => {
    const agents = data?.agents ?? [];
    const distinct = distinctNames(agents, [nobody]);
    return new Map(agents.map(({ id, name }, at) => [id, distinct[at] ?? name]));
  }, [data]);
  return <DistinctNames value={names}>{children}</DistinctNames>;
}

/** As whoever works here calls themselves; among others `useNameOf` tells apart who are called alike. */
export const ownNameOf: NameOf = (agent) => (agent ? shownText(agent.name) : 'unknown');

export function useNameOf(): NameOf {
  const names = useContext(DistinctNames);
  return useCallback((agent) => names.get(agent?.id ?? '') ?? ownNameOf(agent), [names]);
}

/** @property look asks for them once more: there may be another by now */
export interface Agents {
  me: AgentNameFragment | null;
  others: readonly AgentNameFragment[];
  look(): void;
}

/** The others beside whoever works here, by name. Asked for anew each time, and known from before until that is answered. */
export function useAgents(): Agents {
  const me = useMe();
  const { data, refetch } = useQuery(AgentsDocument, { fetchPolicy: 'cache-and-network' });
  const others = useMemo(() => (data?.agents ?? []).filter(({ id }) => id !== me?.id), [data, me]);
  // Those that are known stay while they can't be asked for.
  const look = useCallback(() => void refetch().catch(() => undefined), [refetch]);
  return { me, others, look };
}

export interface AgentOption {
  id: string;
  label: string;
}

/** How the agents are offered to be chosen: the end of the id tells those apart whose names are alike. */
export function agentOptions({ me, others }: Agents): { me: AgentOption[]; others: AgentOption[] } {
  const own = me ? [{ id: me.id, label: `${ownNameOf(me)} (me)` }] : [];
  const reserved = [...own.map(({ label }) => label), nobody];
  const names = distinctNames(me ? [...others, me] : others, reserved);
  return { me: own, others: others.map((other, at) => ({ id: other.id, label: names[at] ?? other.name })) };
}

/** As any ticket or list that was read has told; empty for nobody. */
export function useAgentName(id: string | null): string {
  const { data, complete } = useFragment({
    fragment: AgentNameFragmentDoc,
    fragmentName: 'AgentName',
    from: id === null ? null : { __typename: 'Agent', id },
  });
  const nameOf = useNameOf();
  if (id === null) return '';
  return nameOf(complete && data ? (data as AgentNameFragment) : { id, name: unknownName });
}

/** The agent of this id as the cache has it; null for nobody. */
export function agentOf(cache: ApolloCache, id: string | null): AgentNameFragment | null {
  if (id === null) return null;
  const fragment = { fragment: AgentNameFragmentDoc, fragmentName: 'AgentName', id: `Agent:${id}` };
  return (
    cache.readFragment(fragment) ?? ({ __typename: 'Agent', id, name: unknownName } as AgentNameFragment)
  );
}

/** @returns what the agent of an id is called; empty for nobody */
export function useAgentNames(): (id: string) => string {
  const { cache } = useApolloClient();
  const nameOf = useNameOf();
  return useCallback((id) => (id === '' ? '' : nameOf(agentOf(cache, id))), [cache, nameOf]);
}
