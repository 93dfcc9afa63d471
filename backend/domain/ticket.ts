/** What a ticket is, and what makes one acceptable. Imports nothing but the contract's rules. */

import rules from '../../proto/ticket_rules.json' with { type: 'json' };
import {
  type ChoiceField,
  type ChoiceFieldName,
  editFieldNames,
  type FieldName,
  fieldNames,
  isChoice,
  type NewTicketValues,
  newTicketValues,
  type TextField,
  type TextFieldName,
  type TicketChanges,
  type TicketValues,
  ticketFields,
} from '../../proto/ticket-fields.ts';
import { isVisible } from '../../proto/visible-text.ts';

export type { TicketChanges, TicketOrder, TicketValues } from '../../proto/ticket-fields.ts';
export { rules };

export interface Ticket extends TicketValues {
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
};

/** Of a ticket that nobody has worked on yet. An older service leaves it empty. */
export const firstStatus = ticketFields.status.default;

/** A refused input: the field, and a sentence that says how to mend it. */
export interface Problem {
  field: string;
  message: string;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const maxInt32 = 2_147_483_647;

/**
 * Length in Unicode code points, which is what the limits count. They are at least half as many as UTF-16 units: of a
 * text that is too long whatever it holds, those are told, as a caller may send a long one in many places.
 */
function countCharacters(text: string, max: number): number {
  if (text.length > 2 * max) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Postgres text can hold neither NUL nor half a surrogate pair; the latter would be stored as another character. */
function unstorable(field: string, text: string): Problem | undefined {
  if (text.includes('\0'))
    return { field, message: `${field} holds a NUL character, which can't be stored. Remove it.` };
  if (!text.isWellFormed()) {
    return { field, message: `${field} holds half of a character (an unpaired surrogate). Type it again.` };
  }
  return undefined;
}

function textProblem(field: TextFieldName, text: string): Problem | undefined {
  const bad = unstorable(field, text);
  if (bad) return bad;
  const { maxCharacters: max, mayBeEmpty }: TextField = ticketFields[field];
  if (!mayBeEmpty && !isVisible(text)) {
    const what = text.trim() === '' ? 'is empty' : 'holds nothing that can be seen';
    return { field, message: `${field} ${what}. Give it some text.` };
  }
  // The cheap test first: UTF-16 units are never fewer than characters.
  if (text.length > max) {
    const length = countCharacters(text, max);
    if (length > max) {
      return {
        field,
        message: `${field} has ${length.toLocaleString('en')} characters; at most ${max.toLocaleString('en')} fit. Shorten it.`,
      };
    }
  }
  return undefined;
}

/** @param field what the caller's contract calls it */
export function choiceProblem(
  name: ChoiceFieldName,
  value: string,
  field: string = name,
): Problem | undefined {
  const { choices }: ChoiceField = ticketFields[name];
  if (choices.includes(value)) return undefined;
  return { field, message: `${field} must be one of ${choices.map((choice) => `"${choice}"`).join(', ')}.` };
}

function valueProblem(name: FieldName, value: string): Problem | undefined {
  return isChoice(name) ? choiceProblem(name, value) : textProblem(name, value);
}

export function idProblem(field: string, id: number): Problem | undefined {
  if (Number.isInteger(id) && id > 0 && id <= maxInt32) return undefined;
  return { field, message: `${field} must be a whole number from 1 to ${maxInt32}.` };
}

export function requestIdProblem(requestId: string): Problem | undefined {
  if (uuid.test(requestId)) return undefined;
  return {
    field: 'requestId',
    message: 'requestId must be a UUID, as in 0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01.',
  };
}

export function searchProblem(text: string): Problem | undefined {
  const bad = unstorable('text', text);
  if (bad) return bad;
  const max = rules.maxCharacters.search;
  if (countCharacters(text, max) <= max) return undefined;
  return {
    field: 'text',
    message: `text to search for has at most ${max} characters. Shorten it.`,
  };
}

function firstProblem(values: { [F in FieldName]?: string }): Problem | undefined {
  for (const name of fieldNames) {
    const value = values[name];
    const problem = value === undefined ? undefined : valueProblem(name, value);
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
