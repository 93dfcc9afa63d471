-- The most common words of fewer tickets: an index takes time for each ticket that has a word, even where a thousand suffice.

-- As in migration 019 of 64 that were filed one after the other.
create index tickets_search_sample_of_64 on tickets using gin (search)
  with (fastupdate = on, gin_pending_list_limit = 256) where id / 64 % 64 = 0;
create index tickets_search_new_of_4 on tickets using gin (search)
  with (fastupdate = on, gin_pending_list_limit = 256) where status = 'New' and id / 64 % 4 = 0;
create index tickets_search_in_progress_of_4 on tickets using gin (search)
  with (fastupdate = on, gin_pending_list_limit = 256) where status = 'In Progress' and id / 64 % 4 = 0;
create index tickets_search_on_hold_of_4 on tickets using gin (search)
  with (fastupdate = on, gin_pending_list_limit = 256) where status = 'On Hold' and id / 64 % 4 = 0;
