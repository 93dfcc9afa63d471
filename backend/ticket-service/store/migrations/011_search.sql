-- Words by which tickets are found, in any order and by their beginnings, in place of texts that contain others; and how
-- many tickets each status has.

-- proto/search-words.ts does the same for tickets that are not in this database, and a test holds the two together.
-- Ranges of characters, as a database's locale may know ASCII's letters alone. Scripts without blanks between words
-- are cut in twos.
create function search_words(folded text) returns table (word text, place bigint)
  language sql immutable strict parallel safe as $$
  select case when is_unspaced then substr(part, character_at, 2) else left(part, 60) end,
         row_number() over (order by run_at, part_at, character_at)
  from regexp_split_to_table(
      folded, '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+'
    ) with ordinality as runs (run, run_at)
  cross join lateral regexp_matches(
      run,
      '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffff]+)'
      || '|([^\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffff]+)',
      'g'
    ) with ordinality as parts (found, part_at)
  cross join lateral (select coalesce(found[1], found[2]) as part, found[1] is not null as is_unspaced) named
  cross join lateral generate_series(1, case when is_unspaced then length(part) else 1 end) as character_at
$$;

create function word_vector(folded text) returns tsvector language plpgsql immutable strict parallel safe as $$
begin
  -- ASCII alone, as most texts are. Postgres's parser is faster and finds the same words there, but for numbers like
  -- 1e5 and words that are too long.
  if octet_length(folded) = length(folded) and folded !~ '[0-9]e[0-9]|[0-9a-z]{61}' then
    return to_tsvector('pg_catalog.simple', regexp_replace(folded, '[^0-9a-z]+', ' ', 'g'));
  end if;
  return coalesce((
    select string_agg(quote_literal(word) || ':' || least(place, 16383), ' ') from search_words(folded)
  ), '')::tsvector;
end
$$;

-- No phrase reaches from one text into the next.
create function apart(one tsvector, other tsvector) returns tsvector language sql immutable parallel safe as $$
  select ts_delete(one || '''|'':2'::tsvector, '|') || other
$$;

-- A vector holds 1 MB. What is said last in a ticket beyond that is not found, rather than the ticket not stored.
create function bounded(vector tsvector) returns tsvector language sql immutable parallel safe as $$
  select case when pg_column_size(vector) < 500000 then vector else strip(vector) end
$$;

-- A is the title and the tags, B the requester, C the text, D the comments. What is in A and B is in it once more as
-- "=word", and the status as "s:New" and the number as "#12": no separator is in a word, so nothing else is like them.
create function ticket_vector(
  id integer, title text, name text, tags text[], description text, status text, said tsvector
) returns tsvector language plpgsql stable parallel safe as $$
declare
  head tsvector := apart(
    setweight(apart(word_vector(fold(title)), word_vector(fold(array_to_string(tags, ' , ')))), 'A'),
    setweight(word_vector(fold(name)), 'B')
  );
begin
  return bounded(apart(apart(head, setweight(word_vector(fold(description)), 'C')), coalesce(said, '')))
    || array_to_tsvector(
      (select coalesce(array_agg('=' || lexeme), '{}') from unnest(tsvector_to_array(head)) as lexeme)
      || array['s:' || status, '#' || id]
    );
end
$$;

create function comment_vector(body text) returns tsvector language sql stable parallel safe as $$
  select setweight(word_vector(fold(body)), 'D')
$$;

-- What is said about a ticket, but for one comment that is just being changed, whose new text comes with it.
create function said_vector(of_ticket integer, changed integer, body text) returns tsvector language plpgsql stable as $$
declare
  said tsvector := case when body <> '' then comment_vector(body) else '' end;
  each text;
begin
  for each in
    select c.body from comments c
    where c.ticket_id = of_ticket and c.deleted_at is null and c.id is distinct from changed order by c.id
  loop
    said := bounded(apart(said, comment_vector(each)));
  end loop;
  return said;
end
$$;

-- To one ticket what is said is added with the statement that adds the comment.
create function with_comment(search tsvector, body text) returns tsvector language sql stable parallel safe as $$
  select bounded(apart(search, comment_vector(body)))
$$;

drop trigger tickets_fold on tickets;
drop function fold_ticket();
alter table tickets drop column folded;
-- Tables of an older service are adopted in their own way, and may have been left without.
alter table tickets add column search tsvector;

-- Of another name than those before: it looks at what they have settled.
create function search_ticket() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.search is not null and new.title = old.title and new.name = old.name
    and new.tags = old.tags and new.description = old.description then
    new.search := ts_delete(new.search, 's:' || coalesce(old.status, '')) || array_to_tsvector(array['s:' || coalesce(new.status, '')]);
  else
    new.search := ticket_vector(new.id::integer, coalesce(new.title, ''), coalesce(new.name, ''), new.tags,
      coalesce(new.description, ''), coalesce(new.status, ''), said_vector(new.id::integer, null, null));
  end if;
  return new;
end
$$;
create trigger tickets_words before insert or update of title, description, name, tags, status on tickets
  for each row execute function search_ticket();

-- How many tickets each status has is the sum of these. Each statement adds lines of its own and waits for nobody;
-- upkeep puts them together. A count by looking takes as long as there are tickets.
create table status_counts (id bigint generated always as identity primary key, status text not null, tickets integer not null);
create function count_statuses() returns trigger language plpgsql as $$
begin
  -- An older service may have stored none.
  if tg_op = 'INSERT' then
    insert into status_counts (status, tickets)
    select coalesce(status, ''), count(*) from new_tickets group by 1;
  elsif tg_op = 'DELETE' then
    insert into status_counts (status, tickets)
    select coalesce(status, ''), -count(*) from old_tickets group by 1;
  else
    insert into status_counts (status, tickets)
    select coalesce(status, ''), sum(change) from (
      select status, 1 as change from new_tickets union all select status, -1 from old_tickets
    ) changes group by 1 having sum(change) <> 0;
  end if;
  return null;
end
$$;
create trigger tickets_count_insert after insert on tickets
  referencing new table as new_tickets for each statement execute function count_statuses();
create trigger tickets_count_update after update on tickets
  referencing old table as old_tickets new table as new_tickets for each statement execute function count_statuses();
create trigger tickets_count_delete after delete on tickets
  referencing old table as old_tickets for each statement execute function count_statuses();
-- What is emptied at once is none.
create function count_none() returns trigger language plpgsql as $$
begin
  delete from status_counts;
  return null;
end
$$;
create trigger tickets_count_truncate after truncate on tickets
  for each statement execute function count_none();
insert into status_counts (status, tickets) select status, count(*) from tickets group by status;

-- History is of what a ticket says.
do $$
declare
  definition text := pg_get_functiondef('keep_history'::regproc);
begin
  execute replace(definition, '''folded''', '''search''');
end
$$;

-- Nothing of it is a change of a ticket.
alter table tickets disable trigger user;
alter table tickets enable trigger tickets_words;
update tickets set title = title;
alter table tickets enable trigger user;
create index tickets_search on tickets using gin (search) with (fastupdate = off);
-- What was loaded past the trigger; the next start of a service makes it good.
create index tickets_unsearched on tickets (id) where search is null;

-- A load by pg_dump has an empty search path.
do $$
declare
  of_function regprocedure;
begin
  for of_function in
    select oid from pg_proc where pronamespace = quote_ident(current_schema())::regnamespace and proname in (
      'word_vector', 'ticket_vector', 'comment_vector', 'said_vector', 'search_ticket', 'count_statuses', 'count_none'
    )
  loop
    execute format('alter function %s set search_path = %I, pg_temp', of_function, current_schema());
  end loop;
end
$$;
