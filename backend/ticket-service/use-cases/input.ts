/** Checks what comes in, before anything is touched. Each throws DeskError BAD_USER_INPUT that names the field. */
import { limits } from '../../../proto/checks.ts';
import { idProblem, type Problem, requestIdProblem } from '../../domain/ticket.ts';
import { filterProblem, type TicketFilter } from '../../domain/ticket-filter.ts';
import { DeskError } from '../../errors.ts';

export function refuse(problem: Problem | undefined): void {
  if (problem) throw new DeskError('BAD_USER_INPUT', problem.message, { field: problem.field });
}

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

export function checkRequestId(requestId: string, field = 'requestId'): void {
  const problem = requestIdProblem(requestId);
  refuse(problem && { ...problem, field });
}

export function checkExpectedVersion(version: number): void {
  if (Number.isInteger(version) && version >= 1) return;
  refuse({
    field: 'expectedVersion',
    message: 'expectedVersion must be a version that the ticket had, so 1 or more.',
  });
}

export function checkRevision(revision: number): void {
  if (Number.isInteger(revision) && revision >= 0) return;
  refuse({ field: 'revision', message: 'revision must be a whole number from 0 on.' });
}

/** The zone at most 14:59, as no place on earth is further from UTC. */
const time =
  /^(19[7-9]\d|[2-9]\d{3})-(\d\d)-(\d\d)[Tt ]([01]\d|2[0-3])(:[0-5]\d){2}(\.\d+)?([Zz]|[+-](0\d|1[0-4]):[0-5]\d)$/;

/** Of RFC 3339, from 1970 on; later checks may rely on Postgres understanding it too. */
export function checkCreatedAt(createdAt: string): void {
  const [, year, month, day] = time.exec(createdAt) ?? [];
  // A month that there is not makes it NaN, and a day that there is not another day.
  const isDay = new Date(`${year}-${month}-${day}T00:00Z`).getUTCDate() === Number(day);
  if (createdAt.length <= 40 && isDay) return;
  refuse({
    field: 'createdAt',
    message: 'createdAt must be a time of 1970 or later in RFC 3339, as in 2026-11-24T14:02:11.123456Z.',
  });
}
