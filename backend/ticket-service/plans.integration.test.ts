/**
 * How Postgres goes about each read at 100,000 tickets: never by looking at all of them, and within a number of pages of
 * 8 kB that hangs on what is answered. The statements are those that the service sends.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInViews } from '../../proto/built-in-views.ts';
import { ticketFields, ticketOrders } from '../../proto/ticket-fields.ts';
import { counted } from '../domain/search.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { recordStatements, type Statement } from '../testing/recorded-statements.ts';
import { seedDatabase } from '../testing/seed/load.ts';
import { readPlan } from '../testing/seed/plan.ts';
import { queryAt } from '../testing/test-database.ts';
import { silent, startTestService, type TestCaller, type TestService } from './testing/service.ts';

const seedMs = 300_000;
const postgres = postgresOfFile();
let postgresUrl: string;
let service: TestService;

beforeAll(async () => {
  postgresUrl = await postgres.createDatabase();
  await seedDatabase({ postgresUrl, plan: readPlan({ tickets: '100000' }), logger: silent });
  service = await startTestService({ postgresUrl });
}, seedMs);
afterAll(async () => {
  await service?.stop();
});

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  'Temp Read Blocks': number;
  Plans?: PlanNode[];
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** Runs the statement once more and answers how. */
async function planOf({ text, values, pool }: Statement): Promise<PlanNode> {
  const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (analyze, buffers, format json) ${text}`,
    values,
  );
  return rows[0]?.['QUERY PLAN'][0].Plan as PlanNode;
}

type Call = (caller: TestCaller) => Promise<unknown>;

/** How each statement of the call is gone about. */
async function plansOf(call: Call): Promise<PlanNode[]> {
  const statements = await recordStatements(() => call(service));
  expect(statements.length).toBeGreaterThan(0);
  const plans: PlanNode[] = [];
  for (const statement of statements) {
    const plan = await planOf(statement);
    const wholeTables = nodesOf(plan)
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name']);
    expect(wholeTables, statement.text).not.toContain('tickets');
    plans.push(plan);
  }
  return plans;
}

/** @returns pages that all statements of the call look at together */
async function buffersOf(call: Call): Promise<number> {
  const pages = (await plansOf(call)).map(
    (plan) => plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] + plan['Temp Read Blocks'],
  );
  return pages.reduce((sum, each) => sum + each, 0);
}

async function indexesOf(call: Call): Promise<unknown[]> {
  return (await plansOf(call)).flatMap(nodesOf).map((node) => node['Index Name']);
}

const list =
  (request: object): Call =>
  (caller) =>
    caller.call('ListTickets', { pageSize: 50, ...request });
const count =
  (filter: object): Call =>
  (caller) =>
    caller.call('CountMatches', { filters: [filter] });

const orders = Object.keys(ticketOrders);
const { choices: statuses } = ticketFields.status;
const open = statuses.filter((status) => status !== 'Completed');

/** Common and rare, many words and none, of today and of years ago; and what makes an estimate of it go wrong. */
const queries = [
  'printer',
  'password yesterday',
  'pr',
  'e',
  's',
  '"shared mailbox"',
  '"does not work"',
  'xylophonquartz',
  'printer xylophonquartz',
  'printer -drucker',
  'drucker -köln status:open',
  'printer password status:new',
  'printer created:2023-12-01..2023-12-07',
  'requester:sabine',
  'tag:vip,legacy priority:urgent',
  'assignee:none',
  'assignee:agent-07',
  'assignee:agent-07 printer',
  'due:none status:completed',
  '打印',
  '#4711',
  ...builtInViews.map(({ query }) => query),
];

describe('a page takes at most so many pages of the database', () => {
  it.each(orders)('600 of everything by %s', async (order) => {
    expect(await buffersOf(list({ order }))).toBeLessThan(600);
  });

  it.each(orders)('1,000 of the open ones by %s', async (order) => {
    expect(await buffersOf(list({ order, statuses: open }))).toBeLessThan(1_000);
  });

  it.each(orders)('600 far behind its beginning by %s', async (order) => {
    let pageToken = '';
    for (let page = 0; page < 5; page += 1) {
      const { cursors } = await service.call('ListTickets', {
        order: order as never,
        pageSize: 200,
        pageToken,
      });
      pageToken = cursors.at(-1) ?? '';
    }
    expect(await buffersOf(list({ order, pageToken }))).toBeLessThan(600);
  });

  it.each([
    { priorities: ['Urgent'] },
    { tags: ['vip'] },
    { tags: ['vip', 'legacy', 'outage'] },
    { dueBefore: '2024-01-01T00:00:00Z' },
    { assigneeId: 'agent-40' },
    { assigneeId: 'nobody-of-them' },
    { unassigned: true },
    { unassigned: true, statuses: ['Completed'] },
    { ids: [1, 50_000, 100_000] },
  ])('6,000 of %j', async (filter) => {
    expect(await buffersOf(list(filter))).toBeLessThan(6_000);
  });
});

describe('a search takes at most 15,000', () => {
  it.each(queries)('for %s', async (query) => {
    expect(await buffersOf(list({ query }))).toBeLessThan(15_000);
  });

  it.each(queries)('for %s, the best match first, and from the end', async (query) => {
    const order = 'RELEVANCE_DESC';
    expect(await buffersOf(list({ query, order }))).toBeLessThan(30_000);
    expect(await buffersOf(list({ query, order, backwards: true }))).toBeLessThan(30_000);
  });
});

describe('a count takes at most 8,000', () => {
  it.each(queries)('of %s', async (query) => {
    expect(await buffersOf(count({ query }))).toBeLessThan(8_000);
  });

  it.each([{}, ...statuses.map((status) => ({ statuses: [status] })), { statuses: open, unassigned: true }])(
    'of %j',
    async (filter) => {
      expect(await buffersOf(count(filter))).toBeLessThan(8_000);
    },
  );
});

describe('counts of a search and of each of its statuses, asked for at once,', () => {
  const together = (query: string) => [{ query }, ...statuses.map((one) => ({ query, statuses: [one] }))];

  it.each(queries)('take at most 16,000 for %s', async (query) => {
    const call: Call = (caller) => caller.call('CountMatches', { filters: together(query) });
    expect(await buffersOf(call)).toBeLessThan(16_000);
  });

  it.each(queries)('are those that are asked for one by one, for %s', async (query) => {
    const { counts } = await service.call('CountMatches', { filters: together(query) });
    // Said twice it means the same, and no cache has it.
    const alone = together(`${query} ${query}`).map(async (filter) => {
      const answer = await service.call('CountMatches', { filters: [filter] });
      return answer.counts[0];
    });
    expect(counts).toEqual(await Promise.all(alone));
  });
});

describe('a count that follows 250 changes', () => {
  const counts = queries.filter((query) => !/created:|updated:|overdue/.test(query));
  const together: Call = (caller) =>
    caller.call('CountMatches', { filters: statuses.map((one) => ({ query: 'printer', statuses: [one] })) });
  beforeAll(async () => {
    for (const query of counts) await count({ query })(service);
    await together(service);
    const watch = service.watch();
    await watch.nextOfAll();
    await queryAt(postgresUrl, 'update tickets set version = version + 1 where id % 400 = 7');
    // Until it has heard of them its cache may answer.
    for (let heard = 0; heard < 250; heard += 1) await watch.next();
    watch.cancel();
  });

  it.each([
    ...counts.map((query) => [query, count({ query })] as const),
    ['printer, of each status', together] as const,
  ])('takes at most 1,000, for %s', async (_what, call) => {
    expect(await buffersOf(call)).toBeLessThan(1_000);
  });
});

/** The time that an index of words takes grows with the tickets that have a word, however few pages that are. */
describe('the index of all words is not asked', () => {
  it.each(['printer status:new', 'printer created:2023-12-01..2023-12-07', 'printer assignee:agent-07'])(
    'for what is common in %s',
    async (query) => {
      expect(await indexesOf(count({ query }))).not.toContain('tickets_search');
      expect(await indexesOf(list({ query }))).not.toContain('tickets_search');
    },
  );

  it('before a sample, of what is common', async () => {
    const words = (await indexesOf(count({ query: 'printe' }))).filter((name) => /search/.test(`${name}`));
    expect(words[0]).toBe('tickets_search_sample');
  });

  it('for the counts of each status of what is common', async () => {
    const filters = statuses.map((one) => ({ query: 'printe', statuses: [one] }));
    const indexes = await indexesOf((caller) => caller.call('CountMatches', { filters }));
    expect(indexes).not.toContain('tickets_search');
  });
});

it('of what is common enough whole words are looked for, and not all that begin as was typed', async () => {
  const statements = await recordStatements(() => count({ query: 'print' })(service));
  const words = statements.flatMap(({ values }) => values).filter((value) => /print/.test(String(value)));
  expect(words).toEqual(["('printer')"]);
});

it('the agents are read once for the counts of all views', async () => {
  const filters = builtInViews.map(({ query }) => ({ query: `${query} created:<9999d` }));
  const statements = await recordStatements(() => service.call('CountMatches', { filters }));
  expect(statements.filter(({ text }) => text.includes('from agents'))).toHaveLength(1);
});

it.each<[string, Call]>([
  ['one ticket', (caller) => caller.call('GetTicketList', { id: 4_711 })],
  ['its comments', (caller) => caller.call('ListComments', { ticketId: 4_711 })],
  ['its history', (caller) => caller.call('ListTicketHistory', { ticketId: 4_711 })],
  ['the agents', (caller) => caller.call('ListAgents', {})],
  ['the totals of all statuses', (caller) => caller.call('CountTickets', {})],
])('%s takes at most 100', async (_what, call) => {
  expect(await buffersOf(call)).toBeLessThan(100);
});

/** By another way than that of the counts, which asks several indexes in turn. */
it.each([
  ['printe', "'printe':*"],
  ['passwor', "'passwor':*"],
  ['pr', "'pr':*"],
  ['printer password', "'printer':* & 'password':*"],
  ['printer passwordless', "'printer':* & 'passwordless':*"],
  ['print -drucker', "'print':* & !'drucker':*"],
])(
  'as many tickets of each status as there are, up to the limit, are counted for %s',
  async (query, words) => {
    const filters = statuses.map((one) => ({ query, statuses: [one] }));
    const { counts } = await service.call('CountMatches', { filters });
    const there = await queryAt<{ status: string; count: number }>(
      postgresUrl,
      `select status, count(*)::integer as count from tickets where search @@ $words$${words}$words$ group by status`,
    );
    const of = new Map(there.map(({ status, count }) => [status, count]));
    expect(counts).toEqual(statuses.map((status) => counted(of.get(status) ?? 0)));
  },
);
