-- A vector tells of 255 places of a word, and of the first 16,383 places of a ticket. Beyond them it has each word with the
-- one behind it, as "one>next", so that phrases are found there, too, and what is written without blanks.
create function is_full(vector tsvector) returns boolean language sql immutable strict parallel safe as $$
  -- So many places take more than that. One that was stripped has none.
  select pg_column_size(vector) > 300 and coalesce((
    select bool_or(cardinality(positions) >= 255 or positions[cardinality(positions)] >= 16383) from unnest(vector)
  ), true)
$$;

-- As word_vector has them, which leaves out what comes behind.
create function pairs_vector(folded text) returns tsvector language sql immutable strict parallel safe as $$
  select array_to_tsvector(coalesce(array_agg(word || '>' || next), '{}'))
  from (select word, lead(word) over (order by place) as next from search_words(left(folded, 30000))) as words
  where next is not null
$$;

-- A vector holds 1 MB.
create function with_pairs(vector tsvector, folded text) returns tsvector language plpgsql stable parallel safe as $$
declare
  pairs tsvector;
begin
  if not is_full(vector) then return vector; end if;
  pairs := pairs_vector(folded);
  return case when pg_column_size(vector) + pg_column_size(pairs) < 800000 then vector || pairs else vector end;
end
$$;

create or replace function with_comment(search tsvector, body text) returns tsvector language sql stable parallel safe as $$
  select with_pairs(bounded(apart(search, comment_vector(body))), fold(body))
$$;

-- With what is said about the ticket, but for one comment that is just being changed, whose new text comes with it.
create function whole_vector(
  id integer, title text, name text, tags text[], description text, status text, changed integer, body text
) returns tsvector language plpgsql stable parallel safe as $$
declare
  vector tsvector := with_pairs(ticket_vector(id, title, name, tags, description, status, ''::tsvector), fold(description));
  each text;
begin
  if body <> '' then vector := with_comment(vector, body); end if;
  for each in
    select c.body from comments c
    where c.ticket_id = whole_vector.id and c.deleted_at is null and c.id is distinct from changed order by c.id
  loop
    vector := with_comment(vector, each);
  end loop;
  return vector;
end
$$;

-- A load by pg_dump has an empty search path.
do $$
declare
  path constant text := format(' set search_path = %I, pg_temp', current_schema());
begin
  execute 'alter function pairs_vector(text)' || path;
  execute 'alter function with_pairs(tsvector, text)' || path;
  execute 'alter function whole_vector(integer, text, text, text[], text, text, integer, text)' || path;
  execute replace(
    replace(pg_get_functiondef('search_ticket'::regproc), 'ticket_vector(new.id', 'whole_vector(new.id'),
    'said_vector(new.id::integer, null, null)', 'null, null'
  );
end
$$;

-- What is stored. Nothing of it is a change of a ticket.
alter table tickets disable trigger user;
update tickets set search = whole_vector(
    id::integer, coalesce(title, ''), coalesce(name, ''), tags, coalesce(description, ''), coalesce(status, ''), null, null
  )
where (
  length(description) > 500
  or id in (select ticket_id from comments where deleted_at is null group by ticket_id having sum(length(body)) > 200)
) and is_full(search);
alter table tickets enable trigger user;
