import { uuidv7 } from 'uuidv7';
import { newTicketValues, ticketChanges } from '../../../proto/ticket-fields.ts';
import { changesProblem, newTicketProblem } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import { timestamp } from '../client/types.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';
import { checkedId, checkedRequestId, given, refuse } from './checked-input.ts';
import { createResponse } from './create-result.ts';

export const mutations: Required<MutationResolvers> = {
  async createTicket(_parent, { input }, { outbox }) {
    const values = newTicketValues(input);
    refuse(newTicketProblem(values));
    const requestId = input.requestId == null ? uuidv7() : checkedRequestId(input.requestId);
    const filed = await outbox.file({ ...values, requestId, createdAt: timestamp() });
    return createResponse(filed);
  },

  async updateTicket(_parent, { input }, { client }) {
    const id = checkedId(input.id);
    const changes = ticketChanges(input);
    refuse(changesProblem(changes));
    const expectedVersion = given(input.expectedVersion);
    if (expectedVersion !== undefined && expectedVersion < 1) {
      refuse({ field: 'expectedVersion', message: 'expectedVersion must be 1 or more.' });
    }
    const result = await client.update(id, changes, expectedVersion);
    if (result.state === 'conflict') {
      throw new DeskError(
        'CONFLICT',
        'Somebody changed this ticket meanwhile. Nothing was overwritten: choose which values hold, then save again.',
        { details: { current: result.current, expectedVersion } },
      );
    }
    if (result.state === 'missing') return { id, success: false, ticket: null };
    return { id, success: true, ticket: result.ticket };
  },

  async deleteTicket(_parent, { input }, { client }) {
    const id = checkedId(input.id);
    return { id, success: await client.delete(id) };
  },

  async restoreTicket(_parent, { input }, { client }) {
    const id = checkedId(input.id);
    const ticket = await client.restore(id);
    return { id, success: ticket !== null, ticket };
  },

  retryCreate: (_parent, { input }, { outbox }) => outbox.retry(checkedRequestId(input.requestId)),

  async editCreate(_parent, { input }, { outbox }) {
    const requestId = checkedRequestId(input.requestId);
    const values = newTicketValues(input);
    refuse(newTicketProblem(values));
    return outbox.edit(requestId, values);
  },

  async discardCreate(_parent, { input }, { outbox }) {
    const requestId = checkedRequestId(input.requestId);
    return { requestId, success: await outbox.discard(requestId) };
  },

  restoreCreate: (_parent, { input }, { outbox }) => outbox.restore(checkedRequestId(input.requestId)),
};
