import type { RestoreTicketRequest__Output } from '../../../proto/generated/RestoreTicketRequest.ts';
import type { RestoreTicketResponse } from '../../../proto/generated/RestoreTicketResponse.ts';
import { restoreTicket as restore } from '../use-cases/restore-ticket.ts';
import type { UnaryRpc } from './rpc.ts';
import { toMessage } from './ticket-message.ts';

export const restoreTicket: UnaryRpc<RestoreTicketRequest__Output, RestoreTicketResponse> = async (
  desk,
  { id },
) => {
  const ticket = await restore(desk, id);
  return { id, success: ticket !== undefined, ticket: ticket ? toMessage(ticket) : null };
};
