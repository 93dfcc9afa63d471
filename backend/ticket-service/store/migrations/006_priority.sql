-- How urgent a ticket is. What knows no priority stores none, and the default stands.

alter table tickets add column priority text not null default 'Normal';
alter table deleted_tickets add column priority text not null default 'Normal';

-- Pages by urgency, over everything and over one status.
create index tickets_priority
  on tickets (coalesce(array_position(array['Low', 'Normal', 'High', 'Urgent'], priority), 0), id);
create index tickets_status_priority
  on tickets (status, coalesce(array_position(array['Low', 'Normal', 'High', 'Urgent'], priority), 0), id);
