/**
 * Puts back what a request did to its tickets. The history has what that was, and who has changed the same since. A
 * statement looks into the history as it was when it began, so it writes nothing when a ticket has another version by
 * the time that it is locked, and is run again.
 */
import { fieldNames, fieldOf } from '../../../proto/ticket-fields.ts';
import { DeskError } from '../../errors.ts';
import { agentObject, columnOf, nextVersion } from './columns.ts';
import type { Database } from './database.ts';
import { notedColumns, noteRequest, onceFor } from './ticket-requests.ts';
import type { ManyOutcome, UndoRequest } from './ticket-store.ts';
import { deleteRows, restoreRows } from './writes.ts';

const target =
  'target as materialized (select * from unnest($3::integer[], $4::integer[]) as target (id, version))';

const lockedSeen = (table: 'tickets' | 'deleted_tickets') => `
  seen as materialized (select id, version from ${table} where id = any($3::integer[])),
  locked as materialized (
    select id, version from ${table} where id = any($3::integer[]) order by id for update
  ), overtaken as materialized (
    select from seen full join locked using (id) where seen.version is distinct from locked.version
  )`;

/** Unless a ticket was overtaken. */
const noteUndo = (wrote: string) =>
  `${noteRequest(wrote)} where not exists (select from overtaken) returning ${notedColumns}`;

/** Who deleted a ticket that is gone. */
const deleter = agentObject(`(
  select agent from ticket_history where ticket_id = target.id and field = 'DELETED' order by id desc limit 1
)`);

const fields = `(values ${fieldNames
  .map((name) => `('${name}', '${columnOf(name)}', ${fieldOf(name).kind === 'set'})`)
  .join(', ')}) as fields (field, name, is_set)`;

/**
 * Of each field what the change made of what; whether others have changed it since, and whether who undoes has. A change of
 * one's own that was undone is none, as the field says again what the change made of it.
 */
const undoUpdate = (columns: readonly string[]) => `
  with ${target}, ${lockedSeen('tickets')}, judged as materialized (
    select made.ticket_id as id, made.field, made."from", other.id is not null as is_others, other.agent,
           newest."to" is distinct from made."to" as is_over
    from target join locked using (id)
    join ticket_history made on made.ticket_id = target.id and made.version = target.version
    left join lateral (
      select id, agent from ticket_history since
      where since.ticket_id = made.ticket_id and since.field = made.field and since.version > made.version
        and since.agent is distinct from $5
      order by id desc limit 1
    ) other on true
    cross join lateral (
      select "to" from ticket_history since
      where since.ticket_id = made.ticket_id and since.field = made.field and since.version >= made.version
      order by id desc limit 1
    ) newest
    where not exists (select from overtaken)
  ), back as (
    select id, jsonb_object_agg(name,
      case when is_set then to_jsonb(coalesce(string_to_array("from", ', '), '{}')) else to_jsonb("from") end) as said
    from judged join ${fields} using (field) where not is_others and not is_over group by id
  ), done as (
    update tickets set
      (${columns}) = (select ${columns} from jsonb_populate_record(tickets, said)), ${nextVersion('$5')}
    from back where tickets.id = back.id
    returning tickets.id, tickets.version
  ), failed as (
    (select distinct on (id) id, case when is_others then 'CHANGED' else 'CHANGED_BY_SELF' end as reason, field,
       ${agentObject('agent')} as by
     from judged where is_others or is_over order by id, is_others desc, field)
    union all
    select id, 'DELETED', null, ${deleter} from target
    where not exists (select from locked where locked.id = target.id)
  )
  ${noteUndo(`array[${columns.map((column) => `'${column}'`)}]`)}`;

/** Who has done something to a ticket since, but who undoes. @param what the history's fields, in SQL */
const others = (what: string) => `
  others as materialized (
    select distinct on (since.ticket_id) since.ticket_id as id, since.field, since.agent
    from target join locked using (id)
    join ticket_history since on since.ticket_id = target.id and since.version > target.version
    where ${what} and since.agent is distinct from $5
    order by since.ticket_id, since.id desc
  ), free as materialized (
    select id from locked
    where not exists (select from others where others.id = locked.id) and not exists (select from overtaken)
  )`;
const changedByOthers = `select id, 'CHANGED' as reason, field, ${agentObject('agent')} as by from others`;

/** A ticket that others have changed since is not deleted. One that is deleted already counts as done. */
const undoRestore = `
  with ${target}, ${lockedSeen('tickets')}, ${others('true')}, ${deleteRows('select id from free', '$5::text')},
  failed as (${changedByOthers})
  ${noteUndo(`array['DELETED']`)}`;

/** A ticket that somebody has brought back already counts as done. One that others have deleted again stays deleted. */
const undoDelete = `
  with ${target}, ${lockedSeen('deleted_tickets')}, ${others(`since.field = 'DELETED'`)},
  ${restoreRows('select id from free', '$5')},
  failed as (
    ${changedByOthers}
    union all
    select id, 'MISSING', null, null from target
    where not exists (select from locked where locked.id = target.id)
      and not exists (select from tickets where tickets.id = target.id)
  )
  ${noteUndo(`array['RESTORED']`)}`;

interface Done {
  wrote: string[];
  tickets: number[];
  versions: number[];
}

/**
 * The same request again answers what it answered before, and is undone in turn by another.
 * @throws DeskError NOT_FOUND undoes: no such request is known. CONFLICT requestId: it is another request's.
 */
export function undoChange(database: Database, { requestId, undoes, by }: UndoRequest): Promise<ManyOutcome> {
  const asked = { undoes };
  return onceFor(database, { requestId, asked }, async () => {
    const { wrote, tickets, versions } = await findDone(database, undoes);
    const statement = wrote.includes('DELETED')
      ? undoDelete
      : wrote.includes('RESTORED')
        ? undoRestore
        : undoUpdate(wrote);
    const values = [requestId, asked, tickets, versions, by?.id ?? null];
    const [outcome] = await database.query<ManyOutcome>(statement, values);
    return outcome;
  });
}

async function findDone(database: Database, requestId: string): Promise<Done> {
  const [done] = await database.query<Done>(
    `select wrote, tickets, versions from ticket_requests where request_id = $1
     union all
     select array(select jsonb_object_keys(changes)), array[ticket_id], array[version] from change_requests
     where request_id = $1`,
    [requestId],
  );
  if (done) return done;
  const words = 'This can not be undone: the ticket service does not know of it, or no more.';
  throw new DeskError('NOT_FOUND', words, { field: 'undoes' });
}
