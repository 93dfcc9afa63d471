/** Fields that are more than a property of what stands behind their type. */
import { limits } from '../../../proto/checks.ts';
import { maxInt32, ticketOrders } from '../../../proto/ticket-fields.ts';
import type { BelowRequest } from '../../domain/conversation.ts';
import type { TicketChanges } from '../../domain/ticket.ts';
import type { BelowPage } from '../client/types.ts';
import { foreignCursor } from '../foreign-cursor.ts';
import { checkedCount } from './checked-input.ts';
import type {
  CommentResolvers,
  QueuedFieldChange,
  QueuedWriteResolvers,
  TicketResolvers,
  ViewResolvers,
} from './generated/resolvers.ts';

export const ticket: Pick<TicketResolvers, 'comments' | 'history'> = {
  comments: ({ id }, args, { client }) =>
    connectionOf(args, { ticketId: id, maxId: maxInt32 }, client.comments),
  history: ({ id }, args, { client }) =>
    connectionOf(args, { ticketId: id, maxId: Number.MAX_SAFE_INTEGER }, client.history),
};

interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

/** A page of what is listed below a ticket, read forwards or backwards, and shown oldest first either way. */
async function connectionOf<Node extends { id: number }>(
  { first, after, last, before }: PageArgs,
  { ticketId, maxId }: { ticketId: number; maxId: number },
  read: (request: BelowRequest) => Promise<BelowPage<Node>>,
) {
  const newestFirst = last != null || before != null;
  const page = await read({
    ticketId,
    pageSize: checkedCount(newestFirst ? last : first, {
      field: newestFirst ? 'last' : 'first',
      otherwise: limits.defaultPageSize,
      max: limits.maxPageSize,
    }),
    afterId: newestFirst ? placeOf('before', before, maxId) : placeOf('after', after, maxId),
    newestFirst,
  });
  const nodes = newestFirst ? page.nodes.toReversed() : page.nodes;
  return {
    edges: nodes.map((node) => ({ node, cursor: String(node.id) })),
    pageInfo: {
      hasNextPage: newestFirst ? before != null : page.hasNextPage,
      endCursor: cursorOf(nodes.at(-1)),
      hasPreviousPage: newestFirst ? page.hasNextPage : after != null,
      startCursor: cursorOf(nodes[0]),
    },
  };
}

export const comment: Pick<CommentResolvers, 'id'> = { id: ({ id }) => String(id) };

export const view: Pick<ViewResolvers, 'order'> = { order: ({ order }) => ticketOrders[order] };

export const queuedWrite: Pick<QueuedWriteResolvers, 'author' | 'comment' | 'changes' | 'current'> = {
  author: ({ agent }) => agent ?? null,
  comment: (write) => (write.kind === 'COMMENT' ? { kind: write.comment, body: write.body } : null),
  changes: (write) => (write.kind === 'CHANGE' ? changedFields(write.changes) : []),
  current: (write) => (write.kind === 'CHANGE' ? write.current : null),
};

/** What a change makes of each field. */
export function changedFields(changes: TicketChanges): QueuedFieldChange[] {
  return Object.entries(changes).map(([field, to]) => ({ field, to: textOf(to) }));
}

/** A value as the history writes it. */
function textOf(value: unknown): string | null {
  if (Array.isArray(value)) return value.join(', ');
  return value === null || value === undefined ? null : String(value);
}

function cursorOf(node: { id: number } | undefined): string | null {
  return node ? String(node.id) : null;
}

/** The id that a cursor stands for. */
function placeOf(field: string, cursor: string | null | undefined, maxId: number): number | undefined {
  if (!cursor) return undefined;
  if (/^[1-9]\d{0,15}$/.test(cursor) && Number(cursor) <= maxId) return Number(cursor);
  throw foreignCursor(field);
}
