import type { GetTicketListRequest__Output } from '../../../proto/generated/GetTicketListRequest.ts';
import type { GetTicketListResponse } from '../../../proto/generated/GetTicketListResponse.ts';
import type { TicketFilter } from '../../domain/ticket.ts';
import { listTickets } from '../use-cases/list-tickets.ts';
import { given, type UnaryRpc } from './rpc.ts';
import { toMessage } from './ticket-message.ts';

export const getTicketList: UnaryRpc<GetTicketListRequest__Output, GetTicketListResponse> = async (
  desk,
  { id, status, statuses, text },
) => {
  const filter: TicketFilter = {};
  if (id !== 0) filter.id = id;
  if (text !== '') filter.text = text;
  const wanted = given(status);
  if (wanted !== undefined || statuses.length > 0) filter.statuses = wanted ? [wanted] : statuses;
  const tickets = await listTickets(desk, filter);
  // Both given: both must hold.
  const both = wanted !== undefined && statuses.length > 0 && !statuses.includes(wanted);
  return { tickets: both ? [] : tickets.map(toMessage) };
};
