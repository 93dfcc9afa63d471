/** One change of many tickets: its fields, its checks, and its failures, ticket by ticket. */
import { canonical } from '../../proto/field-kinds.ts';
import {
  editFieldNames,
  type TicketChanges,
  ticketChanges,
  ticketFields,
} from '../../proto/ticket-fields.ts';
import type { ErrorCode } from '../errors.ts';
import type { Agent } from './agent.ts';
import { changesProblem, fieldProblem, type Problem } from './ticket.ts';

export interface BulkChange {
  changes: TicketChanges;
  /** Beside those that each ticket has; not with tags among the changes. */
  addTags: string[];
  removeTags: string[];
  /** In place of all changes. */
  isDelete: boolean;
}

/** Why something was not done to a ticket. */
export interface TicketFailure {
  id: number;
  code: ErrorCode;
  /** In words for the person. */
  message: string;
  /** The field that somebody has changed since, or that refuses the value; null: it is about the whole ticket. */
  field: string | null;
  /** Who changed or deleted it; null: nobody told. */
  by: Agent | null;
}

/** Each value in its one form. */
export function bulkChange(source: {
  changes: Parameters<typeof ticketChanges>[0];
  addTags?: readonly string[] | null | undefined;
  removeTags?: readonly string[] | null | undefined;
  isDelete?: boolean | null | undefined;
}): BulkChange {
  const tags = (given: readonly string[] | null | undefined) =>
    canonical(ticketFields.tags, [...(given ?? [])]) as string[];
  return {
    changes: ticketChanges(source.changes),
    addTags: tags(source.addTags),
    removeTags: tags(source.removeTags),
    isDelete: source.isDelete ?? false,
  };
}

/** The first thing wrong with it, if anything is. */
export function bulkProblem({ changes, addTags, removeTags, isDelete }: BulkChange): Problem | undefined {
  const hasChanges = Object.keys(changes).length > 0;
  const hasTags = addTags.length + removeTags.length > 0;
  if (isDelete) {
    if (!hasChanges && !hasTags) return undefined;
    return { field: 'isDelete', message: 'isDelete goes alone: what is deleted is changed in nothing else.' };
  }
  if (!hasChanges && !hasTags) {
    const names = [...editFieldNames, 'addTags', 'removeTags', 'isDelete'];
    return { field: 'changes', message: `Nothing to change: give at least one of ${names.join(', ')}.` };
  }
  if (hasTags && changes.tags !== undefined) {
    const field = addTags.length > 0 ? 'addTags' : 'removeTags';
    return { field, message: `${field} does not go with tags, which says all that a ticket has.` };
  }
  return (
    (hasChanges ? changesProblem(changes) : undefined) ??
    fieldProblem('tags', addTags, 'addTags') ??
    fieldProblem('tags', removeTags, 'removeTags')
  );
}
