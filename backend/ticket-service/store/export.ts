/** Reads all that is wanted, as it is at one moment, block by block: no side ever holds more than two. */
import pg from 'pg';
import { personFieldNames, type TicketAgents, ticketFields } from '../../../proto/ticket-fields.ts';
import type { Agent } from '../../domain/agent.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { plain, ticketColumnsBy, type WithIds } from './columns.ts';
import { commentColumns } from './comments.ts';
import { connectForUpkeep, types } from './database.ts';
import { plainChangeColumns } from './history.ts';
import { toStoreError } from './postgres-errors.ts';
import { selectionOf } from './selection.ts';
import type { ExportBlock, ExportRequest, StoredChange, StoredComment } from './ticket-store.ts';
import { Values } from './walk.ts';

type TicketRow = WithIds<Ticket, keyof TicketAgents<Agent>>;
type CommentRow = WithIds<StoredComment, 'author'>;
type ChangeRow = WithIds<StoredChange, 'by'> & { ticketId: number };

/** Far less than a message may hold even when all of them are of the longest texts; with more, garbage outlives its block. */
const blockTickets = 100;

/**
 * On a connection of its own, as it takes as long as its reader does; a transaction that only reads holds up nobody's
 * write.
 * @throws DeskError UNAVAILABLE, DEADLINE_EXCEEDED
 */
export async function* exportTickets(
  { postgresUrl, signal }: { postgresUrl: string; signal: AbortSignal },
  request: ExportRequest,
): AsyncGenerator<ExportBlock> {
  let client: pg.Client | undefined;
  try {
    client = await connectForUpkeep(postgresUrl, signal);
    yield* readBlocks(client, request);
  } catch (thrown) {
    throw toStoreError(thrown);
  } finally {
    await client?.end();
  }
}

async function* readBlocks(
  client: pg.Client,
  { filter, except, withThreads }: ExportRequest,
): AsyncGenerator<ExportBlock> {
  const values = new Values();
  const conditions = [selectionOf(values, filter, { byIndex: true })];
  if (except.length > 0) {
    const leftOut = values.add(except);
    conditions.push(
      `not exists (select from unnest(${leftOut}::integer[]) left_out (id) where left_out.id = tickets.id)`,
    );
  }
  await client.query('begin transaction isolation level repeatable read, read only');
  await client.query(`set local jit = off; set local timezone = 'UTC'; set local datestyle = 'ISO'`);
  // Found once and then sorted, in Postgres, which puts what is too much for its memory on its disk.
  await client.query(
    `declare wanted no scroll cursor for
     with found as materialized (select id from tickets where ${conditions.join(' and ')})
     select id::integer, (select count(*)::integer from found) as count from found order by id`,
    values.list,
  );
  const agentOf = await readAgents(client);
  const read = async (): Promise<ExportBlock> => {
    const { rows } = await client.query<{ id: number; count: number }>(`fetch ${blockTickets} from wanted`);
    const ids = rows.map(({ id }) => id);
    return { count: rows[0]?.count ?? 0, tickets: await readTickets(client, ids, { withThreads, agentOf }) };
  };
  const begin = () => {
    const reading = read();
    // Nobody may wait for it any more when it fails.
    reading.catch(() => {});
    return reading;
  };
  let reading = begin();
  for (let isFirst = true; ; isFirst = false) {
    const block = await reading;
    const isLast = block.tickets.length < blockTickets;
    // Postgres reads the next one while this one is taken.
    if (!isLast) reading = begin();
    if (isFirst || block.tickets.length > 0) yield block;
    if (isLast) return;
  }
}

const plainTypes: pg.CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === pg.types.builtins.TIMESTAMPTZ ? timestamp : types.getTypeParser(id, format),
};

/** Of what Postgres writes in UTC, as to_char() in rows.ts makes it, in a third of the time. */
function timestamp(text: string): string {
  const day = text.indexOf(' ');
  const second = day + ' 00:00:00'.length;
  const microseconds = text.slice(second + 1, -'+00'.length).padEnd(6, '0');
  return `${text.slice(0, day)}T${text.slice(day + 1, second)}.${microseconds}Z`;
}

type AgentOf = (id: string | null) => Agent | null;

/** To look for each of them in Postgres would take more than half of the time that an export takes there. */
async function readAgents(client: pg.Client): Promise<AgentOf> {
  const { rows } = await client.query<Agent>('select id, name from agents');
  const agents = new Map(rows.map((agent) => [agent.id, agent]));
  return (id) => (id === null ? null : (agents.get(id) ?? null));
}

async function readTickets(
  client: pg.Client,
  ids: readonly number[],
  { withThreads, agentOf }: { withThreads: boolean; agentOf: AgentOf },
): Promise<ExportBlock['tickets']> {
  const read = async <Row extends pg.QueryResultRow>(name: string, text: string) =>
    (await client.query<Row>({ name, text, values: [ids], types: plainTypes })).rows;
  const tickets = await read<TicketRow>(
    'export-tickets',
    `select ${ticketColumnsBy(plain)} from tickets where id = any($1::integer[]) order by id`,
  );
  const exported = tickets.map((ticket): ExportBlock['tickets'][number] => ({
    ticket: Object.assign(ticket, agentsOf(ticket, agentOf)),
    comments: [],
    changes: [],
  }));
  if (!withThreads) return exported;
  const byId = new Map(exported.map((one) => [one.ticket.id, one]));
  const comments = await read<CommentRow>(
    'export-comments',
    `select ${commentColumns('comments', plain)} from comments
     where ticket_id = any($1::integer[]) and deleted_at is null order by id`,
  );
  for (const comment of comments)
    byId.get(comment.ticketId)?.comments.push(Object.assign(comment, { author: agentOf(comment.author) }));
  const changes = await read<ChangeRow>(
    'export-changes',
    `select ticket_id as "ticketId", ${plainChangeColumns} from ticket_history
     where ticket_id = any($1::integer[]) order by id`,
  );
  for (const change of changes) {
    const { by, from, to, fromId, toId } = change;
    const named = {
      by: agentOf(by),
      from: agentOf(fromId)?.name ?? from,
      to: agentOf(toId)?.name ?? to,
    };
    byId.get(change.ticketId)?.changes.push(Object.assign(change, named));
  }
  return exported;
}

function agentsOf(ticket: TicketRow, agentOf: AgentOf): TicketAgents<Agent> {
  const agents = personFieldNames.map((name) => [ticketFields[name].agent, agentOf(ticket[name])]);
  return Object.fromEntries(agents) as TicketAgents<Agent>;
}
