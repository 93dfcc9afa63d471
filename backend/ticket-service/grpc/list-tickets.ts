import type { ListTicketsRequest__Output } from '../../../proto/generated/ListTicketsRequest.ts';
import type { ListTicketsResponse } from '../../../proto/generated/ListTicketsResponse.ts';
import { TicketOrder } from '../../../proto/generated/TicketOrder.ts';
import { rules, type TicketFilter } from '../../domain/ticket.ts';
import { refuse } from '../use-cases/input.ts';
import { pageTickets } from '../use-cases/page-tickets.ts';
import { given, type UnaryRpc } from './rpc.ts';
import { toMessage } from './ticket-message.ts';

export const listTickets: UnaryRpc<ListTicketsRequest__Output, ListTicketsResponse> = async (
  desk,
  { statuses, text, pageSize, pageToken, order },
) => {
  // A number that the contract has no name for arrives as that number.
  if (!(order in TicketOrder)) {
    refuse({ field: 'order', message: `order must be one of ${Object.keys(TicketOrder).join(', ')}.` });
  }
  const filter: TicketFilter = {};
  if (statuses.length > 0) filter.statuses = statuses;
  if (text !== '') filter.text = text;
  const page = await pageTickets(desk, {
    filter,
    pageSize: pageSize === 0 ? rules.defaultPageSize : pageSize,
    after: given(pageToken),
    order,
  });
  return { ...page, tickets: page.tickets.map(toMessage) };
};
