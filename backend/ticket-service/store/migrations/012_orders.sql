-- Pages by number, status, requester and assignee, over everything and over one status.

-- The place of a status among all of them; over one status it serves the numbers, too.
create index tickets_place
  on tickets (coalesce(array_position(array['New', 'In Progress', 'On Hold', 'Completed'], status), 0), id);

create index tickets_requester on tickets ((left(fold(left(name, 50)), 50) collate "C"), id);
create index tickets_status_requester on tickets (status, (left(fold(left(name, 50)), 50) collate "C"), id);

-- What is due last first, over one status.
create index tickets_status_due_last on tickets (status, coalesce(due_at, '-infinity'), id);

-- Each agent's, and those that nobody has, which their order walks one after the other.
create index tickets_assignee on tickets (coalesce(assignee_id, ''), id);
create index tickets_status_assignee on tickets (status, coalesce(assignee_id, ''), id);
