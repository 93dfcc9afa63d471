-- Tickets, what became of each create, what was deleted lately, and every change in order.

create extension if not exists pg_trgm;

create table tickets (
  id integer generated always as identity primary key,
  title text not null,
  description text not null,
  status text not null,
  -- The requester.
  name text not null,
  request_id uuid unique,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- Pages in both directions, over everything and over one status.
create index tickets_created on tickets (created_at, id);
create index tickets_updated on tickets (updated_at, id);
create index tickets_status_created on tickets (status, created_at, id);
create index tickets_status_updated on tickets (status, updated_at, id);

-- Text that occurs anywhere, whatever its case.
create index tickets_title_text on tickets using gin (title gin_trgm_ops);
create index tickets_description_text on tickets using gin (description gin_trgm_ops);
create index tickets_name_text on tickets using gin (name gin_trgm_ops);

-- The ledger that makes one request at most one ticket, for ever: its rows outlive the tickets.
create table create_results (
  request_id uuid primary key,
  ticket_id integer not null,
  at timestamptz not null default now()
);

-- Deleted tickets, to be brought back for a while. The version is that of the deletion.
create table deleted_tickets (
  id integer primary key,
  title text not null,
  description text not null,
  status text not null,
  name text not null,
  request_id uuid,
  version integer not null,
  created_at timestamptz not null,
  deleted_at timestamptz not null default now()
);
create index deleted_tickets_at on deleted_tickets (deleted_at);

-- Every change. Read in the order (xact, seq), and only below the oldest transaction that still runs:
-- seq alone is handed out before the commit, so a late commit would be skipped.
create table ticket_changes (
  xact xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  ticket_id integer not null,
  kind text not null,
  version integer not null,
  at timestamptz not null default now(),
  primary key (xact, seq)
);
create index ticket_changes_at on ticket_changes (at);

-- One row: which feed this is, so that a token of another database is told apart, and how far it was pruned.
create table ticket_feed (
  feed_id uuid not null default gen_random_uuid(),
  pruned_through xid8 not null default '0'
);
create unique index ticket_feed_one_row on ticket_feed ((true));
insert into ticket_feed default values;

create function record_ticket_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into ticket_changes (ticket_id, kind, version) values (old.id, 'DELETED', old.version + 1);
  else
    insert into ticket_changes (ticket_id, kind, version)
    values (new.id, case tg_op when 'INSERT' then 'CREATED' else 'UPDATED' end, new.version);
  end if;
  -- Says only that something changed; Postgres folds the notifications of one transaction into one.
  perform pg_notify('ticket_changes', '');
  return null;
end
$$;

create trigger tickets_record_change after insert or update or delete on tickets
  for each row execute function record_ticket_change();
