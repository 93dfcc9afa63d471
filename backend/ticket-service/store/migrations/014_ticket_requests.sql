-- What wrote to many tickets, deleted or restored some, or undid that: each once, whatever is sent again. What it changed
-- from what to what is in the history, so the versions that it made are enough to undo it.

create table ticket_requests (
  request_id uuid primary key,
  at timestamptz not null default now(),
  -- By which it is told from another under the same id.
  asked jsonb not null,
  -- The columns that it wrote; or DELETED, or RESTORED.
  wrote text[] not null,
  -- The tickets that have a new version by it, and that version of each.
  tickets integer[] not null,
  versions integer[] not null,
  -- The other tickets, each with the reason.
  failures jsonb not null
);
create index ticket_requests_at on ticket_requests (at);

-- Whoever writes a ticket writes all its words into the index again, whatever was changed. Put together for a few hundred
-- tickets that takes half the time, and what waits for it is so little that no search is slower for it.
alter index tickets_search set (fastupdate = on, gin_pending_list_limit = 256);
