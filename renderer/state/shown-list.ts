/** What the list shows now, for whoever keeps it as a view. */
import type { TicketOrder } from '../../proto/ticket-fields.ts';
import { Store } from './store.ts';

export interface ShownList {
  /** Of the view, with what is typed and chosen beside it. */
  query: string;
  /** Which tickets these are, for the person: "All tickets in the view “Open”". */
  words: string;
  order: TicketOrder;
  columns: readonly string[];
  /** It differs from its view: a longer query, another order or other columns. */
  isChanged: boolean;
  /** Shows the view as it is. */
  reset(): void;
}

/** Null while there is none. */
export const shownList = new Store<ShownList | null>(null);
