/** What became of comments and changes, and whether the history tells all of it: asked of the database itself. */
import type pg from 'pg';
import type { Filing, Write } from './filing.ts';
import type { GraphqlServer } from './graphql.ts';

export interface WritesVerdict {
  /** Comments and changes that were answered. */
  written: number;
  /** Those that were answered and are neither stored nor, of a deleted ticket, back with their author. */
  unwritten: string[];
  /** Texts that were stored more than once. */
  writtenTwice: string[];
  /** Those that were stored before another one of the same ticket which had been answered earlier. */
  disordered: string[];
  /** Versions of tickets that the history does not tell of, and values that it tells otherwise than the ticket. */
  untold: string[];
}

export type Query = <Row extends pg.QueryResultRow>(sql: string) => Promise<Row[]>;

const storedWrites = `
  select comments.request_id, ticket_version as version, body as text, ticket_id
  from comments
  union all
  select request_id, version, changes ->> 'description', ticket_id from change_requests`;

const twice = `
  select body as text from comments group by body having count(*) > 1
  union all
  select "to" from ticket_history where field = 'description' group by "to" having count(*) > 1`;

const everyTicket = `
  select id, version, request_id, false as is_deleted from tickets
  union all select id, version, request_id, true from deleted_tickets`;

const untoldVersions = `
  select format('ticket %s has no history of version %s', id, told) as text
  from (${everyTicket}) every_ticket, generate_series(1, version) as told
  where not exists (select from ticket_history where ticket_id = every_ticket.id and ticket_history.version = told)`;

const otherValues = `
  select format('ticket %s has the %s "%s", its history "%s"', id, key, history_text(value), told."to") as text
  from tickets, jsonb_each(to_jsonb(tickets)), lateral (
    select "to" from ticket_history
    where ticket_id = tickets.id and field = declared_name(key) order by ticket_history.id desc limit 1
  ) told
  where told."to" is distinct from history_text(value)`;

/** To be asked once nothing waits any more. */
export async function judgeWrites(
  { written, refused }: Pick<Filing, 'written' | 'refused'>,
  { desk, query }: { desk: GraphqlServer; query: Query },
): Promise<WritesVerdict> {
  const texts = async (sql: string) => (await query<{ text: string }>(sql)).map(({ text }) => text);
  const tickets = new Map(
    (await query<{ id: number; request_id: string; is_deleted: boolean }>(everyTicket)).map((row) => [
      row.request_id,
      row,
    ]),
  );
  const stored = new Map(
    (await query<{ request_id: string; version: number; text: string; ticket_id: number }>(storedWrites)).map(
      (row) => [row.request_id, row],
    ),
  );
  const backWithAuthor = await failedWrites(desk);
  const mayFail = ({ ticket }: Write) => tickets.get(ticket)?.is_deleted === true;
  const isStored = ({ requestId, ticket, text }: Write) => {
    const row = stored.get(requestId);
    return row !== undefined && row.text === text && row.ticket_id === tickets.get(ticket)?.id;
  };
  const latest = new Map<string, number>();
  const disordered = written.filter(({ requestId, ticket }) => {
    const version = stored.get(requestId)?.version;
    const earlier = latest.get(ticket) ?? 0;
    if (version !== undefined) latest.set(ticket, Math.max(version, earlier));
    return version !== undefined && version <= earlier;
  });
  return {
    written: written.length,
    unwritten: [
      ...written.filter((one) => !isStored(one) && !(mayFail(one) && backWithAuthor.has(one.requestId))),
      ...refused.filter((one) => !mayFail(one)),
    ].map(inWords),
    writtenTwice: await texts(twice),
    disordered: disordered.map(inWords),
    untold: [...(await texts(untoldVersions)), ...(await texts(otherValues))],
  };
}

const inWords = ({ text, requestId, ticket }: Write) => `${text} (${requestId}) of ${ticket}`;

async function failedWrites(desk: GraphqlServer): Promise<Set<string>> {
  const { data } = await desk.graphql<{ outbox: { writes: { requestId: string; state: string }[] } }>(
    '{ outbox { writes { requestId state } } }',
  );
  const failed = data?.outbox.writes.filter(({ state }) => state === 'FAILED') ?? [];
  return new Set(failed.map(({ requestId }) => requestId));
}
