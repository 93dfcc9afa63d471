/** The RPCs that write: each checks what comes in, then writes, then drops what is cached, then answers. */
import { limits } from '../../../proto/checks.ts';
import type { CreateOutcome } from '../../../proto/generated/CreateOutcome.ts';
import type { CreateTicketRequest__Output } from '../../../proto/generated/CreateTicketRequest.ts';
import { filedValues } from '../../../proto/ticket-fields.ts';
import type { Agent } from '../../domain/agent.ts';
import { changesProblem, firstStatus, refuse } from '../../domain/ticket.ts';
import { listProblem } from '../../domain/ticket-filter.ts';
import { decodeChanges } from '../../domain/wire-values.ts';
import { inBatches } from '../../in-batches.ts';
import { ticketKey } from '../../ports/cache.ts';
import type { TicketStore } from '../store/ticket-store.ts';
import {
  type CreateAnswer,
  type CreateInput,
  createTickets,
  type TicketStorage,
} from '../use-cases/create-tickets.ts';
import { checkExpectedVersion, checkId, checkRequestId } from '../use-cases/input.ts';
import { given, type Rpc, toMessage } from './rpc.ts';

/** Of one transaction. */
const maxBatch = 256;

/** What comes together, by one call or by many, shares a transaction. */
export function createRpcs(storage: TicketStorage): {
  createTicket: Rpc<'CreateTicket'>;
  createTickets: Rpc<'CreateTickets'>;
} {
  const create = inBatches((inputs: CreateInput[]) => createTickets(storage, inputs), { maxSize: maxBatch });
  return {
    async createTicket(_storage, request, { agent }) {
      const { requestId } = request;
      const input = { ...inputOf(request, agent), requestId: given(requestId), unseen: requestId === '' };
      const answer = await create(input);
      if ('refused' in answer) throw answer.refused;
      return { id: answer.id, success: true };
    },

    async createTickets(_storage, { tickets }, { agent }) {
      refuse(listProblem('tickets', tickets, limits.maxChunk));
      const answers = await Promise.all(tickets.map((one) => create(inputOf(one, agent))));
      return { outcomes: answers.map(outcomeMessage) };
    },
  };
}

function inputOf(request: CreateTicketRequest__Output, agent: Agent | undefined): CreateInput {
  const { requestId, createdAt, revision } = request;
  // A choice that is not on the wire is empty.
  return { ...filedValues(request), requestId, createdAt: given(createdAt), revision, agent };
}

function outcomeMessage(answer: CreateAnswer): CreateOutcome {
  if (!('refused' in answer)) return { id: answer.id };
  const { code, message, field = '' } = answer.refused;
  return { failure: { code, message, field } };
}

/** Writes the given fields, or nothing when the ticket no longer has the expected version. */
export const updateTicket: Rpc<'UpdateTicket'> = async (
  { store, cache },
  { id, status, expectedVersion, requestId, merge, ownVersions, ...others },
  caller,
) => {
  checkId(id);
  // The base contract has no other field to change, and an older service stores New as an empty status.
  const wanted = given(status) ?? (caller.isBase ? firstStatus : undefined);
  const changes = decodeChanges({ ...others, status: wanted });
  refuse(changesProblem(changes));
  if (expectedVersion !== undefined) checkExpectedVersion(expectedVersion);
  if (requestId !== '') checkRequestId(requestId);
  if (merge && expectedVersion === undefined) {
    refuse({ field: 'merge', message: 'merge needs an expectedVersion on which the change was made.' });
  }

  const outcome = await store.update(id, changes, {
    expectedVersion,
    requestId: given(requestId),
    merge: merge ? { ownVersions } : undefined,
    by: caller.agent,
  });
  switch (outcome.state) {
    case 'updated':
      await cache.dropForAnswer(ticketKey(id));
      return { id, success: true, ticket: toMessage(outcome.ticket), version: outcome.version };
    case 'conflict':
      return { id, success: false, conflict: true, ticket: toMessage(outcome.current) };
    case 'missing':
      return { id, success: false };
  }
};

export const deleteTicket: Rpc<'DeleteTicket'> = async ({ store, cache }, { id, requestId }, { agent }) => {
  checkId(id);
  const deleted =
    requestId === ''
      ? (await store.delete(id, agent)) !== undefined
      : await isDone(store, { id, requestId, kind: 'DELETED', by: agent });
  if (deleted) await cache.dropForAnswer(ticketKey(id));
  return { id, success: deleted };
};

/** Brings a deleted ticket back under its old id. */
export const restoreTicket: Rpc<'RestoreTicket'> = async ({ store, cache }, { id, requestId }, { agent }) => {
  checkId(id);
  const isRestored =
    requestId === '' || (await isDone(store, { id, requestId, kind: 'RESTORED', by: agent }));
  const ticket = requestId === '' ? await store.restore(id, agent) : isRestored && (await store.find(id));
  if (!ticket) return { id, success: false };
  await cache.dropForAnswer(ticketKey(id));
  return { id, success: true, ticket: toMessage(ticket) };
};

/** By a request that is done once, and can be undone. */
async function isDone(
  store: TicketStore,
  request: { id: number; requestId: string; kind: 'DELETED' | 'RESTORED'; by: Agent | undefined },
): Promise<boolean> {
  const { id, ...rest } = request;
  checkRequestId(rest.requestId);
  const { changedIds } = await store.changeMany({ ids: [id], ...rest });
  return changedIds.length > 0;
}
