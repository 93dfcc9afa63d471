-- The time that an index of words takes grows with how many tickets have a word, and each has its own price for what is
-- asked most: these have few of the tickets.

-- One ticket in 16: enough of them prove that there are more than are counted.
create index tickets_search_sample on tickets using gin (search)
  with (fastupdate = on, gin_pending_list_limit = 256) where id % 16 = 0;

-- Those that are not done, which are a tenth in a desk of some years.
create index tickets_search_open on tickets using gin (search)
  with (fastupdate = on, gin_pending_list_limit = 256) where status <> 'Completed';
