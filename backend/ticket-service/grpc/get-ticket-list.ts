import type { GetTicketListRequest__Output } from '../../../proto/generated/GetTicketListRequest.ts';
import type { GetTicketListResponse } from '../../../proto/generated/GetTicketListResponse.ts';
import { mapFilters } from '../../../proto/ticket-fields.ts';
import { fieldProblem } from '../../domain/ticket.ts';
import { type Complete, inBoth, type TicketFilter } from '../../domain/ticket-filter.ts';
import { checkId, refuse } from '../use-cases/input.ts';
import { listTickets } from '../use-cases/list-tickets.ts';
import { fittingUnasked } from './callers.ts';
import { given, givenList, type UnaryRpc } from './rpc.ts';
import { toMessage } from './ticket-message.ts';

export const getTicketList: UnaryRpc<GetTicketListRequest__Output, GetTicketListResponse> = async (
  desk,
  { id, status, text, ...choices },
  caller,
) => {
  if (id !== 0) checkId(id);
  if (status !== '') refuse(fieldProblem('status', status));
  const filter: Complete<TicketFilter> = {
    ...mapFilters((filter) => givenList(choices[filter])),
    ids: id === 0 ? undefined : [id],
    statuses: inBoth(status === '' ? undefined : [status], givenList(choices.statuses)),
    text: given(text),
  };
  const tickets = (await listTickets(desk, filter)).map(toMessage);
  return { tickets: caller.hasShakenHands ? tickets : fittingUnasked(tickets) };
};
