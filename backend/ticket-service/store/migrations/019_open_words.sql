-- Words of what is not done, of each status by itself: to prove that a status has more tickets than are counted takes as long
-- as it has tickets with a word, and not as long as all that are not done.

create index tickets_search_new on tickets using gin (search)
  with (fastupdate = on, gin_pending_list_limit = 256) where status = 'New';
create index tickets_search_in_progress on tickets using gin (search)
  with (fastupdate = on, gin_pending_list_limit = 256) where status = 'In Progress';
create index tickets_search_on_hold on tickets using gin (search)
  with (fastupdate = on, gin_pending_list_limit = 256) where status = 'On Hold';
drop index tickets_search_open;
