/** Checks what comes in, before anything is touched. Each throws DeskError BAD_USER_INPUT that names the field. */
import { limits } from '../../../proto/checks.ts';
import { utcTime } from '../../../proto/utc-time.ts';
import { countProblem, idProblem, refuse, requestIdProblem, timeRule } from '../../domain/ticket.ts';
import { filterProblem, type TicketFilter } from '../../domain/ticket-filter.ts';

export function checkId(id: number, field = 'id'): void {
  refuse(idProblem(field, id));
}

export function checkFilter(filter: TicketFilter): void {
  refuse(filterProblem(filter));
}

export function checkPageSize(pageSize: number): void {
  if (Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= limits.maxPageSize) return;
  refuse({ field: 'pageSize', message: `pageSize must be a whole number from 1 to ${limits.maxPageSize}.` });
}

export function checkRequestId(requestId: string, field?: string): void {
  refuse(requestIdProblem(requestId, field));
}

export function checkExpectedVersion(version: number): void {
  if (Number.isInteger(version) && version >= 1) return;
  refuse({
    field: 'expectedVersion',
    message: 'expectedVersion must be a version that the ticket had, so 1 or more.',
  });
}

export function checkRevision(revision: number): void {
  refuse(countProblem('revision', revision));
}

/** Later checks may rely on Postgres understanding it too. */
export function checkCreatedAt(createdAt: string): void {
  if (utcTime(createdAt) !== undefined) return;
  refuse({ field: 'createdAt', message: `createdAt ${timeRule}` });
}
