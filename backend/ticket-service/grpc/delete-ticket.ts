import type { DeleteTicketRequest__Output } from '../../../proto/generated/DeleteTicketRequest.ts';
import type { DeleteTicketResponse } from '../../../proto/generated/DeleteTicketResponse.ts';
import { deleteTicket as remove } from '../use-cases/delete-ticket.ts';
import type { UnaryRpc } from './rpc.ts';

export const deleteTicket: UnaryRpc<DeleteTicketRequest__Output, DeleteTicketResponse> = async (
  desk,
  { id },
) => ({ id, success: await remove(desk, id) });
