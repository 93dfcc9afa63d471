/** Checks what comes in, before anything is touched. Each throws DeskError BAD_USER_INPUT that names the field. */
import { limits } from '../../../proto/checks.ts';
import { idProblem, type Problem, requestIdProblem } from '../../domain/ticket.ts';
import { filterProblem, type TicketFilter } from '../../domain/ticket-filter.ts';
import { DeskError } from '../../errors.ts';

export function refuse(problem: Problem | undefined): void {
  if (problem) throw new DeskError('BAD_USER_INPUT', problem.message, { field: problem.field });
}

export function checkId(id: number): void {
  refuse(idProblem('id', id));
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

const time = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-](\d\d):(\d\d))$/;

/** Of RFC 3339, from 1970 on; later checks may rely on Postgres understanding it too. */
export function checkCreatedAt(createdAt: string): void {
  if (createdAt.length <= 40 && isTime(createdAt)) return;
  refuse({
    field: 'createdAt',
    message: 'createdAt must be a time of 1970 or later in RFC 3339, as in 2026-11-24T14:02:11.123456Z.',
  });
}

function isTime(text: string): boolean {
  const parts = time.exec(text);
  if (!parts) return false;
  const part = (index: number) => Number(parts[index] ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  const date = new Date(Date.UTC(year, month - 1, day));
  return (
    year >= 1970 &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    part(4) <= 23 &&
    part(5) <= 59 &&
    part(6) <= 59 &&
    // No place on earth is further from UTC.
    part(9) <= 14 &&
    part(10) <= 59
  );
}
