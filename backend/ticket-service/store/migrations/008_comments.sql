-- What is said about a ticket, and the requests by which tickets that are there were written.

create table comments (
  id integer generated always as identity primary key,
  ticket_id integer not null,
  -- The version that the ticket has since this was written, by which the change feed finds it.
  ticket_version integer not null,
  request_id uuid not null unique,
  kind text not null,
  body text not null,
  -- Of an agent; null where nobody told who wrote it.
  author text,
  created_at timestamptz not null,
  edited_at timestamptz,
  -- The row stays, so that the same request never makes a second comment.
  deleted_at timestamptz
);
create index comments_ticket on comments (ticket_id, id);
create index comments_version on comments (ticket_id, ticket_version);

-- One change for each request id, whatever is sent again. What it changed tells it from another under the same id.
create table change_requests (
  request_id uuid primary key,
  ticket_id integer not null,
  -- That the ticket had afterwards.
  version integer not null,
  changes jsonb not null
);
create index change_requests_ticket on change_requests (ticket_id);

create function record_comment() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into ticket_history (ticket_id, version, agent, field, "to")
    values (new.ticket_id, new.ticket_version, new.author, 'COMMENTED', new.id::text);
  elsif new.body is distinct from old.body then
    insert into ticket_history (ticket_id, version, agent, field, "from", "to")
    values (new.ticket_id, new.ticket_version, new.author, 'comment', old.body, nullif(new.body, ''));
  end if;
  return null;
end
$$;
create trigger comments_record after insert or update on comments
  for each row execute function record_comment();

-- A load by pg_dump has an empty search path.
do $$
begin
  execute format('alter function record_comment() set search_path = %I, pg_temp', current_schema());
end
$$;
