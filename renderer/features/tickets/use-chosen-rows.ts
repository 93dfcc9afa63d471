/** What is chosen in the list of a query: it goes when another view or search is shown, and stays when that is sorted. */
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useMemo } from 'react';
import { CountsDocument, type TicketFilter } from '../../graphql/generated/operations.ts';
import type { Chosen, ChosenTickets, Count } from '../../state/chosen.ts';
import { useCommand } from '../../state/commands.ts';
import { focusList } from '../../state/navigation.tsx';
import { useReading } from '../../state/reading.ts';
import { Store, useStore } from '../../state/store.ts';
import { allChosen, type ChosenRows, nothingChosen } from './chosen-rows.ts';

export type ChosenStore = Store<ChosenRows>;

export function useChosenStore(filter: TicketFilter): ChosenStore {
  const query = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each query has its own choice.
  return useMemo(() => new Store(nothingChosen), [query]);
}

/** @param total how many the query finds, where that is known without asking */
export function useChosenTickets(
  store: ChosenStore,
  filter: TicketFilter,
  total: number | undefined,
): ChosenTickets {
  const { choice } = useStore(store);
  const isAll = choice?.kind === 'all';
  const asked = useCount(isAll && total === undefined ? filter : null);
  const found = total === undefined ? asked : { count: total, exact: true };
  const chooseAll = useCallback(() => {
    store.set(allChosen);
    focusList();
  }, [store]);
  const clear = useCallback(() => {
    store.set(nothingChosen);
    focusList();
  }, [store]);
  useCommand('choose-all', chooseAll);
  useCommand(choice ? 'choose-none' : null, clear);
  return useMemo(() => {
    const chosen: Chosen | null = isAll
      ? { kind: 'all', filter, except: [...choice.except] }
      : choice && { kind: 'ids', ids: [...choice.ids] };
    return { chosen, count: chosen ? countOf(chosen, found) : undefined, chooseAll, clear };
  }, [choice, isAll, filter, found, chooseAll, clear]);
}

function countOf(chosen: Chosen, found: Count | undefined): Count | undefined {
  if (chosen.kind === 'ids') return { count: chosen.ids.length, exact: true };
  return found && { ...found, count: Math.max(0, found.count - chosen.except.length) };
}

/** How many tickets this finds, counted again after changes; undefined while that is not known. */
function useCount(filter: TicketFilter | null): Count | undefined {
  const client = useApolloClient();
  const counted = useReading(
    useCallback(async () => {
      if (!filter) return undefined;
      const variables = { filters: [filter] };
      const { data } = await client.query({ query: CountsDocument, variables, fetchPolicy: 'no-cache' });
      return data && { filter, found: data.counts[0] };
    }, [client, filter]),
    0,
  );
  return counted?.filter === filter ? counted?.found : undefined;
}
