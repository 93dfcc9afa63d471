/** Tickets with all that a file format may trip over, each field with a value and without, and an agent "ada" of theirs. */
import { queryAt } from '../../testing/test-database.ts';

export const ada = { id: 'ada', name: '=Ada "the" <b>' };

/** By number they are in the order of their times. */
export async function fillWithOddTickets(postgresUrl: string, tickets: number): Promise<void> {
  await queryAt(postgresUrl, `insert into agents values ('${ada.id}', '${ada.name}', now())`);
  await queryAt(
    postgresUrl,
    `insert into tickets (title, description, status, name, priority, assignee_id, due_at, tags, request_id, version,
       created_at, updated_at)
     select '=' || n || '"' || chr(13) || chr(10) || '<i>', repeat('line, ' || n || chr(10), n % 20),
       (array['New', 'In Progress', 'On Hold', 'Completed'])[1 + n % 4], 'Cy ' || n,
       (array['Low', 'Normal', 'High', 'Urgent'])[1 + n % 3], case n % 2 when 0 then '${ada.id}' end,
       case n % 5 when 0 then now() + n * interval '1 minute' end,
       case n % 3 when 0 then array['a b', 'vpn'] else '{}' end, gen_random_uuid(), 1,
       now() - (${tickets} - n) * interval '1 hour', now() - (${tickets} - n) * interval '1 minute'
     from generate_series(1, ${tickets}) n`,
  );
  await queryAt(
    postgresUrl,
    `insert into comments (ticket_id, ticket_version, request_id, kind, body, author, created_at)
     select id, 1, gen_random_uuid(), 'NOTE', 'It said: "' || id || '",' || chr(10) || '=1', '${ada.id}', now()
     from tickets where id % 7 = 0`,
  );
}
