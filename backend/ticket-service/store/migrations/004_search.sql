-- One form in which texts are compared: whatever their case, width and blanks, and however their letters were typed.

-- proto/fold.ts does the same for tickets that are not in this database, and a test holds the two together.
-- What maps letters is named, as the database's own locale may know ASCII alone, or the Turkish i. A restore has an
-- empty search path: nothing in it may need one.
do $migration$
declare
  letters text := (
    select quote_ident(collname) from pg_collation
    where collnamespace = 'pg_catalog'::regnamespace and collname in ('pg_c_utf8', 'und-x-icu')
      and collencoding in (-1, pg_char_to_encoding(getdatabaseencoding()))
    order by collname limit 1
  );
begin
  if getdatabaseencoding() = 'UTF8' and letters is not null then
    execute format($create$
      create function fold(whole text) returns text language sql immutable strict parallel safe as $fold$
        select regexp_replace(
          replace(
            translate(
              lower((
                -- ASCII alone, as most texts are, is as it should be.
                case when octet_length(whole) = length(whole) then whole
                else regexp_replace(
                  -- In pieces, as the time that one takes grows with the square of the marks in a row.
                  (select string_agg(normalize(piece[1], nfkd), '' order by at)
                   from regexp_matches(whole, '.{1,255}', 'g') with ordinality as pieces (piece, at)),
                  -- Marks on letters, and characters that nobody sees.
                  '[\u0300-\u036f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]',
                  '', 'g'
                ) end
              ) collate %s),
              'ςı', 'σi'
            ),
            'ß', 'ss'
          ),
          '[\t\n\v\f\r \u0085\u1680\u2028\u2029]+', ' ', 'g')
      $fold$
    $create$, letters);
  else
    -- A database of another encoding, or without rules for letters: ASCII's case alone.
    create function fold(whole text) returns text language sql immutable strict parallel safe as $fold$
      select regexp_replace(lower(whole collate "C"), '[\t\n\v\f\r ]+', ' ', 'g')
    $fold$;
  end if;
end
$migration$;

drop index tickets_title_text, tickets_description_text, tickets_name_text;

-- Kept by a trigger: a generated column could only be added to a table by making all of it anew under lock.
-- A folded text holds no line break: none that is searched for reaches from one field into the next.
alter table tickets add column folded text;
create function fold_ticket() returns trigger language plpgsql as $$
begin
  new.folded := fold(coalesce(new.title, '')) || e'\n' || fold(coalesce(new.description, '')) || e'\n'
    || fold(coalesce(new.name, ''));
  return new;
end
$$;
create trigger tickets_fold before insert or update of title, description, name on tickets
  for each row execute function fold_ticket();

-- Nothing of it is a change of a ticket.
alter table tickets disable trigger tickets_count_version, disable trigger tickets_record_update;
update tickets set title = title;
alter table tickets enable trigger tickets_count_version, enable trigger tickets_record_update;
create index tickets_folded on tickets using gin (folded gin_trgm_ops);
-- What was loaded past the trigger; the next start of a service folds it.
create index tickets_unfolded on tickets (id) where folded is null;
