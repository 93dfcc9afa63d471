-- Who acts, and the history of every ticket: kept by the triggers that record changes, so that nothing can change one
-- without it, be it a statement of ours or of an older service.

create table agents (
  id text primary key,
  name text not null,
  last_seen_at timestamptz not null
);

-- The agent whose write made the row as it is; null where nobody told. A delete tells by the setting ticketdesk.agent.
alter table tickets add column changed_by text;

create table ticket_history (
  id bigint generated always as identity primary key,
  ticket_id integer not null,
  -- That the ticket has since this change.
  version integer not null,
  at timestamptz not null default now(),
  agent text,
  -- A field by its declared name; or CREATED, DELETED, RESTORED, or COMMENTED.
  field text not null,
  "from" text,
  "to" text
);
create index ticket_history_ticket on ticket_history (ticket_id, id);
-- By which the history of what can't be restored any more is found and forgotten.
create index ticket_history_deleted on ticket_history (at) where field = 'DELETED';

create function refuse_history_change() returns trigger language plpgsql as $$
begin
  raise exception 'the history of tickets is never changed';
end
$$;
create trigger ticket_history_stays before update on ticket_history
  for each row execute function refuse_history_change();

-- What a service that knows no versions writes, it writes for nobody we know.
create or replace function count_version() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  new.updated_at := greatest(now(), old.updated_at);
  new.changed_by := null;
  return new;
end
$$;

-- due_at is declared as dueAt.
create function declared_name(of_column text) returns text language sql immutable strict as $$
  select left(of_column, 1) || substr(replace(initcap(replace(of_column, '_', ' ')), ' ', ''), 2)
$$;

create function history_text(value jsonb) returns text language sql immutable as $$
  select case jsonb_typeof(value)
    when 'array' then (select string_agg(entry, ', ') from jsonb_array_elements_text(value) as entry)
    else value #>> '{}'
  end
$$;

-- Every column that says something of the ticket is one of its fields, those of later migrations too.
create function keep_history() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into ticket_history (ticket_id, version, agent, field)
    select id, version + 1, nullif(current_setting('ticketdesk.agent', true), ''), 'DELETED'
    from old_tickets order by id;
  elsif tg_op = 'INSERT' then
    insert into ticket_history (ticket_id, version, agent, field)
    select id, version, changed_by, case version when 1 then 'CREATED' else 'RESTORED' end
    from new_tickets order by id;
  else
    insert into ticket_history (ticket_id, version, agent, field, "from", "to")
    select written.id, written.version, written.changed_by, declared_name(field),
           history_text(was_said), history_text(is_said)
    from new_tickets written join old_tickets overwritten using (id)
    cross join lateral (select to_jsonb(overwritten) as said) earlier
    cross join lateral (
      select key as field, earlier.said -> key as was_said, value as is_said
      from jsonb_each(to_jsonb(written))
      where key not in ('id', 'version', 'created_at', 'updated_at', 'request_id', 'folded', 'changed_by')
        and value is distinct from earlier.said -> key
    ) fields
    order by written.id, field;
  end if;
  return null;
end
$$;

create trigger tickets_history_insert after insert on tickets
  referencing new table as new_tickets for each statement execute function keep_history();
create trigger tickets_history_update after update on tickets
  referencing old table as old_tickets new table as new_tickets for each statement execute function keep_history();
create trigger tickets_history_delete after delete on tickets
  referencing old table as old_tickets for each statement execute function keep_history();

-- A time is told in UTC, whatever the zone of whoever writes.
alter function keep_history() set timezone = 'UTC';

-- A load by pg_dump has an empty search path.
do $$
declare
  function_name text;
begin
  foreach function_name in array array['count_version', 'keep_history', 'refuse_history_change'] loop
    execute format('alter function %s() set search_path = %I, pg_temp', function_name, current_schema());
  end loop;
end
$$;
