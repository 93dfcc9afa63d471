/** Reads all that a desk holds, from its database and, of what went back to its author, from its proxy. */
import type pg from 'pg';
import type { GraphqlServer } from '../testing/graphql.ts';
import type { FinalChange, FinalComment, FinalReads, FinalTicket } from './history.ts';
import { answerOf, seeThrough, type WayIn } from './ways-in.ts';

export type Query = <Row extends pg.QueryResultRow>(sql: string) => Promise<Row[]>;

const rowsOf = (table: string, isDeleted: boolean) => `
  select id, request_id as "requestId", version, ${isDeleted} as "isDeleted",
    exists (
      select from create_results r join ticket_history h using (ticket_id)
      where r.ticket_id = ${table}.id and h.field = 'CREATED' and h.at <> r.at
    ) as "isAdopted",
    (select jsonb_object_agg(declared_name(key), history_text(value)) from jsonb_each(to_jsonb(${table}))
     where key not in ('search', 'folded')) as values
  from ${table}`;

const requests = `
  select request_id as "requestId", ticket_id as "ticketId", version from change_requests
  union all
  select request_id, ticket, version from ticket_requests, unnest(tickets, versions) as made (ticket, version)`;

/** @param asked.desk undefined: nothing can have gone back to anybody */
export async function readAll(
  query: Query,
  { desk, ways = [] }: { desk?: GraphqlServer; ways?: readonly WayIn[] } = {},
): Promise<FinalReads> {
  const counts = ways.map(async ({ name, count }) => {
    const { counts = [] } = await seeThrough(count);
    return counts.map((told) => ({ ...told, by: name }));
  });
  return {
    tickets: await query<FinalTicket>(
      `${rowsOf('tickets', false)} union all ${rowsOf('deleted_tickets', true)} order by id`,
    ),
    changes: await query<FinalChange>(
      'select ticket_id as "ticketId", version, field, "from", "to" from ticket_history order by id',
    ),
    comments: await query<FinalComment>(
      `select id, ticket_id as "ticketId", request_id as "requestId", body, deleted_at is not null as "isDeleted"
       from comments order by id`,
    ),
    requests: await query(requests),
    counts: (await Promise.all(counts)).flat(),
    backWithAuthor: desk ? await failedWrites(desk) : [],
  };
}

async function failedWrites(desk: GraphqlServer): Promise<string[]> {
  const { outbox } = await answerOf<{ outbox: { writes: { requestId: string; state: string }[] } }>(
    () => desk,
    '{ outbox { writes { requestId state } } }',
  );
  return outbox.writes.filter(({ state }) => state === 'FAILED').map(({ requestId }) => requestId);
}
