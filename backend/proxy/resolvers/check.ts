/** Turns what a caller gave into what the desk works with, or says which field is wrong. */
import {
  idProblem,
  type Problem,
  requestIdProblem,
  rules,
  searchProblem,
  statusProblem,
  type TicketFilter,
} from '../../domain/ticket.ts';
import { DeskError } from '../../errors.ts';
import type { TicketFilter as TicketFilterInput } from '../generated/resolvers.ts';

/** GraphQL tells "left out" from null; here they are one. */
export function given<Value>(value: Value | null | undefined): Value | undefined {
  return value ?? undefined;
}

/** @throws DeskError BAD_USER_INPUT */
export function refuse(problem: Problem | undefined): void {
  if (problem) throw new DeskError('BAD_USER_INPUT', problem.message, { field: problem.field });
}

export function checkedId(id: number): number {
  refuse(idProblem('id', id));
  return id;
}

/** UUIDs are told apart without regard to case. */
export function checkedRequestId(requestId: string): string {
  refuse(requestIdProblem(requestId));
  return requestId.toLowerCase();
}

export function checkedSearch(text: string | null | undefined): string | undefined {
  if (!text) return undefined;
  refuse(searchProblem(text));
  return text;
}

export function checkedFilter(input: TicketFilterInput | null | undefined): TicketFilter {
  const filter: TicketFilter = {};
  const id = given(input?.id);
  if (id !== undefined) filter.id = checkedId(id);
  const status = given(input?.status);
  if (status !== undefined) refuse(statusProblem('status', status));
  const statuses = given(input?.statuses);
  for (const each of statuses ?? []) refuse(statusProblem('statuses', each));
  const both = intersection(status, statuses);
  if (both) filter.statuses = both;
  const text = checkedSearch(input?.text);
  if (text !== undefined) filter.text = text;
  return filter;
}

/** An empty list of statuses in a filter means none fits; on the wire it would mean any. */
export function matchesNothing(filter: TicketFilter): boolean {
  return filter.statuses?.length === 0;
}

/** `status` and `statuses` must both hold. Undefined: any. */
function intersection(status: string | undefined, statuses: string[] | undefined): string[] | undefined {
  const any = statuses && statuses.length > 0 ? [...new Set(statuses)] : undefined;
  if (status === undefined) return any;
  return any ? any.filter((each) => each === status) : [status];
}

/** @param limits.field the argument's name. */
export function checkedCount(
  value: number | null | undefined,
  limits: { field: string; otherwise: number; max: number },
): number {
  const count = value ?? limits.otherwise;
  if (count < 1 || count > limits.max) {
    refuse({ field: limits.field, message: `${limits.field} must be from 1 to ${limits.max}.` });
  }
  return count;
}

const maxCursorCharacters = 500;

export function checkedCursor(after: string | null | undefined): string | undefined {
  if (!after) return undefined;
  if (after.length > maxCursorCharacters || !/^[\x20-\x7e]+$/.test(after)) {
    refuse({ field: 'after', message: 'after is not a cursor of this list. Begin at the first page.' });
  }
  return after;
}

export const maxOutboxEntries = rules.maxListLength;
