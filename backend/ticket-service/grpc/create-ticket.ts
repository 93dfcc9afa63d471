import type { CreateTicketRequest__Output } from '../../../proto/generated/CreateTicketRequest.ts';
import type { CreateTicketResponse } from '../../../proto/generated/CreateTicketResponse.ts';
import { filedValues } from '../../../proto/ticket-fields.ts';
import { inBatches } from '../in-batches.ts';
import { type CreateInput, createTickets } from '../use-cases/create-tickets.ts';
import type { Desk } from '../use-cases/desk.ts';
import { given, type UnaryRpc } from './rpc.ts';

/** Of one transaction. */
const maxBatch = 256;

/** Calls that come together share a transaction. */
export function createTicket(desk: Desk): UnaryRpc<CreateTicketRequest__Output, CreateTicketResponse> {
  const create = inBatches((inputs: CreateInput[]) => createTickets(desk, inputs), { maxSize: maxBatch });
  return async (_desk, request) => {
    const { requestId, createdAt, revision } = request;
    const answer = await create({
      // A choice that is not on the wire is empty.
      ...filedValues(request),
      requestId: given(requestId),
      createdAt: given(createdAt),
      revision,
      unseen: requestId === '',
    });
    if ('refused' in answer) throw answer.refused;
    return { id: answer.id, success: true };
  };
}
