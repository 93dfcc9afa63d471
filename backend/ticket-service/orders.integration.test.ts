/** Every order of lists: page by page what the sorted whole is, by the rule that proto/ticket-order.ts has for lists made elsewhere. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containing } from '../../proto/search-language.ts';
import { sortNames, type TicketOrder, ticketFields, ticketOrders } from '../../proto/ticket-fields.ts';
import { comparing, sortKeyOf } from '../../proto/ticket-order.ts';
import type { Ticket } from '../domain/ticket.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { recordStatements } from '../testing/recorded-statements.ts';
import type { TicketSelection } from './store/ticket-store.ts';
import { startTestService, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();
let service: TestService;
let sql: pg.Client;
let tickets: Ticket[];

/** Alike when they are folded, and not; in another order by UTF-16 than by code points; much longer than is compared. */
const names = [
  ...[
    'ada',
    'Ada',
    'Ádà',
    'Zoe',
    'Straße 1',
    'STRASSE 2',
    'Çelik',
    'Ça',
    'Cb',
    '\u202eturned',
    'x\u00a0y',
    'x y',
  ],
  ...['\ufb01n', '\ue000 1', '\u{1f600} 1', '\uac00', 'ÿ', '\u0416', '#', '', `${'n'.repeat(60)}2`],
  ...[`${'n'.repeat(60)}1`, '\ufdfa'.repeat(100), '\u{20000}'.repeat(60), 'e\u0301'.repeat(50)],
];

beforeAll(async () => {
  const postgresUrl = await postgres.createDatabase();
  service = await startTestService({ postgresUrl });
  sql = new pg.Client(postgresUrl);
  await sql.connect();
  await sql.query(
    `insert into agents values ('agent-1', 'Émile', now()), ('agent-2', 'emile', now()), ('agent-3', 'Bo', now())`,
  );
  await sql.query(
    `insert into tickets
       (title, description, name, status, priority, assignee_id, due_at, tags, version, created_at, updated_at)
     select 'Ticket ' || n, '', $1::text[][1 + n % $2], $3::text[][1 + n % 4], $4::text[][1 + n % 3],
            case when n % 5 > 1 then 'agent-' || 1 + n % 3 end,
            case when n % 4 > 0 then '2026-03-01T00:00:00Z'::timestamptz + n % 7 * interval '1 day' end,
            case when n % 2 = 0 then '{vpn}'::text[] else '{}' end, 1,
            '2026-01-01T00:00:00Z'::timestamptz + n % 50 * interval '1 microsecond',
            '2026-02-01T00:00:00Z'::timestamptz + n % 40 * interval '1 microsecond'
     from generate_series(1, 300) n`.replaceAll(/\$(\d)::text\[\]\[/g, '($$$1::text[])['),
    [names, names.length, ticketFields.status.choices, ticketFields.priority.choices],
  );
  tickets = await service.store.list({});
  expect(tickets).toHaveLength(300);
});
afterAll(async () => {
  await sql.end();
  await service.stop();
});

const orders = Object.keys(ticketOrders) as TicketOrder[];

/** All ids in the order, from the first page on or from the last page back. */
async function walk(
  order: TicketOrder,
  filter: TicketSelection,
  { backwards = false } = {},
): Promise<number[]> {
  const ids: number[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await service.store.page({ filter, order, after, pageSize: 23, backwards });
    expect(page.cursors).toHaveLength(page.tickets.length);
    const found = page.tickets.map(({ id }) => id);
    if (backwards) ids.unshift(...found);
    else ids.push(...found);
    if (!page.hasNextPage) return ids;
    after = page.cursors.at(backwards ? 0 : -1);
  }
}

function sorted(order: TicketOrder, isIn: (ticket: Ticket) => boolean): number[] {
  const places = tickets.filter(isIn).map((ticket) => ({ id: ticket.id, sortKey: sortKeyOf(order, ticket) }));
  return places.sort(comparing(order)).map(({ id }) => id);
}

const filters: [what: string, filter: TicketSelection, isIn: (ticket: Ticket) => boolean][] = [
  ['everything', {}, () => true],
  ['one status', { statuses: ['On Hold'] }, ({ status }) => status === 'On Hold'],
  [
    'all but one status',
    { statuses: ['On Hold', 'New', 'In Progress'] },
    ({ status }) => status !== 'Completed',
  ],
  ['one agent', { assigneeId: 'agent-2' }, ({ assigneeId }) => assigneeId === 'agent-2'],
  ['nobody', { unassigned: true }, ({ assigneeId }) => assigneeId === null],
  ['priorities', { priorities: ['Low', 'High'] }, ({ priority }) => ['Low', 'High'].includes(priority)],
  [
    'a tag in one status',
    { tags: ['vpn'], statuses: ['New'] },
    ({ tags, status }) => tags.length > 0 && status === 'New',
  ],
  ['due soon', { dueBefore: '2026-03-03T00:00:00Z' }, ({ dueAt }) => dueAt !== null && dueAt < '2026-03-03'],
  ['numbers', { ids: [7, 8, 250] }, ({ id }) => [7, 8, 250].includes(id)],
  ['a text', { terms: [containing('ticket 1')] }, ({ title }) => title.startsWith('Ticket 1')],
];

describe.each(orders)('%s', (order) => {
  it.each(filters)('goes over the pages of %s, and back', async (_, filter, isIn) => {
    const whole = sorted(order, isIn);
    expect(whole.length).toBeGreaterThan(2);
    expect(await walk(order, filter)).toEqual(whole);
    expect(await walk(order, filter, { backwards: true })).toEqual(whole);
  });

  it('refuses the cursor of another order', async () => {
    const [by, direction] = [ticketOrders[order].by, ticketOrders[order].direction];
    const others = [
      `${by}_${direction === 'ASC' ? 'DESC' : 'ASC'}`,
      `${sortNames.find((name) => name !== by)}_ASC`,
    ];
    for (const other of others as TicketOrder[]) {
      const { cursors } = await service.store.page({
        filter: {},
        order: other,
        after: undefined,
        pageSize: 1,
      });
      const page = service.store.page({ filter: {}, order, after: cursors[0], pageSize: 1 });
      await expect(page).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'pageToken' });
    }
  });
});

describe('an index answers', () => {
  beforeAll(async () => {
    await sql.query('alter table tickets disable trigger user');
    // The oldest are completed, so that a walk over all of them by number, or by time, finds none of the new ones for long.
    await sql.query(`
      insert into tickets (title, description, name, status, version, created_at, updated_at)
      select 'Ticket', '', 'Name ' || n % 1000, case when n > 29000 then 'New' else 'Completed' end, 1,
             '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 minute',
             '2026-03-01T00:00:00Z'::timestamptz + n * 7919 % 30000 * interval '1 minute'
      from generate_series(1, 30000) n`);
    await sql.query('alter table tickets enable trigger user');
    await sql.query('vacuum analyze tickets');
  });

  /** The most rows that any step of the statement of a page read, those that it left out included. */
  async function rowsRead(order: TicketOrder, filter: TicketSelection, after?: string): Promise<number> {
    const read = () => service.store.page({ filter, order, after, pageSize: 20 });
    const { text = '', values } = (await recordStatements(read)).at(-1) ?? {};
    const { rows } = await sql.query(`explain (analyze, format json) ${text}`, values);
    const counts = JSON.stringify(rows).matchAll(/"(?:Actual Rows|Rows Removed by [\w ]+)":\s*(\d+)/g);
    return Math.max(...[...counts].map(([, count]) => Number(count)));
  }

  it.each(orders)('%s over everything and over one status, first page and deep', async (order) => {
    for (const filter of [{}, { statuses: ['New'] }, { statuses: ['Completed'] }]) {
      const deep = await service.store.page({ filter, order, after: undefined, pageSize: 200 });
      for (const after of [undefined, deep.cursors.at(-1)])
        expect(await rowsRead(order, filter, after)).toBeLessThan(500);
    }
  });
});
