/** A search in SQL finds what `matchesQuery` finds, which the proxy and the page use where there is no such database. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isHitInHead, matchesQuery, rankingTerms } from '../../proto/matching.ts';
import { parseQuery } from '../../proto/search-language.ts';
import type { TicketOrder } from '../../proto/ticket-fields.ts';
import { comparing, sortKeyOf } from '../../proto/ticket-order.ts';
import { type KnownTicket, knownTicket } from '../proxy/client/types.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { connect, startTestService, type TestCaller, type TestService } from './testing/service.ts';

const agents = [
  { id: 'agent-1', name: 'Ada Lovelace' },
  { id: 'agent-2', name: 'Bo Öst' },
];
const [me] = agents;
const timeZone = 'Pacific/Kiritimati';

const titles = [
  'Printer prints blank pages',
  'Blank screen',
  '打印机坏了',
  'VPN-Verbindung ohne Größe',
  'Scanner 12',
];
const names = ['Ada Lovelace', 'Bo', 'Ülkü Print'];
const priorities = ['Low', 'Normal', 'High', 'Urgent'];
const statuses = ['New', 'In Progress', 'On Hold', 'Completed'];
const tags = [['vpn'], ['floor 3', 'vpn'], [], ['printer']];
/** Far from now, so that none comes due while the test runs. */
const dueDays = [-30, -1, 2, 30];

const postgres = postgresOfFile();
let service: TestService;
let caller: TestCaller;
let tickets: KnownTicket[];

beforeAll(async () => {
  const postgresUrl = await postgres.createDatabase();
  service = await startTestService({ postgresUrl });
  caller = connect(service.address, undefined, JSON.stringify(me));
  const sql = new pg.Client(postgresUrl);
  await sql.connect();
  for (const { id, name } of agents)
    await sql.query('insert into agents (id, name, last_seen_at) values ($1, $2, now())', [id, name]);
  const of = <Value>(values: readonly Value[], at: number) => values[at % values.length] as Value;
  for (let at = 0; at < 40; at += 1) {
    const dueAt =
      at % 3 === 0 ? {} : { dueAt: new Date(Date.now() + of(dueDays, at) * 86_400_000).toISOString() };
    const { id } = await caller.call('CreateTicket', {
      ...{
        title: of(titles, at),
        name: of(names, at),
        description: ['On floor 3: screen "x"', 'Pages prints'][at % 7] ?? '',
      },
      ...{ priority: of(priorities, Math.floor(at / 2)), tags: of(tags, Math.floor(at / 3)), ...dueAt },
      ...(at % 4 > 0 && { assigneeId: of(agents, at).id }),
    });
    await sql.query(
      "update tickets set status = $2, created_at = now() - $3 * interval '9 days' where id = $1",
      [...[id, of(statuses, Math.floor(at / 5)), at % 4]],
    );
  }
  await sql.end();
  const { tickets: all } = await caller.call('ListTickets', { pageSize: 200 });
  tickets = all.map(knownTicket);
});
afterAll(async () => {
  caller.close();
  await service.stop();
});

const terms = [
  ...[
    'print',
    'PRINTER',
    'blank',
    'größe',
    'grosse',
    '印机',
    '12',
    '1',
    '#12',
    '"blank pages"',
    '"blank page"',
  ],
  ...['"打印"', 'vpn-ver', 'floor', 'requester:ada', 'requester:"ada lovelace"', 'requester:print'],
  ...['status:open', 'status:new,completed', 'priority:high,urgent', 'tag:vpn', 'tag:"floor 3",printer'],
  ...[
    'assignee:me',
    'assignee:none',
    'assignee:bo,none',
    'is:closed',
    'is:unassigned',
    'due:none',
    'due:<7d',
  ],
  ...['due:>7d', 'due:today..', 'created:<7d', 'created:>2w', 'created:today', 'updated:<1h'],
];

async function expectAlike(query: string): Promise<void> {
  const { tickets: found, problems } = await caller.call('ListTickets', { query, timeZone, pageSize: 200 });
  const read = parseQuery(query, { now: new Date(), timeZone, me: me?.id ?? null, agents });
  const byRule = tickets.filter((ticket) => matchesQuery(read, ticket)).map(({ id }) => id);
  expect([query, problems, found.map(({ id }) => id).sort()]).toEqual([query, [], byRule.sort()]);
}

describe('is alike in the database and out of it', () => {
  it.each(terms)('%s', async (term) => {
    await expectAlike(term);
    await expectAlike(`-${term}`);
  });

  it('is:overdue', () => expectAlike('is:overdue'));

  it('of two terms, each with each', async () => {
    for (const [at, one] of terms.entries())
      for (const other of terms.slice(at + 1)) await expectAlike(`${one} -${other}`);
  }, 60_000);

  it('finds some and not all by most of them', () => {
    const context = { now: new Date(), timeZone, me: me?.id ?? null, agents };
    const counts = terms.map(
      (term) => tickets.filter((one) => matchesQuery(parseQuery(term, context), one)).length,
    );
    expect(counts.filter((count) => count > 0 && count < tickets.length).length).toBeGreaterThan(25);
  });
});

/** All ids, from the first page on or from the last one back. */
async function ranked(query: string, { order, backwards }: { order: TicketOrder; backwards: boolean }) {
  const ids: number[] = [];
  for (let pageToken = ''; ; ) {
    const page = await caller.call('ListTickets', {
      query,
      timeZone,
      order,
      backwards,
      pageToken,
      pageSize: 3,
    });
    const found = page.tickets.map(({ id }) => id);
    if (backwards) ids.unshift(...found);
    else ids.push(...found);
    if (!page.hasNextPage) return ids;
    pageToken = page.cursors.at(backwards ? 0 : -1) ?? '';
  }
}

describe('has the best match first, as lists made elsewhere have it, page by page and back', () => {
  it.each([
    ...[
      'screen',
      'screen blank',
      'floor',
      '"floor 3"',
      '"blank screen"',
      '"on fl',
      '"pages prints"',
      '3 floor',
      'print',
      '1',
    ],
    ...['screen -printer', 'status:open screen', 'requester:ada floor', '印机', 'x', 'assignee:none', ''],
  ])('%s', async (query) => {
    const read = parseQuery(query, { now: new Date(), timeZone, me: me?.id ?? null, agents });
    const found = tickets.filter((ticket) => matchesQuery(read, ticket));
    for (const order of ['RELEVANCE_DESC', 'RELEVANCE_ASC'] as const) {
      const places = found.map((one) => ({ id: one.id, sortKey: sortKeyOf(order, one, read.terms) }));
      const sorted = places.sort(comparing(order)).map(({ id }) => id);
      for (const backwards of [false, true])
        expect(await ranked(query, { order, backwards })).toEqual(sorted);
    }
  });

  it('has some in the head and some elsewhere', async () => {
    const { terms: asked } = parseQuery('screen', { now: new Date(), timeZone, me: null, agents });
    const found = await ranked('screen', { order: 'RELEVANCE_DESC', backwards: false });
    const hits = found.map((id) =>
      isHitInHead(rankingTerms(asked), tickets.find((one) => one.id === id) as KnownTicket),
    );
    expect(hits.indexOf(false)).toBeGreaterThan(0);
    expect(hits.lastIndexOf(true)).toBe(hits.indexOf(false) - 1);
  });
});

it('tells what it can not read, and finds by the rest', async () => {
  const { tickets: found, problems } = await caller.call('ListTickets', {
    query: 'scanner status:lost',
    pageSize: 200,
  });
  expect(found.map(({ title }) => title)).toEqual(found.map(() => 'Scanner 12'));
  expect(found).not.toEqual([]);
  expect(problems).toMatchObject([
    { from: 15, to: 19, message: expect.stringContaining('new, in-progress') },
  ]);
});

it.each([
  ['query', { query: 'x'.repeat(501) }],
  ['query', { query: 'x '.repeat(33) }],
  ['timeZone', { query: 'created:today', timeZone: 'Mars/Base' }],
])('refuses a whole request by %s', async (field, request) => {
  await expect(caller.call('ListTickets', request)).rejects.toThrow(new RegExp(`INVALID_ARGUMENT.*${field}`));
});
