/** What the list shows: a view, narrowed by what was typed into the search box. */
import rules from '../../../proto/ticket_rules.json' with { type: 'json' };
import type { TicketFilter, TicketOrder } from '../../graphql/generated/operations.ts';
import { type View, viewInfo } from '../../state/views.ts';

export interface ListQuery {
  view: View;
  /** As typed, without the blanks around it. */
  search: string;
  order: TicketOrder;
}

/** "#4812" is that ticket, whatever its status; any other text is searched for in the view. */
export function filterFor({ view, search }: Pick<ListQuery, 'view' | 'search'>): TicketFilter {
  const id = wantedId(search);
  if (id !== null) return { id };
  const statuses = [...viewInfo(view).statuses];
  return search === '' ? { statuses } : { statuses, text: search };
}

/** The text that is searched for; empty where none is. */
export function searchedText(search: string): string {
  return wantedId(search) === null ? search : '';
}

/**
 * Whether a ticket is in the view that is searched. Undefined where that hangs on the text, in which case the ticket
 * service is asked: a second rule in the page would lose what the service finds.
 */
export function belongs(
  query: Pick<ListQuery, 'view' | 'search'>,
  ticket: { id: number | null; status: string | null },
): boolean | undefined {
  const { id, statuses, text } = filterFor(query);
  if (id != null) return ticket.id === id;
  if (ticket.status === null || !statuses?.includes(ticket.status)) return false;
  return text == null ? true : undefined;
}

/** What is wrong with a text to search for, as a sentence that says how to mend it. */
export function searchProblem(search: string): string | null {
  if (search.includes('\0')) return 'The search holds a NUL character. Remove it.';
  const max = rules.maxCharacters.search;
  return [...search].length > max ? `Search for at most ${max} characters. Shorten the text.` : null;
}

function wantedId(search: string): number | null {
  const digits = /^#(\d{1,10})$/.exec(search)?.[1];
  const id = digits === undefined ? 0 : Number(digits);
  return id > 0 && id <= 2_147_483_647 ? id : null;
}
