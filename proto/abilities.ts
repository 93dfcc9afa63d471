/** What a ticket service of today has beyond the base contract, as each side tells it in GetServerInfo. */
import { extensionFieldNames } from './ticket-fields.ts';

/**
 * RPCs, and as `Rpc.field`, `Ticket.field` or `TicketOrder.name` what was added to one later: a service that lacks it would ignore it without
 * a word. One that lacks any of them is asked by the base contract alone.
 */
export const abilities: readonly string[] = [
  'ListTickets',
  'CountTickets',
  'CountMatches',
  'RestoreTicket',
  'GetCreateResults',
  'WatchTickets',
  'GetServerInfo',
  'ListTickets.ids',
  'ListTickets.backwards',
  'ListTickets.query',
  'TicketOrder.RELEVANCE',
  'ListComments',
  'AddComment',
  'EditComment',
  'DeleteComment',
  'ListTicketHistory',
  'ListAgents',
  'ListViews',
  'SaveView',
  'MoveView',
  'DeleteView',
  'ReportPresence',
  'ListTicketIds',
  'ExportTickets',
  'ImportTickets',
  'CreateTickets',
  'ChangeTickets',
  'UndoChange',
  'UpdateTicket.requestId',
  'UpdateTicket.merge',
  'DeleteTicket.requestId',
  'RestoreTicket.requestId',
  ...extensionFieldNames.map((name) => `Ticket.${name}`),
];
