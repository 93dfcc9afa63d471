import { limits } from '../../../proto/checks.ts';
import type { ListTicketsRequest__Output } from '../../../proto/generated/ListTicketsRequest.ts';
import type { ListTicketsResponse } from '../../../proto/generated/ListTicketsResponse.ts';
import { TicketOrder } from '../../../proto/generated/TicketOrder.ts';
import { mapFilters } from '../../../proto/ticket-fields.ts';
import type { Complete, TicketFilter } from '../../domain/ticket-filter.ts';
import { refuse } from '../use-cases/input.ts';
import { pageTickets } from '../use-cases/page-tickets.ts';
import { given, givenList, type UnaryRpc } from './rpc.ts';
import { toMessage } from './ticket-message.ts';

export const listTickets: UnaryRpc<ListTicketsRequest__Output, ListTicketsResponse> = async (
  desk,
  { ids, text, pageSize, pageToken, order, ...choices },
) => {
  // A number that the contract has no name for arrives as that number.
  if (!(order in TicketOrder)) {
    refuse({ field: 'order', message: `order must be one of ${Object.keys(TicketOrder).join(', ')}.` });
  }
  const filter: Complete<TicketFilter> = {
    ids: givenList(ids),
    ...mapFilters((filter) => givenList(choices[filter])),
    text: given(text),
  };
  const page = await pageTickets(desk, {
    filter,
    pageSize: pageSize === 0 ? limits.defaultPageSize : pageSize,
    after: given(pageToken),
    order,
  });
  return { ...page, tickets: page.tickets.map(toMessage) };
};
