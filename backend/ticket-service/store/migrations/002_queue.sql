-- What the queue brings: creates that can never become tickets, and services of an older kind on the same tables.

-- The ledger says for ever what became of a request: the ticket, or, while there is none, the text that was rejected.
alter table create_results
  alter column ticket_id drop not null,
  -- Of the text: 0 as filed, one more each time its author edited or retried it after it had failed.
  add column revision integer not null default 0;

-- Why, for its author and for whoever runs the service.
create table rejected_creates (
  request_id uuid primary key,
  revision integer not null,
  reason text not null,
  field text,
  -- The message as it came. Whoever published it without an outbox has no other copy.
  body bytea not null,
  at timestamptz not null default now()
);
create index rejected_creates_at on rejected_creates (at);

-- An older service writes title, description, status and name alone.
alter table tickets
  alter column status set default 'New',
  alter column version set default 1,
  alter column created_at set default now(),
  alter column updated_at set default now();

-- Nor does its update count the version, by which caches and expectedVersion see that a ticket has changed.
create function count_version() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  new.updated_at := greatest(now(), old.updated_at);
  return new;
end
$$;
create trigger tickets_count_version before update on tickets
  for each row when (new.version = old.version) execute function count_version();

-- Its tickets, so that a create which it stored is recognised by its text when it is sent again.
create index tickets_without_request on tickets (md5(title)) where request_id is null;

-- Once a statement, not once a row: a batch of creates is one statement.
drop trigger tickets_record_change on tickets;
create or replace function record_ticket_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into ticket_changes (ticket_id, kind, version)
    select id, 'DELETED', version + 1 from old_tickets order by id;
  else
    insert into ticket_changes (ticket_id, kind, version)
    select id, case tg_op when 'INSERT' then 'CREATED' else 'UPDATED' end, version from new_tickets order by id;
  end if;
  -- Says only that something changed; a statement that changed nothing says nothing.
  if found then
    perform pg_notify('ticket_changes', '');
  end if;
  return null;
end
$$;

create trigger tickets_record_insert after insert on tickets
  referencing new table as new_tickets for each statement execute function record_ticket_change();
create trigger tickets_record_update after update on tickets
  referencing new table as new_tickets for each statement execute function record_ticket_change();
create trigger tickets_record_delete after delete on tickets
  referencing old table as old_tickets for each statement execute function record_ticket_change();
