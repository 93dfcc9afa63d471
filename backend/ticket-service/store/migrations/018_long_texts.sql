-- Words of a text that an older service has stored, which may be longer than any that is taken here: a vector holds 1 MB.

create or replace function word_vector(folded text) returns tsvector language plpgsql immutable strict parallel safe as $$
begin
  -- What comes behind is not found, rather than the table not taken over.
  folded := left(folded, 30000);
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

-- A load by pg_dump has an empty search path.
do $$
begin
  execute format('alter function word_vector(text) set search_path = %I, pg_temp', current_schema());
end
$$;
