/** What the proxy asks of a ticket service that has the whole contract. The calls throw grpc-js's ServiceError or a DeskError. */
import { limits } from '../../../proto/checks.ts';
import type { ChangeTicketsResponse__Output } from '../../../proto/generated/ChangeTicketsResponse.ts';
import type { CreateResult__Output } from '../../../proto/generated/CreateResult.ts';
import type {
  ExportedTicket__Output,
  ExportedTicket as ExportedTicketMessage,
} from '../../../proto/generated/ExportedTicket.ts';
import type { ExportTicketsResponse__Output } from '../../../proto/generated/ExportTicketsResponse.ts';
import type { ListTicketsRequest } from '../../../proto/generated/ListTicketsRequest.ts';
import {
  type FieldFilters,
  fieldOf,
  filterFieldNames,
  personFieldNames,
  ticketFields,
} from '../../../proto/ticket-fields.ts';
import { readAgent } from '../../domain/agent.ts';
import type { NewTicket } from '../../domain/ticket.ts';
import type { TicketFilter } from '../../domain/ticket-filter.ts';
import { encodeChanges, withoutNulls } from '../../domain/wire-values.ts';
import { DeskError } from '../../errors.ts';
import { foreignCursor } from '../foreign-cursor.ts';
import type { Channel } from './calls.ts';
import { fromGrpc, isServiceError } from './grpc-errors.ts';
import { sendCreatesTogether } from './send-creates.ts';
import {
  type CreateResult,
  type ExportedTicket,
  knownChange,
  knownCode,
  knownComment,
  knownTicket,
  knownView,
  type ManyResult,
  type PageRequest,
  type Service,
  type TakenDetails,
  type TicketToImport,
} from './types.ts';
import { silent, watch } from './watch.ts';

/** Hundreds of tickets with all that was said and done take longer than other calls. */
const importDeadlineMs = 60_000;
/** For a block of an export, when the one before has been taken: to find the first is the longest. */
const exportSilenceMs = 60_000;

export function wholeContract({ call, watchTickets, exportTickets }: Channel): Service {
  const sendTogether = sendCreatesTogether(call);

  async function page(request: PageRequest) {
    const { filter, pageSize, after = '', order, backwards = false, me } = request;
    const asked = { ...filterRequest(filter), pageSize, pageToken: after, order, backwards };
    const { tickets, ...rest } = await call('ListTickets', asked, { agent: me }).catch((thrown) =>
      nameCursorAsGraphqlDoes(thrown, { backwards }),
    );
    return { ...rest, tickets: tickets.map(knownTicket) };
  }

  async function createResults(requestIds: readonly string[]): Promise<Map<string, CreateResult>> {
    const { results } = await call('GetCreateResults', { requestIds: [...requestIds] });
    return new Map(results.map((result) => [result.requestId, createResult(result)]));
  }

  /** Of a refusal because another text has the requestId, which ticket that is. */
  async function sayWhoHas({ requestId }: NewTicket, thrown: unknown): Promise<never> {
    const refused = fromGrpc(thrown, 'write');
    if (refused.code !== 'CONFLICT') throw thrown;
    const result = (await createResults([requestId])).get(requestId);
    if (result?.state !== 'STORED') throw thrown;
    const details: TakenDetails = { ticketId: result.id, digest: result.digest };
    throw new DeskError('CONFLICT', refused.message, { field: 'requestId', details: { ...details } });
  }

  return {
    readsAgain: true,
    page,
    createResults,
    follow: (options) => watch(watchTickets, options),

    async list(filter, me) {
      const { ids = [], ...asked } = filter;
      // The list takes one id alone; as many as a filter may have fit on a page.
      if (ids.length > 1) {
        const all = {
          filter,
          pageSize: limits.maxPageSize,
          after: undefined,
          order: 'CREATED_DESC' as const,
          me,
        };
        return (await page(all)).tickets;
      }
      const { ids: _, ...filters } = filterRequest(asked);
      const request = { ...filters, id: ids[0] ?? 0, status: '' };
      return (await call('GetTicketList', request, { agent: me })).tickets.map(knownTicket);
    },

    async countMatches(filters, me) {
      const { counts } = await call('CountMatches', { filters: filters.map(filterRequest) }, { agent: me });
      return counts;
    },

    async counts(text = '') {
      const { counts } = await call('CountTickets', { text });
      return new Map(counts.map(({ status, count }) => [status, count]));
    },

    createTicket: (create, { signal }) =>
      sendTogether({ create, signal }).catch((thrown) => sayWhoHas(create, thrown)),

    async update(id, changes, { expectedVersion, requestId, merge, agent }) {
      const request = {
        id,
        ...encodeChanges(changes),
        ...(expectedVersion !== undefined && { expectedVersion }),
        ...(requestId !== undefined && { requestId }),
        ...(merge && { merge: true, ownVersions: [...merge.ownVersions] }),
      };
      const answer = await call('UpdateTicket', request, { agent });
      const ticket = answer.ticket ? knownTicket(answer.ticket) : null;
      if (answer.conflict && ticket) return { state: 'conflict', current: ticket };
      return answer.success
        ? { state: 'updated', ticket, version: answer.version || null }
        : { state: 'missing' };
    },

    delete: async (id, { agent, requestId = '' } = {}) =>
      (await call('DeleteTicket', { id, requestId }, { agent })).success,

    ticketIds: async (filter, me) =>
      (await call('ListTicketIds', { filter: filterRequest(filter) }, { agent: me })).ids,

    async *exportTickets({ filter, ids = [], except, withThreads, me, signal }) {
      const request = {
        filter: filterRequest(filter),
        ids: [...ids],
        except: [...except],
        withoutThreads: !withThreads,
      };
      signal.throwIfAborted();
      const stream = exportTickets(request, me);
      const cancel = () => stream.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        const blocks: AsyncIterator<ExportTicketsResponse__Output> = stream[Symbol.asyncIterator]();
        for (;;) {
          const timer = setTimeout(() => stream.destroy(silent()), exportSilenceMs);
          const { done, value } = await blocks.next().finally(() => clearTimeout(timer));
          if (done) return;
          yield { count: value.count, tickets: value.tickets.map(exportedTicket) };
        }
      } finally {
        signal.removeEventListener('abort', cancel);
        stream.cancel();
      }
    },

    async importTickets({ tickets, isDryRun = false, agent }) {
      const request = { tickets: tickets.map(importMessage), dryRun: isDryRun };
      const answer = await call('ImportTickets', request, { agent, deadlineMs: importDeadlineMs });
      return answer.tickets.map(({ id, wasThere, rejection }) => ({
        id: id || null,
        wasThere,
        rejection: rejection && { reason: rejection.reason, field: rejection.field || null },
      }));
    },

    async changeMany({ requestId, ids, change, agent }) {
      const { changes, ...others } = change;
      const request = { requestId, ids: [...ids], changes: encodeChanges(changes), ...others };
      return manyResult(await call('ChangeTickets', request, { agent }));
    },

    undoChange: async ({ agent, ...request }) => manyResult(await call('UndoChange', request, { agent })),

    async comments({ afterId = 0, ...request }) {
      const { comments, hasNextPage } = await call('ListComments', { ...request, afterId });
      return { nodes: comments.map(knownComment), hasNextPage };
    },

    async history({ afterId = 0, ...request }) {
      const { changes, hasNextPage } = await call('ListTicketHistory', { ...request, afterId });
      return { nodes: changes.map(knownChange), hasNextPage };
    },

    async agents(agent) {
      const { agents } = await call('ListAgents', {}, { agent });
      return agents.map(({ lastSeenAt, ...one }) => ({ ...one, lastSeenAt: lastSeenAt || null }));
    },

    async views(agent) {
      return (await call('ListViews', {}, { agent })).views.map(knownView);
    },
    async saveView({ expectedVersion = 0, key, columns, ...content }, agent) {
      const request = { ...content, columns: [...columns], key: key ?? '', expectedVersion };
      const { view, problems } = await call('SaveView', request, { agent });
      if (!view) throw new DeskError('UNAVAILABLE', 'The ticket service did not say what it saved.');
      return { view: knownView(view), problems };
    },
    async moveView({ id, beforeId }, agent) {
      return (await call('MoveView', { id, beforeId: beforeId ?? '' }, { agent })).success;
    },
    async deleteView(id, agent) {
      return (await call('DeleteView', { id }, { agent })).success;
    },

    addComment: async ({ agent, ...comment }) => knownComment(await call('AddComment', comment, { agent })),
    editComment: async (id, body, agent) => knownComment(await call('EditComment', { id, body }, { agent })),
    async reportPresence({ ticketId, ...where }, agent) {
      await call('ReportPresence', { ...where, ticketId: ticketId ?? 0 }, { agent });
    },
    async deleteComment(id, agent) {
      await call('DeleteComment', { id }, { agent });
    },

    async restore(id, { agent, requestId = '' } = {}) {
      const { success, ticket } = await call('RestoreTicket', { id, requestId }, { agent });
      return success && ticket ? knownTicket(ticket) : null;
    },
  };
}

function exportedTicket({ ticket, comments, changes }: ExportedTicket__Output): ExportedTicket {
  if (!ticket) throw new DeskError('UNAVAILABLE', 'The ticket service has left out a ticket.');
  return {
    ticket: knownTicket(ticket),
    comments: comments.map(knownComment),
    changes: changes.map((change) => {
      const { version, fromId, toId } = change;
      return Object.assign(knownChange(change), { version, fromId, toId });
    }),
  };
}

function importMessage({ ticket, comments, changes }: TicketToImport): ExportedTicketMessage {
  return {
    ticket: withoutNulls(ticket),
    comments: comments.map(withoutNulls),
    changes: changes.map(withoutNulls),
  };
}

function filterRequest({ ids = [], text = '', query = '', timeZone = '', ...asked }: TicketFilter) {
  const filter: Omit<Required<ListTicketsRequest>, keyof PageOf> = {
    ...encodeFilters(asked),
    ids: [...ids],
    text,
    query,
    timeZone,
  };
  return filter;
}

/** What of the request is no filter. */
type PageOf = Pick<ListTicketsRequest, 'pageSize' | 'pageToken' | 'order' | 'backwards'>;

/** On the wire an empty list is any, and so is an empty text. */
export function encodeFilters(filters: FieldFilters) {
  const asked = filterFieldNames.map((name) => {
    const { filter } = ticketFields[name];
    const isList = ['choice', 'set'].includes(fieldOf(name).kind);
    return [filter, filters[filter] ?? (isList ? [] : '')];
  });
  const none = personFieldNames.map((name) => [
    ticketFields[name].noneFilter,
    filters[ticketFields[name].noneFilter] ?? false,
  ]);
  return Object.fromEntries([...asked, ...none]) as Pick<Required<ListTicketsRequest>, keyof FieldFilters>;
}

function createResult({ id, rejection, ...result }: CreateResult__Output): CreateResult {
  const digest = result.digest.toString('hex') || null;
  if (!rejection) return { state: 'STORED', id, digest };
  const { reason, field, revision } = rejection;
  return { state: 'REJECTED', reason, field: field || undefined, revision, digest };
}

function manyResult({ changedIds, failures }: ChangeTicketsResponse__Output): ManyResult {
  return {
    changedIds,
    failures: failures.map(({ id, code, message, field, by }) => {
      return { id, code: knownCode(code), message, field: field || null, by: readAgent(by) ?? null };
    }),
  };
}

/** The service names the field by its own contract, where `after` is the page token, and `before` too. */
function nameCursorAsGraphqlDoes(thrown: unknown, { backwards }: { backwards: boolean }): never {
  const isCursor = isServiceError(thrown) && thrown.metadata.get('error-field')[0] === 'pageToken';
  throw isCursor ? foreignCursor(backwards ? 'before' : 'after', thrown) : thrown;
}
