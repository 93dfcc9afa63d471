/** Turns what a caller gave into what the desk works with, or says which field is wrong. */
import { createHash } from 'node:crypto';
import { limits } from '../../../proto/checks.ts';
import { fieldFilters } from '../../../proto/ticket-fields.ts';
import { fieldProblem, idProblem, refuse, requestIdProblem, searchProblem } from '../../domain/ticket.ts';
import {
  type Complete,
  filterProblem,
  inBoth,
  listProblem,
  type TicketFilter,
} from '../../domain/ticket-filter.ts';
import { type ViewToSave, viewProblem } from '../../domain/view.ts';
import { foreignCursor } from '../foreign-cursor.ts';
import type { SaveView, TicketFilter as TicketFilterInput } from './generated/resolvers.ts';

/** GraphQL tells "left out" from null; here they are one. */
export function given<Value>(value: Value | null | undefined): Value | undefined {
  return value ?? undefined;
}

export function checkedId(id: number, field = 'id'): number {
  refuse(idProblem(field, id));
  return id;
}

/** @param lists those of a bulk change or an export, by their fields' names */
export function checkBulkIds(lists: Readonly<Record<string, readonly number[] | null | undefined>>): void {
  for (const [field, given] of Object.entries(lists)) {
    refuse(listProblem(field, given ?? [], limits.maxBulk));
    for (const id of given ?? []) checkedId(id, field);
  }
}

/** Of all that was asked under a request id, by which the same again is known. */
export function digestOf(asked: object): string {
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

export function checkedCommentId(id: string): number {
  return checkedId(/^\d+$/.test(id) ? Number(id) : Number.NaN);
}

/** UUIDs are told apart without regard to case. */
export function checkedRequestId(requestId: string, field?: string): string {
  refuse(requestIdProblem(requestId, field));
  return requestId.toLowerCase();
}

export function checkedSearch(text: string | null | undefined): string | undefined {
  if (!text) return undefined;
  refuse(searchProblem(text));
  return text;
}

export function checkedFilter(input: TicketFilterInput | null | undefined): Complete<TicketFilter> {
  const { id, ids, status, text, query, timeZone, ...asked } = input ?? {};
  if (id != null) checkedId(id);
  if (status != null) refuse(fieldProblem('status', status));
  for (const [field, values] of Object.entries({ ids, ...asked })) {
    // Before any work on them.
    if (Array.isArray(values)) refuse(listProblem(field, values));
    // On the wire it would mean any.
    if (values === '') refuse({ field, message: `${field} is empty. Leave it out.` });
  }
  const filter = {
    ...fieldFilters(asked),
    ids: ids?.length ? [...new Set(ids)] : undefined,
    text: text || undefined,
    query: query || undefined,
    timeZone: timeZone || undefined,
  };
  refuse(filterProblem(filter));
  return {
    ...filter,
    ids: inBoth(id == null ? undefined : [id], filter.ids),
    statuses: inBoth(status == null ? undefined : [status], filter.statuses),
  };
}

export function checkedView(input: SaveView): ViewToSave {
  const { order } = input;
  const view = {
    id: checkedRequestId(input.id, 'id'),
    name: input.name.trim(),
    shared: input.shared ?? false,
    query: input.query ?? '',
    order: order ? (`${order.by}_${order.direction}` as const) : 'CREATED_DESC',
    columns: input.columns ?? [],
    key: input.key || null,
    expectedVersion: given(input.expectedVersion),
  };
  refuse(viewProblem(view));
  return view;
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

const maxCursorCharacters = 1_000;

export function checkedCursor(
  cursor: string | null | undefined,
  field: 'after' | 'before' = 'after',
): string | undefined {
  if (!cursor) return undefined;
  if (cursor.length > maxCursorCharacters || !/^[\x20-\x7e]+$/.test(cursor)) throw foreignCursor(field);
  return cursor;
}

export const maxOutboxEntries = limits.maxListLength;
