/** Writes to many tickets, each one statement and so one transaction. They are locked in the order of their ids. */
import { type FieldName, ticketFields } from '../../../proto/ticket-fields.ts';
import { agentObject, asSet, columnOf, nextVersion, toColumns } from './columns.ts';
import type { Database } from './database.ts';
import { idsOf } from './reads.ts';
import { selectionOf } from './selection.ts';
import { notedColumns, noteRequest, onceFor } from './ticket-requests.ts';
import type { ManyOutcome, ManyRequest, TicketSelection } from './ticket-store.ts';
import { Values } from './walk.ts';
import { deleteRows, restoreRows } from './writes.ts';

/** What was asked for and is not in the part `locked`. */
const gone = `
  select asked.id, case when deleted.id is null then 'MISSING' else 'DELETED' end as reason,
         null::text as field, ${agentObject('deleted.agent')} as by
  from asked left join lateral (
    select id, agent from ticket_history where ticket_id = asked.id and field = 'DELETED' order by id desc limit 1
  ) deleted on true
  where not exists (select from locked where locked.id = asked.id)`;

const askedIds = 'asked as materialized (select unnest($3::integer[]) as id)';
const locked = (table: string, columns = 'id') =>
  `locked as materialized (select ${columns} from ${table} where id = any($3::integer[]) order by id for update)`;

const deleteStatement = `
  with ${askedIds}, ${locked('tickets')}, ${deleteRows('select id from locked', '$4::text')},
  failed as (${gone})
  ${noteRequest(`array['DELETED']`)} returning ${notedColumns}`;

const restoreStatement = `
  with ${askedIds}, ${locked('deleted_tickets')}, ${restoreRows('select id from locked', '$4')},
  failed as (${gone})
  ${noteRequest(`array['RESTORED']`)} returning ${notedColumns}`;

/** Writes only the columns that are named. */
function updateStatement(columns: readonly string[], editsTags: boolean): string {
  const next = columns.map((column) => {
    const value =
      editsTags && column === 'tags'
        ? asSet('ticket.tags || $6::text[]', 'entry <> all($7::text[])')
        : `said.${column}`;
    return `${value} as next_${column}`;
  });
  const nextColumns = columns.map((column) => `next_${column}`);
  const { maxEntries } = ticketFields.tags;
  const fits = editsTags ? `cardinality(next_tags) <= ${maxEntries}` : 'true';
  return `
    with ${askedIds}, ${locked('tickets', ['id', ...columns].join(', '))},
    wanted as materialized (
      select ticket.*, ${next.join(', ')} from locked ticket, jsonb_populate_record(null::tickets, $5::jsonb) said
    ), done as (
      update tickets set ${columns.map((column) => `${column} = next_${column}`).join(', ')}, ${nextVersion('$4')}
      from wanted
      where tickets.id = wanted.id and ${fits}
        and row(${columns.map((column) => `wanted.${column}`)}) is distinct from row(${nextColumns})
      returning tickets.id, tickets.version
    ), failed as (
      ${gone}
      union all select id, 'FULL', 'tags', null from wanted where not ${fits}
    )
    ${noteRequest(`array[${columns.map((column) => `'${column}'`)}]`)} returning ${notedColumns}`;
}

/**
 * Does the same to each of some tickets, and tells of which it could not and why. What is as it is wanted stays in its
 * version. The same request again answers what it answered before.
 * @throws DeskError CONFLICT requestId: it is another request's. NOT_FOUND: the changes name nobody who is there.
 */
export function changeTickets(database: Database, { by, ...request }: ManyRequest): Promise<ManyOutcome> {
  const { requestId, ids } = request;
  const asked = toAsked(request);
  const statement = async (text: string, values: readonly unknown[] = []) => {
    const [outcome] = await database.query<ManyOutcome>(text, [
      requestId,
      asked,
      ids,
      by?.id ?? null,
      ...values,
    ]);
    return outcome;
  };
  return onceFor(database, { requestId, asked }, () => {
    if (request.kind !== 'UPDATED')
      return statement(request.kind === 'DELETED' ? deleteStatement : restoreStatement);
    const { changes, addTags, removeTags } = request;
    const editsTags = addTags.length + removeTags.length > 0;
    const names = Object.keys(changes) as FieldName[];
    const columns = [...names.map(columnOf), ...(editsTags ? ['tags'] : [])];
    const tags = editsTags ? [addTags, removeTags] : [];
    return statement(updateStatement(columns, editsTags), [toColumns(changes), ...tags]);
  });
}

function toAsked({ requestId: _, ...asked }: Omit<ManyRequest, 'by'> & { requestId: string }): object {
  return asked;
}

/** The ids of all tickets that are wanted, in their order, of one moment; one more than `most` tells that there are more. */
export function findTicketIds(database: Database, filter: TicketSelection, most: number): Promise<number[]> {
  const values = new Values();
  const wanted = selectionOf(values, filter, { byIndex: true });
  // Chosen before it is sorted: the planner would walk past every ticket by the number.
  const found = `with found as materialized (select id from tickets where ${wanted} limit ${values.add(most + 1)})
    select id from found order by id`;
  return idsOf(database, found, values);
}
