-- Tickets that were filed elsewhere, stored with what was said about them and done to them there.

-- The number that a ticket had there where it could not keep it: it is found by that one, too.
create table former_numbers (
  ticket_id integer not null,
  number integer not null,
  primary key (ticket_id, number)
);

create or replace function ticket_vector(
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
      || (select coalesce(array_agg('#' || former.number), '{}') from former_numbers former where former.ticket_id = ticket_vector.id)
    );
end
$$;

-- Waits until each number that was taken is a ticket's or nobody's, and nobody takes one up to this from then on: a
-- number that is free afterwards stays so, but for other imports.
create function pass_number(number integer) returns void language plpgsql as $$
declare
  numbers text := pg_get_serial_sequence('tickets', 'id');
begin
  -- For its lock alone, which a taken number holds off until its transaction ends.
  execute format('alter sequence %s no cycle', numbers);
  execute format('select setval(%L, $1) from %s where last_value <= $1', numbers, numbers) using number;
end
$$;

-- What was done elsewhere is told by who imports it, with its time; what is done here goes on being kept by itself.
drop trigger tickets_history_insert on tickets;
create trigger tickets_history_insert after insert on tickets
  referencing new table as new_tickets for each statement
  when (current_setting('ticketdesk.importing', true) is distinct from 'on') execute function keep_history();
drop trigger comments_record on comments;
create trigger comments_record after insert or update on comments
  for each row
  when (current_setting('ticketdesk.importing', true) is distinct from 'on') execute function record_comment();

-- A load by pg_dump has an empty search path.
do $$
declare
  of_function regprocedure;
begin
  for of_function in
    select oid from pg_proc
    where pronamespace = quote_ident(current_schema())::regnamespace and proname in ('ticket_vector', 'pass_number')
  loop
    execute format('alter function %s set search_path = %I, pg_temp', of_function, current_schema());
  end loop;
end
$$;
