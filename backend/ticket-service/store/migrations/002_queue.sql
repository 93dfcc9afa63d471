-- What the queue brings: creates that can never become tickets, and services of an older kind on the same tables.

-- The last rejected text of each request, for its author and for whoever runs the service.
create table rejected_creates (
  request_id uuid primary key,
  -- Of the text: 0 as filed, one more each time its author edited or retried it.
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

-- Its tickets, so that a create which it stored is recognised by its text when it is sent again.
create index tickets_without_request on tickets (md5(title)) where request_id is null;
