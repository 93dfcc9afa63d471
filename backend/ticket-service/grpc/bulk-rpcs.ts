/** The RPCs that write to many tickets, or undo what a request did: each checks, writes, drops what is cached, answers. */
import { limits } from '../../../proto/checks.ts';
import type { ChangeTicketsResponse } from '../../../proto/generated/ChangeTicketsResponse.ts';
import { type FieldName, fieldOf, ticketFields } from '../../../proto/ticket-fields.ts';
import { bulkChange, bulkProblem, type TicketFailure } from '../../domain/bulk-change.ts';
import { refuse } from '../../domain/ticket.ts';
import { fitsNothing, listProblem } from '../../domain/ticket-filter.ts';
import { decodeChanges, withoutNulls } from '../../domain/wire-values.ts';
import { ticketKey } from '../../ports/cache.ts';
import type { ManyOutcome, TicketFailure as StoredFailure } from '../store/ticket-store.ts';
import type { TicketStorage } from '../use-cases/create-tickets.ts';
import { checkId, checkRequestId } from '../use-cases/input.ts';
import { readWhole } from '../use-cases/selection.ts';
import { checkedFilter } from './read-rpcs.ts';
import { given, type Rpc } from './rpc.ts';

/** The ids of all tickets that a filter lets through; as many as one bulk change takes. */
export const listTicketIds: Rpc<'ListTicketIds'> = async ({ store }, { filter }, { agent }) => {
  if (!filter) return { ids: [] };
  const selection = await readWhole(store, checkedFilter(filter), agent);
  const ids = fitsNothing(selection) ? [] : await store.ids(selection, limits.maxBulk);
  if (ids.length > limits.maxBulk) {
    const message = `More than ${limits.maxBulk.toLocaleString('en')} tickets fit. Ask for fewer at once.`;
    refuse({ field: 'filter', message });
  }
  return { ids };
};

/** The same for each of some tickets, or nothing of any where the database refuses it for one. */
export const changeTickets: Rpc<'ChangeTickets'> = async (storage, request, { agent: by }) => {
  const { requestId, ids, changes, ...others } = request;
  checkRequestId(requestId);
  refuse(idsProblem(ids));
  for (const id of ids) checkId(id, 'ids');
  const wanted = decodeChanges({ ...changes, status: given(changes?.status ?? '') });
  const { isDelete, ...change } = bulkChange({ ...others, changes: wanted });
  refuse(bulkProblem({ isDelete, ...change }));
  const kind = isDelete ? ({ kind: 'DELETED' } as const) : ({ kind: 'UPDATED', ...change } as const);
  const ordered = [...new Set(ids)].sort((a, b) => a - b);
  return written(storage, await storage.store.changeMany({ requestId, ids: ordered, by, ...kind }));
};

function idsProblem(ids: readonly number[]) {
  if (ids.length === 0) return { field: 'ids', message: 'ids is empty. Name at least one ticket.' };
  return listProblem('ids', ids, limits.maxChunk);
}

/** Puts back what a request did, as far as nobody else has changed the same since. */
export const undoChange: Rpc<'UndoChange'> = async (storage, { requestId, undoes }, { agent: by }) => {
  checkRequestId(requestId);
  checkRequestId(undoes, 'undoes');
  return written(storage, await storage.store.undo({ requestId, undoes, by }));
};

async function written(
  { cache }: TicketStorage,
  { changedIds, failures }: ManyOutcome,
): Promise<ChangeTicketsResponse> {
  if (changedIds.length > 0) await cache.dropForAnswer(...changedIds.map(ticketKey));
  return { changedIds, failures: failures.map((failure) => withoutNulls(toldOf(failure))) };
}

/** As the person is told of it. */
function toldOf({ id, reason, field, by }: StoredFailure): TicketFailure {
  const isField = field !== null && field in ticketFields;
  const told = { id, field: isField ? field : null, by };
  const who = by?.name ?? 'Somebody';
  const did = isField
    ? `changed "${fieldOf(field as FieldName).label}"`
    : (deeds[field ?? ''] ?? 'changed it');
  switch (reason) {
    case 'MISSING':
      return { ...told, code: 'NOT_FOUND', message: 'There is no such ticket any more.' };
    case 'DELETED':
      return { ...told, code: 'NOT_FOUND', message: `${who} has deleted it.` };
    case 'FULL': {
      const message = `It would have more than ${ticketFields.tags.maxEntries} tags. Take some away first.`;
      return { ...told, code: 'BAD_USER_INPUT', message };
    }
    case 'CHANGED':
      return { ...told, code: 'CONFLICT', message: `${who} has ${did} since.` };
    case 'CHANGED_BY_SELF':
      return { ...told, code: 'CONFLICT', message: `You have ${did} since. Undo that first.` };
  }
}

/** What the history names beside the fields. */
const deeds: Readonly<Record<string, string>> = {
  DELETED: 'deleted it',
  RESTORED: 'restored it',
  COMMENTED: 'commented on it',
  IMPORTED: 'imported it',
  comment: 'changed a comment on it',
};
