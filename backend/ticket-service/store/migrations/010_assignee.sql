-- Who has a ticket. What knows no agents stores nobody.

alter table tickets add column assignee_id text references agents (id);
alter table deleted_tickets add column assignee_id text;

-- One agent's tickets, and those that nobody has, newest first.
create index tickets_assignee_created on tickets (assignee_id, created_at, id);
