import { uuidv7 } from 'uuidv7';
import { newTicketValues, ticketChanges } from '../../../proto/ticket-fields.ts';
import { timestamp } from '../../../proto/utc-time.ts';
import { changesProblem, commentProblem, newTicketProblem, refuse } from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import type { ProxyContext } from '../context.ts';
import { clash } from '../writes/write-errors.ts';
import { bulkMutations } from './bulk.ts';
import { checkedCommentId, checkedId, checkedRequestId, checkedView, given } from './checked-input.ts';
import { createResponse } from './create-result.ts';
import { exportMutations } from './exports.ts';
import type { MutationResolvers } from './generated/resolvers.ts';
import { importMutations } from './imports.ts';
import { queueChange } from './queue-change.ts';

export const mutations: Required<MutationResolvers> = {
  ...bulkMutations,
  ...exportMutations,
  ...importMutations,

  async createTicket(_parent, { input }, { outbox, agent }) {
    const values = newTicketValues(input);
    refuse(newTicketProblem(values));
    const requestId = optionalRequestId(input.requestId) ?? uuidv7();
    const filed = await outbox.file({ ...values, requestId, createdAt: timestamp(), agent });
    return createResponse(filed);
  },

  async updateTicket(_parent, { input }, context) {
    const { client, agent } = context;
    const ticketRequestId = optionalRequestId(input.ticketRequestId, 'ticketRequestId') ?? null;
    const id = ticketRequestId === null ? checkedId(input.id) : 0;
    const changes = ticketChanges(input);
    refuse(changesProblem(changes));
    const expectedVersion = given(input.expectedVersion);
    if (expectedVersion !== undefined && expectedVersion < 1) {
      refuse({ field: 'expectedVersion', message: 'expectedVersion must be 1 or more.' });
    }
    if (input.requestId != null || ticketRequestId !== null) {
      const requestId = checkedRequestId(input.requestId ?? uuidv7());
      const change = { changes, requestId, expectedVersion: expectedVersion ?? null };
      return queueChange(context, { ...change, ticketId: id || null, ticketRequestId });
    }
    const result = await client.update(id, changes, { expectedVersion, agent });
    if (result.state === 'conflict') throw clash(result.current, expectedVersion ?? null);
    if (result.state === 'missing') return { id, success: false, ticket: null };
    return { id, success: true, ticket: result.ticket };
  },

  async deleteTicket(_parent, { input }, { client, agent }) {
    const id = checkedId(input.id);
    return { id, success: await client.delete(id, { agent, requestId: optionalRequestId(input.requestId) }) };
  },

  async restoreTicket(_parent, { input }, { client, agent }) {
    const id = checkedId(input.id);
    const ticket = await client.restore(id, { agent, requestId: optionalRequestId(input.requestId) });
    return { id, success: ticket !== null, ticket };
  },

  async addComment(_parent, { input }, { writes, agent }) {
    const requestId = optionalRequestId(input.requestId) ?? uuidv7();
    const ticketRequestId = optionalRequestId(input.ticketRequestId, 'ticketRequestId') ?? null;
    if ((input.ticketId == null) === (ticketRequestId === null)) {
      refuse({ field: 'ticketId', message: 'Give either ticketId or ticketRequestId.' });
    }
    refuse(commentProblem(input.body));
    const { state, commentId } = await writes.file({
      kind: 'COMMENT',
      agent,
      requestId,
      ticketId: input.ticketId == null ? null : checkedId(input.ticketId, 'ticketId'),
      ticketRequestId,
      comment: input.kind,
      body: input.body,
      createdAt: timestamp(),
    });
    const id = commentId === undefined ? null : String(commentId);
    return { success: state !== 'FAILED', requestId, state, id };
  },

  async editComment(_parent, { input }, { client, agent }) {
    refuse(commentProblem(input.body));
    const comment = await client.editComment(checkedCommentId(input.id), input.body, agent);
    return { id: input.id, success: true, comment };
  },

  async deleteComment(_parent, { input }, { client, agent }) {
    await client.deleteComment(checkedCommentId(input.id), agent);
    return { id: input.id, success: true };
  },

  async saveView(_parent, { input }, { client, agent }) {
    const { view, problems } = await client.saveView(checkedView(input), agent);
    return { success: true, view, problems: [...problems] };
  },

  async moveView(_parent, { input: { id, beforeId } }, { client, agent }) {
    const place = {
      id: checkedRequestId(id, 'id'),
      beforeId: beforeId == null ? null : checkedRequestId(beforeId, 'beforeId'),
    };
    return { id, success: await client.moveView(place, agent) };
  },

  async deleteView(_parent, { input: { id } }, { client, agent }) {
    return { id, success: await client.deleteView(checkedRequestId(id, 'id'), agent) };
  },

  async reportPresence(_parent, { input }, { client, agent }) {
    const { ticketId = null, isTyping } = input;
    const place = checkedRequestId(input.place, 'place');
    if (ticketId !== null) checkedId(ticketId, 'ticketId');
    // Nobody hears of anybody without a link, which is no error of whoever looks.
    if (client.link().state !== 'CONNECTED') return { success: false };
    await client.reportPresence({ place, ticketId, isTyping: isTyping ?? false }, agent);
    return { success: true };
  },

  retryWrite: (_parent, { input }, context) =>
    context.writes.retry(checkedAsOwn(input.requestId, context), given(input.keep)),

  async editWrite(_parent, { input }, context) {
    refuse(commentProblem(input.body));
    return context.writes.edit(checkedAsOwn(input.requestId, context), input.body);
  },

  async discardWrite(_parent, { input }, { writes }) {
    const requestId = checkedRequestId(input.requestId);
    return { requestId, success: await writes.discard(requestId) };
  },

  restoreWrite: (_parent, { input }, { writes }) => writes.restore(checkedRequestId(input.requestId)),

  retryCreate: (_parent, { input }, { outbox }) => outbox.retry(checkedRequestId(input.requestId)),

  async editCreate(_parent, { input }, { outbox, agent }) {
    const requestId = checkedRequestId(input.requestId);
    const values = newTicketValues(input);
    refuse(newTicketProblem(values));
    return outbox.edit(requestId, values, agent);
  },

  async discardCreate(_parent, { input }, { outbox }) {
    const requestId = checkedRequestId(input.requestId);
    return { requestId, success: await outbox.discard(requestId) };
  },

  restoreCreate: (_parent, { input }, { outbox }) => outbox.restore(checkedRequestId(input.requestId)),
};

/** What waits on a server is seen by all, and goes out in the name of whoever wrote it. @throws DeskError FORBIDDEN */
function checkedAsOwn(given: string, { writes, caller }: ProxyContext): string {
  const requestId = checkedRequestId(given);
  const author = writes.authorOf(requestId);
  if (author && caller.agent && author.id !== caller.agent.id) {
    const words = 'Only its author can change what waits, or send it again. Write one of your own.';
    throw new DeskError('FORBIDDEN', words, { field: 'requestId' });
  }
  return requestId;
}

function optionalRequestId(requestId: string | null | undefined, field?: string): string | undefined {
  return requestId == null ? undefined : checkedRequestId(requestId, field);
}
