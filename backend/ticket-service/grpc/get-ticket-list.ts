import type { GetTicketListRequest__Output } from '../../../proto/generated/GetTicketListRequest.ts';
import type { GetTicketListResponse } from '../../../proto/generated/GetTicketListResponse.ts';
import { statusProblem } from '../../domain/ticket.ts';
import { type Complete, inBoth, type NothingLeft, type TicketFilter } from '../../domain/ticket-filter.ts';
import { checkId, refuse } from '../use-cases/input.ts';
import { listTickets } from '../use-cases/list-tickets.ts';
import { given, givenList, type UnaryRpc } from './rpc.ts';
import { toMessage } from './ticket-message.ts';

export const getTicketList: UnaryRpc<GetTicketListRequest__Output, GetTicketListResponse> = async (
  desk,
  { id, status, statuses, text, ...rest },
) => {
  rest satisfies NothingLeft;
  if (id !== 0) checkId(id);
  if (status !== '') refuse(statusProblem('status', status));
  const filter: Complete<TicketFilter> = {
    ids: id === 0 ? undefined : [id],
    statuses: inBoth(status === '' ? undefined : [status], givenList(statuses)),
    text: given(text),
  };
  const tickets = await listTickets(desk, filter);
  return { tickets: tickets.map(toMessage) };
};
