-- Searches that agents keep under a name, with order and columns.

create table views (
  -- Given by whoever made it, so that one that is saved again is one.
  id uuid primary key,
  -- The id of the agent who alone sees it; empty: everybody does.
  owner text not null,
  -- In the list of its owner, or of those that everybody sees; the same place twice goes by the id.
  place integer not null,
  name text not null,
  query text not null,
  "order" text not null,
  columns text[] not null,
  -- A letter or digit that leads to it.
  key text,
  version integer not null default 1,
  updated_at timestamptz not null default now()
);
create index views_place on views (owner, place, id);
