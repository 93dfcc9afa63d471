/** What of the list is chosen, for whatever acts on many tickets at once. */
import { createContext, useContext } from 'react';
import { limits } from '../../proto/checks.ts';
import type { CountsQuery, TicketFilter } from '../graphql/generated/operations.ts';
import { counted, countText } from './locale.ts';

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

/** "3 chosen", "3 tickets chosen", "All 12,345 that match chosen", "All 1,000+ that match but 2 chosen" */
export function chosenWords(
  { chosen, count }: Pick<ChosenTickets, 'chosen' | 'count'>,
  { noun = false } = {},
): string {
  if (chosen === null) return '';
  if (chosen.kind === 'ids') {
    const number = chosen.ids.length;
    return `${noun ? counted(number, 'ticket') : countText(number)} chosen`;
  }
  const left = chosen.except.length;
  const found = count && (count.exact ? countText(count.count + left) : `${countText(limits.maxCount)}+`);
  return ['All', found, 'that match', left > 0 && `but ${countText(left)}`, 'chosen']
    .filter(Boolean)
    .join(' ');
}

const nothing: ChosenTickets = { chosen: null, count: undefined, chooseAll() {}, clear() {} };
const Context = createContext<ChosenTickets>(nothing);
export const ChosenProvider = Context.Provider;

export function useChosen(): ChosenTickets {
  return useContext(Context);
}
