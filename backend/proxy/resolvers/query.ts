import { limits } from '../../../proto/checks.ts';
import { ticketFields } from '../../../proto/ticket-fields.ts';
import { refuse } from '../../domain/ticket.ts';
import { listProblem } from '../../domain/ticket-filter.ts';
import type { LinkStatus } from '../client/types.ts';
import type { ProxyContext } from '../context.ts';
import type { Work, WorkList } from '../work-list.ts';
import {
  checkedCount,
  checkedCursor,
  checkedFilter,
  checkedId,
  checkedRequestId,
  checkedSearch,
  given,
  maxOutboxEntries,
} from './checked-input.ts';
import { createResponse, findCreate } from './create-result.ts';
import type { Link, QueryResolvers } from './generated/resolvers.ts';

export const queries: Required<QueryResolvers> = {
  healthCheck: async (_parent, _args, { client }) => ((await client.healthy()) ? 'success' : 'failed'),

  tickets: (_parent, { input }, { client, agent }) => client.list(checkedFilter(input), agent),

  ticket: (_parent, { id }, { client }) => client.ticket(checkedId(id)),

  async ticketPage(_parent, { filter, first, after, last, before, orderBy, order }, { client, agent }) {
    const backwards = last != null || before != null;
    if (backwards && after != null)
      refuse({
        field: 'after',
        message: 'after goes with first, and before with last. Leave one of them out.',
      });
    const request = {
      filter: checkedFilter(filter),
      pageSize: checkedCount(backwards ? last : first, {
        field: backwards ? 'last' : 'first',
        otherwise: limits.defaultPageSize,
        max: limits.maxPageSize,
      }),
      after: backwards ? checkedCursor(before, 'before') : checkedCursor(after, 'after'),
      backwards,
      me: agent,
      order: order ? (`${order.by}_${order.direction}` as const) : (orderBy ?? 'CREATED_DESC'),
    };
    const page = await client.page(request);
    return {
      edges: page.tickets.map((node, at) => ({ node, cursor: page.cursors[at] ?? '' })),
      pageInfo: {
        hasNextPage: backwards ? before != null : page.hasNextPage,
        endCursor: page.cursors.at(-1) ?? null,
        hasPreviousPage: backwards && page.hasNextPage,
        startCursor: page.cursors[0] ?? null,
      },
      asOf: page.asOf ?? null,
      problems: [...(page.problems ?? [])],
    };
  },

  async counts(_parent, { filters }, { client, agent }) {
    refuse(listProblem('filters', filters, limits.maxCounts));
    return client.countMatches(filters.map(checkedFilter), agent);
  },

  async ticketCounts(_parent, { text }, { client }) {
    const counts = await client.counts(checkedSearch(text));
    return ticketFields.status.choices.map((status) => ({ status, count: counts.get(status) ?? 0 }));
  },

  me: (_parent, _args, { agent }) => agent ?? null,

  agents: (_parent, _args, { client, agent }) => client.agents(agent),

  views: (_parent, _args, { client, agent }) => client.views(agent),

  async createResult(_parent, { requestId, text }, context) {
    const filed = await findCreate(context, checkedRequestId(requestId), given(text));
    return filed && createResponse(filed);
  },

  outbox(_parent, { first }, { outbox, writes }) {
    const count = checkedCount(first, { field: 'first', otherwise: 200, max: maxOutboxEntries });
    return { entries: outbox.list(count), writes: writes.list(), ...standing({ outbox, writes }) };
  },

  exports: (_parent, _args, { exports, caller }) => exports.list(caller),

  imports: (_parent, { id }, { imports }) => worksOf(imports, id),

  bulkJobs: (_parent, { id }, { jobs }) => worksOf(jobs, id),

  link: (_parent, _args, context) => linkView(context, context.client.link()),

  notices: (_parent, _args, { notices }) => [...notices],
};

/** What holds for all that waits. */
export function standing({ outbox, writes }: Pick<ProxyContext, 'outbox' | 'writes'>) {
  const [creates, others] = [outbox.standing(), writes.counts()];
  return {
    ...creates,
    waiting: creates.waiting + others.waiting,
    failed: creates.failed + others.failed,
  };
}

export function linkView({ serviceLabel }: ProxyContext, status: LinkStatus): Link {
  return { ...status, service: serviceLabel };
}

/** All that are known, or the one that has the id. */
function worksOf<Item extends Work>(list: WorkList<Item>, id: string | null | undefined): Item[] {
  if (id == null) return list.list();
  const item = list.get(checkedRequestId(id, 'id'));
  return item ? [item] : [];
}
