/** The views that every desk has, as data. `view-<id>` of commands.json is the command, and has the key, that leads to each. */
import { type TicketOrder, ticketFields } from './ticket-fields.ts';

export interface BuiltInView {
  id: string;
  name: string;
  /** In the language of search-language.ts. */
  query: string;
  /** Left out: the one that the person has chosen. */
  order?: TicketOrder;
}

/** From top to bottom. */
export const builtInViews: readonly BuiltInView[] = [
  { id: 'open', name: 'Open', query: 'is:open' },
  { id: 'mine', name: 'Mine', query: 'is:open assignee:me' },
  { id: 'nobodys', name: "Nobody's", query: 'is:open assignee:none' },
  { id: 'overdue', name: 'Overdue', query: 'is:overdue', order: 'DUE_ASC' },
  { id: 'changed-today', name: 'Changed today', query: 'updated:today', order: 'UPDATED_DESC' },
  ...ticketFields.status.choices.map((status) => {
    const id = status.toLowerCase().replaceAll(' ', '-');
    return { id, name: status, query: `status:${id}` };
  }),
];
