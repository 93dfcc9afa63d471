import type { UpdateTicketRequest__Output } from '../../../proto/generated/UpdateTicketRequest.ts';
import type { UpdateTicketResponse } from '../../../proto/generated/UpdateTicketResponse.ts';
import { ticketChanges } from '../../../proto/ticket-fields.ts';
import { firstStatus } from '../../domain/ticket.ts';
import { updateTicket as update } from '../use-cases/update-ticket.ts';
import { given, type UnaryRpc } from './rpc.ts';
import { toMessage } from './ticket-message.ts';

export const updateTicket: UnaryRpc<UpdateTicketRequest__Output, UpdateTicketResponse> = async (
  desk,
  { id, status, expectedVersion, ...others },
  caller,
) => {
  // The base contract has no other field to change, and an older service stores New as an empty status.
  const wanted = given(status) ?? (caller.isBase ? firstStatus : undefined);
  const changes = ticketChanges({ ...others, status: wanted });
  const outcome = await update(desk, { id, changes, expectedVersion });
  switch (outcome.state) {
    case 'updated':
      return { id, success: true, ticket: toMessage(outcome.ticket) };
    case 'conflict':
      return { id, success: false, conflict: true, ticket: toMessage(outcome.current) };
    case 'missing':
      return { id, success: false };
  }
};
