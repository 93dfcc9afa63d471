/**
 * What is said about tickets. Each write is one statement with the ticket's new version, by which the change feed tells
 * of it, and with its history, which a trigger keeps.
 */
import { limits } from '../../../proto/checks.ts';
import type { Agent } from '../../domain/agent.ts';
import type { BelowRequest } from '../../domain/conversation.ts';
import { DeskError } from '../../errors.ts';
import { joined, joinedAgent, nextVersion, type WithIds, whole } from './columns.ts';
import type { Database } from './database.ts';
import { isDuplicate } from './postgres-errors.ts';
import type { CommentPage, NewComment, StoredComment } from './ticket-store.ts';

/** For a select list, whose rows are then comments. @param table of which a comment is read */
export const commentColumns = (table: string, { time, agent } = whole) =>
  [
    `${table}.id`,
    `${table}.ticket_id as "ticketId"`,
    `${table}.request_id as "requestId"`,
    `${table}.kind`,
    `${table}.body`,
    `${agent(`${table}.author`)} as author`,
    `${time(`${table}.created_at`)} as "createdAt"`,
    `${time(`${table}.edited_at`)} as "editedAt"`,
  ].join(', ');

/** By which another text under a comment's request is told from its first one, whatever it says now. */
const digestOf = (body: string) => `sha256(convert_to(${body}, 'UTF8'))`;

const addStatement = `
  with earlier as materialized (
    select * from comments where request_id = $2
  ), touched as (
    update tickets set ${nextVersion('$5')}, search = with_comment(search, $4)
    where id = $1 and not exists (select from earlier)
    returning id, version
  ), made as (
    insert into comments (ticket_id, ticket_version, request_id, kind, body, author, created_at)
    select id, version, $2, $3, $4, $5, least($6::timestamptz, now()) from touched
    returning *
  )
  select ${commentColumns('made')}, true as "isSame" from made
  union all
  select ${commentColumns('earlier')},
         ticket_id = $1 and kind = $3 and coalesce(digest, ${digestOf('body')}) = ${digestOf('$4')} as "isSame"
  from earlier`;

/**
 * Adds a comment, or finds the one that this request added before.
 * @throws DeskError NOT_FOUND: there is no such ticket. CONFLICT: the request is another comment's.
 */
export async function addComment(database: Database, comment: NewComment): Promise<StoredComment> {
  const { ticketId, requestId, kind, body, by, createdAt } = comment;
  const values = [ticketId, requestId, kind, body, by?.id ?? null, createdAt];
  const add = () => database.query<StoredComment & { isSame: boolean }>(addStatement, values, 'add-comment');
  const [found] = await add().catch((thrown) => {
    // Another of the same request was faster, and is there now.
    if (isDuplicate(thrown)) return add();
    throw thrown;
  });
  if (!found) throw noTicket();
  const { isSame, ...added } = found;
  if (isSame) return added;
  throw new DeskError('CONFLICT', 'This requestId was used for another comment. Give this one its own.', {
    field: 'requestId',
  });
}

function noTicket(): DeskError {
  const words = 'There is no such ticket any more: it was deleted. Nothing was added.';
  return new DeskError('NOT_FOUND', words, { field: 'ticketId' });
}

const isThere = 'deleted_at is null';
/** Who has deleted one brings it back by an edit. */
const isThereOrOwn = `(${isThere} or author = $2)`;

const isRecent = (time: string) => `${time} > now() - interval '${limits.commentEditMinutes} minutes'`;

/**
 * @param body the new text, in SQL: what is found of the ticket follows it
 * @param which may be changed, of the author's own
 */
const rewrite = (body: string, which: string, changes: string) => `
  with touched as (
    update tickets set ${nextVersion('$2')},
      search = whole_vector(id::integer, title, name, tags, description, status, $1, ${body})
    where id = (select ticket_id from comments where id = $1 and author = $2 and ${which})
    returning id, version
  )
  update comments set ticket_version = touched.version, digest = coalesce(digest, ${digestOf('comments.body')}),
    body = ${body}, ${changes}
  from touched where comments.id = $1 and author = $2 and ${which}
  returning ${commentColumns('comments')}`;

const isAsDeleted = `deleted_at is not null and $3 = (
    select "from" from ticket_history history
    where history.ticket_id = comments.ticket_id and history.version = comments.ticket_version and field = 'comment'
  )`;
/** What is brought back as it was is not edited, and its deletion has a time of its own to be taken back in. */
const editStatement = rewrite(
  '$3',
  `(${isRecent('created_at')} or ${isRecent('deleted_at')} and ${isAsDeleted})`,
  `deleted_at = null, edited_at = case when ${isAsDeleted} then edited_at else now() end`,
);
const deleteStatement = rewrite("''", `${isThere} and ${isRecent('created_at')}`, 'deleted_at = now()');

/**
 * Brings back one that its author has deleted.
 * @throws DeskError NOT_FOUND; FORBIDDEN: it is another agent's, or its time is over.
 */
export async function editComment(
  database: Database,
  id: number,
  { body, by }: { body: string; by: Agent | undefined },
): Promise<StoredComment> {
  const [comment] = await database.query<StoredComment>(editStatement, [id, by?.id, body], 'edit-comment');
  return comment ?? sayWhyNot(database, isThereOrOwn, { id, by });
}

/**
 * @returns of which ticket it was
 * @throws DeskError NOT_FOUND; FORBIDDEN: it is another agent's, or its time is over.
 */
export async function deleteComment(
  database: Database,
  id: number,
  by: Agent | undefined,
): Promise<StoredComment> {
  const [comment] = await database.query<StoredComment>(deleteStatement, [id, by?.id], 'delete-comment');
  return comment ?? sayWhyNot(database, isThere, { id, by });
}

async function sayWhyNot(
  database: Database,
  which: string,
  { id, by }: { id: number; by: Agent | undefined },
): Promise<never> {
  const [comment] = await database.query<{ isOwn: boolean }>(
    `select author is not distinct from $2 and author is not null as "isOwn"
     from comments join tickets on tickets.id = ticket_id
     where comments.id = $1 and ${which}`,
    [id, by?.id],
  );
  if (!comment) {
    const words = 'There is no such comment any more: it or its ticket was deleted.';
    throw new DeskError('NOT_FOUND', words, { field: 'id' });
  }
  const words = comment.isOwn
    ? `A comment can be changed for ${limits.commentEditMinutes} minutes, and those are over. Write another one.`
    : 'Only its author can change a comment. Write one of your own.';
  throw new DeskError('FORBIDDEN', words, { field: 'id' });
}

/** Those of a ticket that is there, in the order in which they were stored. */
export async function pageComments(database: Database, request: BelowRequest): Promise<CommentPage> {
  const { ticketId, pageSize, afterId, newestFirst } = request;
  const [direction, behind] = newestFirst ? ['desc', '<'] : ['asc', '>'];
  // One more than asked for tells whether there is a next page.
  const found = await database.query<WithIds<StoredComment, 'author'> & { agentName: string | null }>(
    `select ${commentColumns('comments', joined)}, agents.name as "agentName"
     from comments join tickets on tickets.id = ticket_id left join agents on agents.id = author
     where ticket_id = $1 and deleted_at is null and ($2::integer is null or comments.id ${behind} $2)
     order by comments.id ${direction} limit $3`,
    [ticketId, afterId ?? null, pageSize + 1],
    `page-comments-${direction}`,
  );
  const comments = found
    .slice(0, pageSize)
    .map((row) => Object.assign(row, { author: joinedAgent(row.author, row.agentName) }));
  return { comments, hasNextPage: found.length > pageSize };
}
