/** Every RPC of the contract, by name. */
import type { TicketServiceHandlers } from '../../../proto/generated/TicketService.ts';
import type { Logger } from '../../logger.ts';
import type { ChangeFeed } from '../change-feed/change-feed.ts';
import type { Desk } from '../use-cases/desk.ts';
import { createCallers } from './callers.ts';
import { countTickets } from './count-tickets.ts';
import { createTicket } from './create-ticket.ts';
import { deleteTicket } from './delete-ticket.ts';
import { getCreateResults } from './get-create-results.ts';
import { getServerInfo } from './get-server-info.ts';
import { getTicketList } from './get-ticket-list.ts';
import { healthCheck } from './health-check.ts';
import { listTickets } from './list-tickets.ts';
import { restoreTicket } from './restore-ticket.ts';
import { inBaseTerms, type UnaryRpc, unary } from './rpc.ts';
import { updateTicket } from './update-ticket.ts';
import { watchTickets } from './watch-tickets.ts';

export function ticketServiceHandlers(options: {
  desk: Desk;
  feed: ChangeFeed;
  logger: Logger;
  version: string;
  queueTopic?: string | undefined;
}): TicketServiceHandlers {
  const { feed, logger } = options;
  const callers = createCallers();
  const answer = <Request extends object, Response>(name: string, rpc: UnaryRpc<Request, Response>) =>
    unary(rpc, { name, callers, ...options });
  return {
    HealthCheck: answer('HealthCheck', healthCheck),
    GetTicketList: answer(
      'GetTicketList',
      inBaseTerms(getTicketList, () => ({ tickets: [] })),
    ),
    CreateTicket: answer(
      'CreateTicket',
      inBaseTerms(createTicket(options.desk), () => ({ success: false })),
    ),
    UpdateTicket: answer(
      'UpdateTicket',
      inBaseTerms(updateTicket, ({ id }) => ({ id, success: false })),
    ),
    DeleteTicket: answer(
      'DeleteTicket',
      inBaseTerms(deleteTicket, ({ id }) => ({ id, success: false })),
    ),
    ListTickets: answer('ListTickets', listTickets),
    CountTickets: answer('CountTickets', countTickets),
    RestoreTicket: answer('RestoreTicket', restoreTicket),
    GetCreateResults: answer('GetCreateResults', getCreateResults),
    WatchTickets: watchTickets(feed, logger),
    GetServerInfo: answer('GetServerInfo', getServerInfo({ ...options, callers })),
  };
}
