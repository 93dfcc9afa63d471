import { uuidv7 } from 'uuidv7';
import { changesProblem, newTicketProblem, type TicketChanges } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import { timestamp } from '../clock.ts';
import type { MutationResolvers, UpdateTicket } from '../generated/resolvers.ts';
import { checkedId, checkedRequestId, given, refuse } from './check.ts';
import { createResponse } from './create-result.ts';

function changesOf({ title, description, name, status }: UpdateTicket): TicketChanges {
  const changes = { title, description, name, status };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value != null));
}

export const mutations: Required<MutationResolvers> = {
  async createTicket(_parent, { input }, { outbox }) {
    const { title, description, name } = input;
    refuse(newTicketProblem({ title, description, name }));
    const requestId = input.requestId == null ? uuidv7() : checkedRequestId(input.requestId);
    const filed = await outbox.file({ title, description, name, requestId, createdAt: timestamp() });
    return createResponse(filed);
  },

  async updateTicket(_parent, { input }, { client }) {
    const id = checkedId(input.id);
    const changes = changesOf(input);
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
    const { title, description, name } = input;
    const requestId = checkedRequestId(input.requestId);
    refuse(newTicketProblem({ title, description, name }));
    return outbox.edit(requestId, { title, description, name });
  },

  async discardCreate(_parent, { input }, { outbox }) {
    const requestId = checkedRequestId(input.requestId);
    return { requestId, success: await outbox.discard(requestId) };
  },
};
