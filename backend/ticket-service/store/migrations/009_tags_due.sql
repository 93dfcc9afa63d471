-- Words of the agents' own on a ticket, and when it is to be done. What knows neither stores none.

alter table tickets add column tags text[] not null default '{}', add column due_at timestamptz;
alter table deleted_tickets add column tags text[] not null default '{}', add column due_at timestamptz;

-- Tickets that have all of some tags.
create index tickets_tags on tickets using gin (tags);

-- Pages by what is due, over everything and, the soonest first, over one status. What is never due comes last in both.
create index tickets_due on tickets (coalesce(due_at, 'infinity'), id);
create index tickets_status_due on tickets (status, coalesce(due_at, 'infinity'), id);
create index tickets_due_last on tickets (coalesce(due_at, '-infinity'), id);
