/** What a ticket is, and the words that refuse a wrong one. Imports the contract's rules and the errors alone. */
import {
  commentRule,
  countCharacters,
  type FieldProblem,
  queryProblem as problemOfQuery,
  searchRule,
  type TextRule,
  textProblem,
  valueProblem,
} from '../../proto/checks.ts';
import type { FieldValue } from '../../proto/field-kinds.ts';
import { isTimeZone } from '../../proto/search-times.ts';
import {
  editFieldNames,
  type FieldName,
  fieldNames,
  maxInt32,
  type NewTicketValues,
  newTicketValues,
  type TicketAgents,
  type TicketChanges,
  type TicketValues,
  ticketFields,
} from '../../proto/ticket-fields.ts';
import { DeskError } from '../errors.ts';
import type { Agent } from './agent.ts';

export type { TicketChanges, TicketOrder, TicketValues } from '../../proto/ticket-fields.ts';

export interface Ticket extends TicketValues, TicketAgents<Agent> {
  id: number;
  /** RFC 3339 in UTC with microseconds; text, because a JS Date drops the microseconds that page cursors need. */
  createdAt: string;
  updatedAt: string;
  /** 1 on create, one more with every write, delete and restore included. */
  version: number;
  requestId: string | null;
}

export type NewTicket = NewTicketValues & {
  requestId: string;
  createdAt: string;
  /** How often its author changed or retried it after it had failed; 0 when left out. */
  revision?: number;
  /** Who filed it; left out: nobody told. */
  agent?: Agent | undefined;
};

/** Of a ticket that nobody has worked on yet. An older service leaves it empty. */
export const firstStatus = ticketFields.status.default;

/** A refused input: the field, and a sentence that says how to mend it. */
export interface Problem {
  field: string;
  message: string;
}

/** @throws DeskError BAD_USER_INPUT */
export function refuse(problem: Problem | undefined): void {
  if (problem) throw new DeskError('BAD_USER_INPUT', problem.message, { field: problem.field });
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** After the name of a field that is none. */
export const timeRule = 'must be a time of 1970 or later in RFC 3339, as in 2026-11-24T14:02:11.123456Z.';

/** A text that is too long whatever it holds is told in UTF-16 units: a caller may send a huge one in many places. */
function lengthOf(text: string, max: number): number {
  return text.length > 2 * max ? text.length : countCharacters(text);
}

/** What is wrong, in a sentence that says how to mend it. @param name what the caller's contract calls the field */
function words(problem: FieldProblem, name: string): string {
  const { text } = problem;
  const field = problem.isEntry ? `An entry of ${name}` : name;
  switch (problem.kind) {
    case 'nul':
      return `${field} holds a NUL character, which can't be stored. Remove it.`;
    case 'half-character':
      return `${field} holds half of a character (an unpaired surrogate). Type it again.`;
    case 'unseen': {
      const what = text.trim() === '' ? 'is empty' : 'holds nothing that can be seen';
      return `${field} ${what}. Give it some text.`;
    }
    case 'too-long': {
      const [length, max] = [lengthOf(text, problem.max), problem.max].map((n) => n.toLocaleString('en'));
      return `${field} has ${length} characters; at most ${max} fit. Shorten it.`;
    }
    case 'no-choice':
      return `${field} must be one of ${problem.choices.map((choice) => `"${choice}"`).join(', ')}.`;
    case 'too-many':
      return `${field} has ${problem.count.toLocaleString('en')} entries; at most ${problem.max} fit. Leave some out.`;
    case 'no-time':
      return `${field} ${timeRule}`;
  }
}

/** @param field what the caller's contract calls it */
export function fieldProblem(name: FieldName, value: FieldValue, field: string = name): Problem | undefined {
  const problem = valueProblem(name, value);
  return problem && { field, message: words(problem, field) };
}

export function idProblem(field: string, id: number): Problem | undefined {
  if (Number.isInteger(id) && id > 0 && id <= maxInt32) return undefined;
  return { field, message: `${field} must be a whole number from 1 to ${maxInt32}.` };
}

export function countProblem(field: string, count: number): Problem | undefined {
  if (Number.isInteger(count) && count >= 0 && count <= maxInt32) return undefined;
  return { field, message: `${field} must be a whole number from 0 on.` };
}

/** @param field what the caller's contract calls it */
export function requestIdProblem(requestId: string, field = 'requestId'): Problem | undefined {
  if (uuid.test(requestId)) return undefined;
  return { field, message: `${field} must be a UUID, as in 0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01.` };
}

/** @param field what the caller's contract calls it */
export function textProblemOf(field: string, text: string, rule: TextRule): Problem | undefined {
  const problem = textProblem(text, rule);
  return problem && { field, message: words({ ...problem, text }, field) };
}

export function commentProblem(body: string): Problem | undefined {
  return textProblemOf('body', body, commentRule);
}

export function searchProblem(text: string): Problem | undefined {
  return textProblemOf('text', text, searchRule);
}

/** What refuses a search as a whole; what can't be read in it is left out, and told by parseQuery(). */
export function queryProblem(query: string): Problem | undefined {
  const problem = problemOfQuery(query);
  return problem && { field: 'query', message: words({ ...problem, text: query }, 'query') };
}

export function timeZoneProblem(timeZone: string): Problem | undefined {
  if (isTimeZone(timeZone)) return undefined;
  return { field: 'timeZone', message: 'timeZone must be the name of a time zone, as Europe/Berlin.' };
}

function firstProblem(values: { [F in FieldName]?: FieldValue }): Problem | undefined {
  for (const name of fieldNames) {
    const value = values[name];
    const problem = value === undefined ? undefined : fieldProblem(name, value);
    if (problem) return problem;
  }
  return undefined;
}

/** The first thing wrong with a new ticket, if anything is. */
export function newTicketProblem(values: NewTicketValues): Problem | undefined {
  return firstProblem(newTicketValues(values));
}

/** The first thing wrong with an update, if anything is. */
export function changesProblem(changes: TicketChanges): Problem | undefined {
  if (Object.keys(changes).length === 0) {
    return {
      field: 'status',
      message: `Nothing to change: give at least one of ${editFieldNames.join(', ')}.`,
    };
  }
  return firstProblem(changes);
}
