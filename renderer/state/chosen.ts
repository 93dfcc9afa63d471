/** What of the list is chosen, for whatever acts on many tickets at once. */
import { createContext, useContext } from 'react';
import type { CountsQuery, TicketFilter } from '../graphql/generated/operations.ts';

export type Chosen =
  | { kind: 'ids'; ids: readonly number[] }
  /** All that this finds, read or not, but these. */
  | { kind: 'all'; filter: TicketFilter; except: readonly number[] };

/** Where it is not exact, there are more. */
export type Count = CountsQuery['counts'][number];

export interface ChosenTickets {
  /** Null where nothing is chosen. */
  chosen: Chosen | null;
  /** How many that are; undefined while it is not known. */
  count: Count | undefined;
  /** Chooses everything that the list's query finds. */
  chooseAll(): void;
  /** Lets go of the choice. */
  clear(): void;
}

/** Everything that the list's query finds is chosen. */
export function isWhole(chosen: Chosen | null): boolean {
  return chosen?.kind === 'all' && chosen.except.length === 0;
}

const nothing: ChosenTickets = { chosen: null, count: undefined, chooseAll() {}, clear() {} };
const Context = createContext<ChosenTickets>(nothing);
export const ChosenProvider = Context.Provider;

export function useChosen(): ChosenTickets {
  return useContext(Context);
}
