import type { CreateTicketRequest__Output } from '../../../proto/generated/CreateTicketRequest.ts';
import type { CreateTicketResponse } from '../../../proto/generated/CreateTicketResponse.ts';
import { createTicket as create } from '../use-cases/create-ticket.ts';
import { given, type UnaryRpc } from './rpc.ts';

export const createTicket: UnaryRpc<CreateTicketRequest__Output, CreateTicketResponse> = async (
  desk,
  { title, description, name, requestId, createdAt },
) => {
  const { id } = await create(desk, {
    title,
    description,
    name,
    requestId: given(requestId),
    createdAt: given(createdAt),
  });
  return { id, success: true };
};
