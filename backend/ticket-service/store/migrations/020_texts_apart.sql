-- A text begins two places behind the one before it, and so does a tag, so that no phrase reaches from one into the next. The
-- mark that was to keep them apart (migration 011) gave its place away with itself. What is stored is mended when its text
-- is next changed.
create or replace function apart(one tsvector, other tsvector) returns tsvector language sql immutable parallel safe as $$
  select case one when '' then other else one || ts_delete('''|'':1'::tsvector || other, '|') end
$$;

create function tags_vector(tags text[]) returns tsvector language plpgsql stable parallel safe as $$
declare
  vector tsvector := '';
  tag text;
begin
  foreach tag in array tags loop
    vector := apart(vector, word_vector(fold(tag)));
  end loop;
  return vector;
end
$$;

do $$
declare
  -- A load by pg_dump has an empty search path.
  path constant text := format('set search_path = %I, pg_temp', current_schema());
begin
  execute 'alter function tags_vector(text[]) ' || path;
  execute replace(
    pg_get_functiondef('ticket_vector'::regproc), 'word_vector(fold(array_to_string(tags, '' , '')))', 'tags_vector(tags)'
  );
end
$$;
