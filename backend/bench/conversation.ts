/**
 * What is said about tickets, beside the bare thing: opening a ticket with 200 comments through GraphQL, as a window
 * does, against one round trip by `pg` that reads the same rows; and a comment answered against a create answered.
 */
import { readFileSync } from 'node:fs';
import type { Pool } from 'pg';
import { graphqlCaller } from './graphql-client.ts';
import { type LoadFigures, load } from './load.ts';
import type { Subject } from './rounds.ts';
import { untilOutboxIsEmpty } from './throughput.ts';

/** Tickets with so many comments each are the ones that are opened. */
const opened = { tickets: 50, comments: 200 };
const commentsOfOthers = 5;

/** Of a new database: so many tickets, and what is said about them. */
export const seedConversations = (tickets: number) => `
  insert into agents (id, name, last_seen_at) values ('bench', 'Ada', now());
  insert into tickets (title, description, status, name, request_id, version, created_at, updated_at, changed_by)
  select 'Seeded ticket ' || n, 'What happened', 'New', 'Requester ' || n % 97, gen_random_uuid(), 1, now(), now(), 'bench'
  from generate_series(1, ${tickets}) n order by n;
  insert into comments (ticket_id, ticket_version, request_id, kind, body, author, created_at)
  select id, 1, gen_random_uuid(), 'NOTE', 'Comment ' || n || ': it prints one page, then stops and blinks.', 'bench', now()
  from tickets, generate_series(1, case when id <= ${opened.tickets} then ${opened.comments} else ${commentsOfOthers} end) n
  order by n, id;
  update ticket_changes set at = now() - interval '1 day'`;

/** How many comments and changes are read: what a window asks for when a ticket is opened, and all of them. */
const pages = { 'open a ticket': 50, 'read 200 comments': 200 };

/** As a window asks, without the mutations that stand in the same file. */
const thread = readFileSync(
  new URL('../../renderer/features/ticket/thread.graphql', import.meta.url),
  'utf8',
).replace(/^mutation [\s\S]*/m, '');
const createTicket = `mutation ($input: NewTicket!) { createTicket(input: $input) { success } }`;
const addComment = `mutation ($input: AddComment!) { addComment(input: $input) { success } }`;
const changeTicket = `mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success } }`;

const sameRows = `
  (select comments.id, kind as what, body, agents.name, comments.created_at as at, edited_at::text, comments.request_id::text
   from comments join tickets on tickets.id = ticket_id left join agents on agents.id = author
   where ticket_id = $1 and deleted_at is null order by comments.id desc limit $2)
  union all
  (select ticket_history.id, field, "to", agents.name, at, "from", null
   from ticket_history left join agents on agents.id = agent where ticket_id = $1 order by ticket_history.id desc limit $2)`;

/** @param label what every subject's name ends with */
export function conversationSubjects(
  target: { graphqlUrl: string; pool: Pool },
  options: { label: string; calls: number },
): { subjects: Subject<LoadFigures>[]; close(): void } {
  const { pool } = target;
  const caller = graphqlCaller(target.graphqlUrl, 1);
  const id = (index: number) => 1 + (index % opened.tickets);
  const say = (index: number) => ({
    ticketId: id(index),
    kind: 'NOTE',
    body: `Comment ${index} of the load`,
  });
  const calls: Record<string, (index: number) => Promise<unknown>> = {
    ...Object.fromEntries(
      Object.entries(pages).flatMap(([name, size]) => [
        [name, (index: number) => caller.call(thread, { id: id(index), comments: size, changes: size })],
        [
          `bare: ${name}`,
          (index: number) => pool.query({ name: 'rows', text: sameRows, values: [id(index), size] }),
        ],
      ]),
    ),
    addComment: (index) => caller.call(addComment, { input: say(index) }),
    createTicket: (index) =>
      caller.call(createTicket, {
        input: { title: `Printer ${index}`, description: 'It blinks', name: 'Ada' },
      }),
    updateTicket: (index) =>
      caller.call(changeTicket, { input: { id: id(index), description: `${index} ${performance.now()}` } }),
  };
  const subjects = Object.entries(calls).map(([name, call]) => ({
    name: `${name}, ${options.label}`,
    async measure() {
      const figures = await load(async (index) => void (await call(index)), {
        clients: 1,
        calls: options.calls,
      });
      // What still drains would weigh on the next subject.
      await untilOutboxIsEmpty(caller);
      return figures;
    },
  }));
  return { subjects, close: () => caller.close() };
}
