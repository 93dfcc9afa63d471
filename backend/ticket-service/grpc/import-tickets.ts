/** The RPC that stores tickets which were filed elsewhere: each is checked by the rules of what is written here. */
import { uuidv7 } from 'uuidv7';
import { commentRule, limits } from '../../../proto/checks.ts';
import type { Change__Output } from '../../../proto/generated/Change.ts';
import type { Comment__Output } from '../../../proto/generated/Comment.ts';
import { CommentKind } from '../../../proto/generated/CommentKind.ts';
import type { ExportedTicket__Output } from '../../../proto/generated/ExportedTicket.ts';
import type { ImportedTicket } from '../../../proto/generated/ImportedTicket.ts';
import { fieldNames, ticketChanges, ticketFields, ticketValues } from '../../../proto/ticket-fields.ts';
import { utcTime } from '../../../proto/utc-time.ts';
import { type Agent, readAgent } from '../../domain/agent.ts';
import { historyEvents } from '../../domain/conversation.ts';
import {
  changesProblem,
  commentProblem,
  countProblem,
  type Problem,
  refuse,
  textProblemOf,
  timeRule,
} from '../../domain/ticket.ts';
import { listProblem } from '../../domain/ticket-filter.ts';
import { DeskError } from '../../errors.ts';
import { ticketKey } from '../../ports/cache.ts';
import type { ImportOutcome, SeenAgent, TicketToImport } from '../store/ticket-store.ts';
import { checkId, checkRequestId } from '../use-cases/input.ts';
import { given, type Rpc } from './rpc.ts';

/** Imports the acceptable ones in one transaction, and answers for each of the others what is wrong. */
export const importTickets: Rpc<'ImportTickets'> = async (storage, { tickets, dryRun }, { agent: by }) => {
  if (tickets.length === 0) refuse({ field: 'tickets', message: 'tickets is empty. Send at least one.' });
  refuse(listProblem('tickets', tickets, limits.maxChunk));
  const checked = tickets.map(check);
  const acceptable = checked.flatMap((one) => ('refused' in one ? [] : [one]));
  const outcomes = await storage.store.import({ tickets: acceptable, by, isDryRun: dryRun });
  const ids = outcomes.flatMap(({ state, ...outcome }) =>
    state === 'stored' && 'id' in outcome && outcome.id !== null ? [outcome.id] : [],
  );
  if (ids.length > 0) await storage.cache.dropForAnswer(...ids.map(ticketKey));
  const told = outcomes.map(toMessage);
  return {
    tickets: checked.flatMap((one) => ('refused' in one ? [rejected(one.refused)] : told.splice(0, 1))),
  };
};

function toMessage(outcome: ImportOutcome): ImportedTicket {
  switch (outcome.state) {
    case 'stored':
      return { id: outcome.id ?? 0 };
    case 'known':
      return { id: outcome.id, wasThere: true };
    case 'conflict': {
      const message = `It is here already, as ticket #${outcome.id}, with other words, and stays as it is.`;
      return rejected({ field: 'requestId', message });
    }
    case 'comment-conflict': {
      const message = 'Another comment was stored under this requestId before.';
      return rejected({ field: `comments[${outcome.at}].requestId`, message });
    }
  }
}

function rejected({ field, message: reason }: Problem): ImportedTicket {
  return { rejection: { field, reason } };
}

function check(told: ExportedTicket__Output): TicketToImport | { refused: Problem } {
  try {
    return read(told);
  } catch (thrown) {
    if (!(thrown instanceof DeskError)) throw thrown;
    return { refused: { field: thrown.field ?? 'ticket', message: thrown.message } };
  }
}

/** @throws DeskError BAD_USER_INPUT */
function read({ ticket, comments, changes }: ExportedTicket__Output): TicketToImport {
  if (!ticket) throw new DeskError('BAD_USER_INPUT', 'ticket is missing.', { field: 'ticket' });
  const agents: SeenAgent[] = [];
  const seen = (told: Agent | null, at: string, field: string): Agent | null => {
    const agent = readAgent(told);
    if (told && !agent)
      refuse({ field, message: `${field} needs an id and a name of at most 100 characters.` });
    if (agent) agents.push({ ...agent, lastSeenAt: at });
    return agent ?? null;
  };
  const { id, requestId, version } = ticket;
  checkRequestId(requestId);
  if (id !== 0) checkId(id);
  refuse(countProblem('version', version));
  const createdAt = given(checkedTime(ticket.createdAt, 'createdAt'));
  const updatedAt = given(checkedTime(ticket.updatedAt, 'updatedAt'));
  const assigneeId = seen(ticket.assignee, updatedAt ?? now(), 'assignee')?.id;
  const values = ticketChanges(ticketValues({ ...ticket, assigneeId }));
  refuse(changesProblem(values));
  return {
    values: ticketValues(values),
    number: id || null,
    requestId,
    version: version || 1,
    createdAt: createdAt ?? null,
    updatedAt: updatedAt ?? null,
    comments: comments.map((comment, at) => within(`comments[${at}]`, () => readComment(comment, seen))),
    changes: changes.map((change, at) => within(`changes[${at}]`, () => readChange(change, seen))),
    agents,
  };
}

type Seen = (told: Agent | null, at: string, field: string) => Agent | null;

/** Names the field from the ticket's point of view. */
function within<Value>(where: string, readOne: () => Value): Value {
  try {
    return readOne();
  } catch (thrown) {
    if (!(thrown instanceof DeskError)) throw thrown;
    throw new DeskError('BAD_USER_INPUT', `${where}: ${thrown.message}`, {
      field: `${where}.${thrown.field}`,
    });
  }
}

function readComment(
  { id, requestId, kind, body, author, createdAt, editedAt }: Comment__Output,
  seen: Seen,
) {
  if (requestId !== '') checkRequestId(requestId);
  if (!(kind in CommentKind)) refuse(noChoice('kind', Object.keys(CommentKind)));
  refuse(commentProblem(body));
  const at = given(checkedTime(createdAt, 'createdAt')) ?? now();
  return {
    id,
    requestId: given(requestId) ?? uuidv7(),
    kind,
    body,
    author: seen(author, at, 'author'),
    createdAt: at,
    editedAt: given(checkedTime(editedAt, 'editedAt')) ?? null,
  };
}

const fields: readonly string[] = [...historyEvents, ...fieldNames];
/** The longest that a field or a comment may have held. */
const valueRule = {
  maxCharacters: Math.max(commentRule.maxCharacters, ticketFields.description.maxCharacters),
  mayBeEmpty: true,
};

function readChange({ at, by, field, from, to, fromId, toId, version }: Change__Output, seen: Seen) {
  if (!fields.includes(field)) refuse(noChoice('field', fields));
  for (const [name, value] of Object.entries({ from, to })) {
    if (value !== undefined) refuse(textProblemOf(name, value, valueRule));
  }
  refuse(countProblem('version', version));
  const time = given(checkedTime(at, 'at')) ?? now();
  /** Who has no name is told by the id alone. */
  const idOf = (id: string, name: string | undefined, where: string) =>
    id === name ? id : seen({ id, name: name ?? '' }, time, where)?.id;
  return {
    at: time,
    by: seen(by, time, 'by'),
    field,
    from: (fromId === undefined ? from : idOf(fromId, from, 'fromId')) ?? null,
    to: (toId === undefined ? to : idOf(toId, to, 'toId')) ?? null,
    version,
  };
}

function noChoice(field: string, choices: readonly string[]): Problem {
  return { field, message: `${field} must be one of ${choices.join(', ')}.` };
}

/** Empty is none. */
function checkedTime(time: string, field: string): string {
  if (time !== '' && utcTime(time) === undefined) refuse({ field, message: `${field} ${timeRule}` });
  return time;
}

function now(): string {
  return new Date().toISOString();
}
