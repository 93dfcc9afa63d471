/** Whether the table of a service of the base contract can be adopted, and if not, why. */
import type pg from 'pg';
import { maxInt32, ticketFields } from '../../../proto/ticket-fields.ts';
import { DeskError } from '../../errors.ts';

/** What each column may be; those of the second group may be missing. */
const textTypes = /^(text|character varying(\(\d+\))?)$/;
const required: Record<string, RegExp> = {
  id: /^(integer|bigint)$/,
  title: textTypes,
  description: textTypes,
  name: textTypes,
  status: textTypes,
};
const optional: Record<string, RegExp> = {
  created_at: /^timestamp(\(\d\))? with time zone$/,
  updated_at: /^timestamp(\(\d\))? with time zone$/,
};

/** @throws DeskError BAD_USER_INPUT: names all that is in the way and what to do. */
export async function refuseUnknownShape(client: pg.Client): Promise<void> {
  const problems = [...(await columnProblems(client)), ...(await attachedProblems(client))];
  // Of another shape its rows can't be asked for.
  if (problems.length === 0) problems.push(...(await rowProblems(client)));
  if (problems.length === 0) return;
  throw new DeskError(
    'BAD_USER_INPUT',
    `The database holds a table "tickets" that can't be taken over as it is: ${problems.join('; ')}. Nothing was changed. Known is a table of id, title, description, name and status, with created_at and updated_at or without. Mend what is named, or give an empty database and move the tickets there: docs/moving.md tells how.`,
  );
}

async function columnProblems(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; type: string; generated: boolean }>(
    `select attname as name, format_type(atttypid, atttypmod) as type, attgenerated <> '' as generated
     from pg_attribute where attrelid = 'tickets'::regclass and attnum > 0 and not attisdropped order by attnum`,
  );
  const known = { ...required, ...optional };
  const problems = rows.flatMap(({ name, type, generated }) => {
    if (!known[name]) return [extraColumn(name, type)];
    if (generated) return [`its column ${name} is generated`];
    return known[name].test(type) ? [] : [`its column ${name} is of the type ${type}`];
  });
  const names = new Set(rows.map(({ name }) => name));
  const missing = Object.keys(required).filter((name) => !names.has(name));
  return [...missing.map((name) => `it has no column ${name}`), ...problems];
}

function extraColumn(name: string, type: string): string {
  if (name === 'deleted_at') {
    return 'it marks deleted tickets by a column deleted_at, which would come back (delete those rows, then drop the column)';
  }
  return `it has a column ${name} (${type}) that is none of the base contract's (drop it, or keep it in a table of its own)`;
}

/** Whatever hangs on the table and would stand in the way of ours, or be broken by it. */
async function attachedProblems(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ problem: string }>(`
    with base as (select * from pg_class where oid = 'tickets'::regclass)
    select 'it is no ordinary table' as problem from base where relkind <> 'r' or relispartition
      or exists (select from pg_inherits where base.oid in (inhparent, inhrelid))
    union all select 'it is in the schema ' || relnamespace::regnamespace || ', and new tables would go to ' || current_schema()
      from base where relnamespace <> quote_ident(current_schema())::regnamespace
    union all select 'it belongs to the role ' || pg_get_userbyid(relowner) || ', not to ' || current_user
      || ' (alter table tickets owner to ' || quote_ident(current_user) || ')'
      from base where not pg_has_role(relowner, 'usage')
    union all select 'it has row level security' from base where relrowsecurity
    union all select 'it has no primary key (id)' from base where not exists (
      select from pg_constraint, pg_attribute where conrelid = base.oid and contype = 'p'
        and attrelid = base.oid and attname = 'id' and conkey = array[attnum])
    union all select case when conrelid = base.oid then 'it has' else conrelid::regclass || ' has' end
      || ' a constraint ' || conname || ': ' || pg_get_constraintdef(pg_constraint.oid)
      from base, pg_constraint where contype not in ('p', 'n') and base.oid in (conrelid, confrelid)
    union all select 'it has a unique index ' || indexrelid::regclass
      from base, pg_index where indrelid = base.oid and indisunique and not indisprimary
        and not exists (select from pg_constraint where conindid = indexrelid)
    union all select 'it has a trigger ' || tgname from base, pg_trigger where tgrelid = base.oid and not tgisinternal
    union all select 'it has a rule ' || rulename from base, pg_rewrite where ev_class = base.oid
    union all select distinct 'the view ' || ev_class::regclass || ' reads it'
      from base, pg_depend, pg_rewrite
      where refobjid = base.oid and classid = 'pg_rewrite'::regclass and pg_rewrite.oid = objid and ev_class <> base.oid
    order by problem`);
  return rows.map(({ problem }) => problem);
}

async function rowProblems(client: pg.Client): Promise<string[]> {
  const { rows: outside } = await client.query<{ id: number }>(
    `select id from (select min(id) as id from tickets union select max(id) from tickets) ids
     where id not between 1 and ${maxInt32 - 1}`,
  );
  const { rows: statuses } = await client.query<{ status: string; count: number }>(
    `select status, count(*) from tickets where status <> '' and status <> all($1)
     group by status order by status limit 10`,
    [ticketFields.status.choices],
  );
  return [
    ...outside.map(({ id }) => `it has a ticket with the id ${id}, and ids go from 1 to ${maxInt32 - 1}`),
    ...(await timeProblems(client)),
    ...statuses.map(
      ({ status, count }) =>
        `${count} of its tickets have the status "${status}" (set each to one of ${ticketFields.status.choices.join(', ')})`,
    ),
  ];
}

async function timeProblems(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; count: number }>(
    `
    select key as name, count(*) from tickets, jsonb_each_text(to_jsonb(tickets))
    where key = any($1) and value::timestamptz not between '0001-01-01' and '9999-12-31' group by key order by key`,
    [Object.keys(optional)],
  );
  return rows.map(
    ({ name, count }) => `${count} of its tickets have a ${name} outside of the years 1 to 9999`,
  );
}
