/** All that a database says of its tickets, to be compared field by field with what another one says of the same. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';

/**
 * A ticket with its comments and history, past the code that exports and imports them. Left out are the ids that each
 * desk gives of its own, but for the number, and what tells of the import itself.
 */
const wholeTickets = (where: string) => `
  select t.id as number, t.request_id as "requestId",
    to_jsonb(t) - '{id,search,changed_by}'::text[] as ticket,
    (select a.name from agents a where a.id = t.assignee_id) as assignee,
    coalesce((
      select jsonb_agg(to_jsonb(c) - '{id,ticket_id,ticket_version}'::text[] order by c.created_at, c.request_id)
      from comments c where c.ticket_id = t.id and c.deleted_at is null), '[]') as comments,
    coalesce((
      select jsonb_agg(entry order by entry->>'at', entry->>'field', entry->>'to')
      from ticket_history h, lateral (select to_jsonb(h) - '{id,ticket_id}'::text[] || jsonb_build_object(
        'to', case when h.field = 'COMMENTED'
          then (select c.request_id::text from comments c where c.id = h."to"::bigint) else h."to" end) as entry) told
      where h.ticket_id = t.id and h.field <> 'IMPORTED'), '[]') as history
  from tickets t where ${where} order by t.request_id`;

export interface WholeTicket {
  number: number;
  requestId: string;
  ticket: Record<string, unknown>;
  assignee: string | null;
  comments: unknown[];
  history: unknown[];
}

export type Query = <Row extends object>(sql: string) => Promise<Row[]>;

/** @param where of a ticket `t`, in SQL */
export function readWhole(query: Query, where = 'true'): Promise<WholeTicket[]> {
  return query<WholeTicket>(wholeTickets(where));
}

/** "3,134 tickets 1f0a…, 1,580 comments 33c2…, 13,120 changes 90ab…" */
export function summed(tickets: readonly WholeTicket[]): string {
  const sum = (part: (one: WholeTicket) => unknown) =>
    createHash('sha256')
      .update(JSON.stringify(tickets.map(part)))
      .digest('hex')
      .slice(0, 12);
  const count = (part: (one: WholeTicket) => unknown[]) =>
    tickets.reduce((n, one) => n + part(one).length, 0);
  return [
    `${tickets.length} tickets ${sum(({ ticket }) => ticket)}`,
    `${count(({ comments }) => comments)} comments ${sum(({ comments }) => comments)}`,
    `${count(({ history }) => history)} changes ${sum(({ history }) => history)}`,
  ].join(', ');
}

/** Names the first that are not the same. @param mayDiffer what may be another number there */
export function expectSame(
  there: readonly WholeTicket[],
  here: readonly WholeTicket[],
  mayDiffer: (requestId: string) => boolean = () => false,
): void {
  expect(there.length).toBe(here.length);
  const comparable = (one: WholeTicket | undefined) =>
    one && { ...one, number: mayDiffer(one.requestId) ? 'another' : one.number };
  const different = here.findIndex(
    (one, at) => JSON.stringify(comparable(there[at])) !== JSON.stringify(comparable(one)),
  );
  if (different >= 0) expect(comparable(there[different])).toEqual(comparable(here[different]));
}
