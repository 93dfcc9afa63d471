/** What the person wants to export, for the dialog to ask how. */
import type { TicketFilter } from '../graphql/generated/operations.ts';
import { type ChosenTickets, chosenWords } from './chosen.ts';
import { timeZone } from './locale.ts';
import type { ShownList } from './shown-list.ts';
import { Store } from './store.ts';

export interface WantedExport {
  filter: TicketFilter;
  /** Only these of them. */
  ids?: number[];
  /** All of them but these. */
  except?: number[];
  /** What it is, for the person: "3,000 tickets chosen". */
  words: string;
}

/** Null: nothing. */
export const wantedExport = new Store<WantedExport | null>(null);

/** All that the list's query finds, also what has not been read. */
export function exportShown({ query, words }: Pick<ShownList, 'query' | 'words'>): void {
  wantedExport.set({ filter: query === '' ? {} : { query, timeZone: timeZone() }, words });
}

/** The chosen tickets of a list, also those that have not been read. */
export function exportChosen(choice: Pick<ChosenTickets, 'chosen' | 'count'>): void {
  const { chosen } = choice;
  if (chosen === null) return;
  const words = chosenWords(choice, { noun: true });
  if (chosen.kind === 'ids') wantedExport.set({ filter: {}, ids: [...chosen.ids], words });
  else wantedExport.set({ filter: chosen.filter, except: [...chosen.except], words });
}
