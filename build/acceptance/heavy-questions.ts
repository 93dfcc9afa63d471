/** The longest texts there can be, asked for by one caller in every way that reads many of them, several at once. */
import { assert } from 'vitest';
import type { StackClient } from './compose-client.ts';
import type { ComposeProject } from './compose-project.ts';

const atOnce = 4;
const filler = 'heavy questions';

/** As many long tickets as a list holds, and one with as many long comments as a page holds. */
const fill = `
  insert into tickets (title, description, status, name)
    select 'long', repeat(U&'\\+01F600', 10000), 'New', '${filler}' from generate_series(1, 1000);
  insert into comments (ticket_id, ticket_version, request_id, kind, body, created_at)
    select (select max(id) from tickets), 2, gen_random_uuid(), 'NOTE', repeat(U&'\\+01F600', 20000), now()
    from generate_series(1, 200);
`;
const empty = `
  delete from comments where ticket_id = (select max(id) from tickets where name = '${filler}');
  delete from tickets where name = '${filler}';
`;

const aliased = (times: number, field: string) =>
  Array.from({ length: times }, (_, at) => `a${at}: ${field}`).join(' ');

function questions(ticketId: number): string[] {
  const comments = 'comments(last: 200) { edges { node { body } } }';
  const said = `ticket(id: ${ticketId}) { ${comments} }`;
  return [
    '{ tickets { title description } }',
    `{ ${aliased(2, 'tickets { id }')} }`,
    `{ ${aliased(3, 'tickets { title description }')} }`,
    `{ tickets { ${aliased(4, 'description')} } }`,
    `{ ${aliased(10, 'ticketPage(first: 200) { edges { node { description } } }')} }`,
    `{ ${said} }`,
    `{ ${aliased(6, said)} }`,
    `mutation { updateTicket(input: { id: ${ticketId}, status: "On Hold" }) { ticket { ${aliased(2, comments)} } } }`,
  ];
}

/** Each of them, several at once; what is refused is answered in words. */
export async function askHeavyQuestions(project: ComposeProject, client: StackClient): Promise<void> {
  const sql = (text: string) =>
    project.compose(
      ['exec', '-T', 'postgres', 'psql', '-q', '-v', 'ON_ERROR_STOP=1', '-U', 'postgres', 'tickets'],
      { input: text },
    );
  await sql(fill);
  try {
    const { tickets } = await client.graphql<{ tickets: { id: number }[] }>('{ tickets(input: {}) { id } }');
    const ticketId = Math.max(...tickets.map(({ id }) => id));
    for (const query of questions(ticketId)) {
      const answers = await Promise.all(Array.from({ length: atOnce }, () => client.answer(query)));
      for (const { status, text } of answers) {
        const isAnswered =
          status === 200 || /"code":"(?:BAD_USER_INPUT|DEADLINE_EXCEEDED|UNAVAILABLE)"/.test(text);
        assert(isAnswered, `${query} was answered ${status}: ${text.slice(0, 500)}`);
      }
    }
  } finally {
    await sql(empty);
  }
}
