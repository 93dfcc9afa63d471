/** The RPCs of what is said about a ticket and what was changed: each checks what comes in, then reads or writes, then answers. */
import { limits } from '../../../proto/checks.ts';
import type { Change as ChangeMessage } from '../../../proto/generated/Change.ts';
import type { Comment as CommentMessage } from '../../../proto/generated/Comment.ts';
import { CommentKind } from '../../../proto/generated/CommentKind.ts';
import type { BelowRequest } from '../../domain/conversation.ts';
import { commentProblem, refuse } from '../../domain/ticket.ts';
import { withoutNulls } from '../../domain/wire-values.ts';
import { ticketKey } from '../../ports/cache.ts';
import type { StoredChange, StoredComment } from '../store/ticket-store.ts';
import { checkCreatedAt, checkId, checkPageSize, checkRequestId } from '../use-cases/input.ts';
import { given, type Rpc } from './rpc.ts';

/** At most limits.maxPageSize, oldest or newest first. */
export const listComments: Rpc<'ListComments'> = async ({ store }, request) => {
  const page = await store.comments.page(checkedPage(request));
  return { ...page, comments: page.comments.map(commentMessage) };
};

/** At most limits.maxPageSize, oldest or newest first. */
export const listTicketHistory: Rpc<'ListTicketHistory'> = async ({ store }, request) => {
  const { changes, hasNextPage } = await store.history(
    checkedPage({ ...request, afterId: Number(request.afterId) }),
  );
  return {
    changes: changes.map(changeMessage),
    hasNextPage,
  };
};

export function changeMessage(change: StoredChange): ChangeMessage {
  return withoutNulls(change);
}

interface PageMessage {
  ticketId: number;
  pageSize: number;
  afterId: number;
  newestFirst: boolean;
}

function checkedPage({ ticketId, pageSize, afterId, newestFirst }: PageMessage): BelowRequest {
  checkId(ticketId, 'ticketId');
  const size = pageSize === 0 ? limits.defaultPageSize : pageSize;
  checkPageSize(size);
  return { ticketId, pageSize: size, afterId: afterId === 0 ? undefined : afterId, newestFirst };
}

/** The same requestId again answers the comment that it added before. */
export const addComment: Rpc<'AddComment'> = async ({ store, cache }, request, { agent }) => {
  const { ticketId, requestId, kind, body, createdAt } = request;
  checkId(ticketId, 'ticketId');
  checkRequestId(requestId);
  // A number that the contract has no name for arrives as that number.
  if (!(kind in CommentKind)) {
    refuse({ field: 'kind', message: `kind must be one of ${Object.keys(CommentKind).join(', ')}.` });
  }
  refuse(commentProblem(body));
  if (createdAt !== '') checkCreatedAt(createdAt);

  const comment = await store.comments.add({
    ticketId,
    requestId,
    kind,
    body,
    by: agent,
    createdAt: given(createdAt) ?? null,
  });
  await cache.dropForAnswer(ticketKey(ticketId));
  return commentMessage(comment);
};

export const editComment: Rpc<'EditComment'> = async ({ store, cache }, { id, body }, { agent }) => {
  checkId(id);
  refuse(commentProblem(body));

  const comment = await store.comments.edit(id, { body, by: agent });
  await cache.dropForAnswer(ticketKey(comment.ticketId));
  return commentMessage(comment);
};

export const deleteComment: Rpc<'DeleteComment'> = async ({ store, cache }, { id }, { agent }) => {
  checkId(id);

  const { ticketId } = await store.comments.delete(id, agent);
  await cache.dropForAnswer(ticketKey(ticketId));
  return { id, success: true };
};

export function commentMessage(comment: StoredComment): CommentMessage {
  return { ...comment, editedAt: comment.editedAt ?? '' };
}
