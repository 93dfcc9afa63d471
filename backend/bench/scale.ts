/**
 * What a helpdesk asks of a desk, large or small: through GraphQL, outbox, gRPC and cache, beside the statements alone
 * that the ticket service runs for it.
 */
import type pg from 'pg';
import { type SortDirection, type SortName, ticketFields, ticketOrders } from '../../proto/ticket-fields.ts';
import { databaseAddress, databaseUrl, startDesk } from '../testing/desk-process.ts';
import { recordStatements, type Statement } from '../testing/recorded-statements.ts';
import { openPool } from '../testing/test-database.ts';
import { planning } from '../ticket-service/store/database.ts';
import { startTestService, type TestCaller } from '../ticket-service/testing/service.ts';
import { type GraphqlCaller, graphqlCaller } from './graphql-client.ts';
import { type LoadFigures, load } from './load.ts';
import type { Subject } from './rounds.ts';
import { createTicket, insertTicket, newTicket, untilOutboxIsEmpty } from './throughput.ts';

/** A desk on a database of some size, and a way to that database past the desk. */
export interface ScaleDesk {
  tickets: number;
  url: string;
  caller: GraphqlCaller;
  pool: pg.Pool;
  databaseUrl: string;
  /** Each of more than one in twenty tickets, and beginnings of such words. */
  commonWords: string[];
  /** A code that one ticket or two have in their text. */
  rareWord: string;
  /** Where the 200th page of 50 begins. */
  deepCursor: string;
  close(): Promise<void>;
}

const mostClients = 16;
const pageSize = 50;
const deepPage = 200;

const page = `query ($filter: TicketFilter, $after: String, $order: TicketSort) {
  ticketPage(filter: $filter, first: ${pageSize}, after: $after, order: $order) {
    edges { cursor node { id title status name priority tags dueAt createdAt updatedAt assignee { id name } } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const counts = 'query ($filters: [TicketFilter!]!) { counts(filters: $filters) { count exact } }';
const oneTicket = 'query ($id: Int!) { ticket(id: $id) { id title description status name version } }';
const changeStatus =
  'mutation ($id: Int!, $status: String!) { updateTicket(input: { id: $id, status: $status }) { success } }';

const bareUpdate = 'update tickets set status = $2, version = version + 1, updated_at = now() where id = $1';

/** What is typed into the search. */
const searches = (desk: ScaleDesk): Record<string, string> => ({
  'a common word': 'printer',
  'a rare word': desk.rareWord,
  'two words': 'password yesterday',
  'two letters': 'pr',
  'a phrase': '"shared mailbox"',
  'an absent word': 'xylophonquartz',
});

interface Call {
  ask(index: number): Promise<unknown>;
  /** A write before each call: what was read before it is in no cache then. */
  prepare?: () => Promise<unknown>;
  /** What the desk asks its ticket service for it, whose statements are then sent alone. */
  rpc?: (service: TestCaller) => Promise<unknown>;
  /** Of a write, whose own statement can't be sent twice: the plain one. */
  bare?: (index: number) => Promise<unknown>;
  clients: readonly number[];
}

interface Filter {
  query?: string;
  statuses?: string[];
  assigneeId?: string;
  unassigned?: boolean;
}

const { choices: statuses } = ticketFields.status;
const open = statuses.filter((status) => status !== 'Completed');

/** What a sidebar counts: every status, whose tickets they are, what is late. */
const sidebar: Filter[] = [
  ...statuses.map((status) => ({ statuses: [status] })),
  { statuses: open },
  { statuses: open, assigneeId: 'agent-01' },
  { statuses: open, unassigned: true },
  { query: 'is:overdue' },
];

interface PageAsked {
  filter?: Filter;
  after?: string;
  order?: { by: SortName; direction: SortDirection };
}

function callsOf(desk: ScaleDesk): Record<string, Call> {
  const { caller, pool, tickets } = desk;
  const clients = [1, mostClients];
  let asked = 0;
  /** Another one each time, so that no cache has it. */
  const nextId = () => {
    asked += 1;
    return 1 + ((asked * 7_919) % tickets);
  };
  const statusAt = (index: number) => statuses[index % statuses.length];
  const prepare = () => caller.call(changeStatus, { id: nextId(), status: statusAt(asked) });
  const readPage = (asked: PageAsked, by = clients): Call => ({
    prepare,
    ask: () => caller.call(page, asked),
    rpc: (service) =>
      service.call('ListTickets', {
        ...asked.filter,
        pageSize,
        pageToken: asked.after ?? '',
        order: asked.order ? `${asked.order.by}_${asked.order.direction}` : 'CREATED_DESC',
      }),
    clients: by,
  });
  const count = (filters: () => Filter[]): Call => ({
    prepare,
    ask: () => caller.call(counts, { filters: filters() }),
    rpc: (service) => service.call('CountMatches', { filters: filters() }),
    clients,
  });
  const ofEachStatus = (query: string) => [
    { query },
    ...statuses.map((status) => ({ query, statuses: [status] })),
  ];
  const searchesOnce = desk.commonWords.values();
  const nextSearch = () => searchesOnce.next().value ?? '';
  const found = Object.entries(searches(desk));
  return {
    'first page': readPage({}),
    [`page ${deepPage}`]: readPage({ after: desk.deepCursor }),
    'counts of the sidebar': count(() => sidebar),
    'one by id': {
      ask: () => caller.call(oneTicket, { id: nextId() }),
      rpc: (service) => service.call('GetTicketList', { id: nextId() }),
      clients,
    },
    create: {
      ask: (index) => caller.call(createTicket, { input: newTicket(index) }),
      bare: (index) => insertTicket(pool, index),
      clients,
    },
    'change of status': {
      ask: (index) => caller.call(changeStatus, { id: nextId(), status: statusAt(index) }),
      bare: (index) => pool.query(bareUpdate, [nextId(), statusAt(index)]),
      clients,
    },
    ...Object.fromEntries(
      found.map(([what, query]) => [`search of ${what}`, readPage({ filter: { query } })]),
    ),
    ...Object.fromEntries(
      found.map(([what, query]) => [`counts of ${what}`, count(() => ofEachStatus(query))]),
    ),
    // Of what nobody has asked for yet, so that nothing is known of it.
    'first counts of common words': { ...count(() => ofEachStatus(nextSearch())), clients: [1] },
    ...Object.fromEntries(
      Object.entries(ticketOrders).map(([name, order]) => [`sorted by ${name}`, readPage({ order }, [1])]),
    ),
  };
}

export async function openScaleDesk(options: {
  tickets: number;
  dataDir: string;
  bundleDir: string;
}): Promise<ScaleDesk> {
  const { tickets, dataDir, bundleDir } = options;
  const server = await startDesk({ dataDir, bundleDir, env: { LOG_LEVEL: 'warn' } });
  await server.healthy();
  const pool = openPool({ ...(await databaseAddress(dataDir)), max: 10, options: planning });
  const caller = graphqlCaller(new URL('/graphql', server.url).href, mostClients);
  // What a process does for the first time takes longer, whatever it is asked.
  await load(async () => void (await caller.call(page, {})), { clients: mostClients, calls: 1_000 });
  const { rows } = await pool.query<{ code: string }>(
    `select substring(description from '[A-Z]{2}-([0-9]{6})') as code from tickets
     where description ~ '[A-Z]{2}-[0-9]{6}' order by id limit 1`,
  );
  return {
    tickets,
    url: server.url,
    caller,
    pool,
    databaseUrl: await databaseUrl(dataDir),
    commonWords: await commonWords(pool),
    rareWord: rows[0]?.code ?? 'none',
    deepCursor: tickets > 0 ? await cursorOf(caller, pageSize * (deepPage - 1)) : '',
    async close() {
      caller.close();
      await pool.end();
      await server.stop();
    },
  };
}

async function commonWords(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ word: string }>(
    `select distinct left(word, length) as word
     from ts_stat('select search from tickets where id <= 2000'), generate_series(4, 12) as length
     where word ~ '^[a-z]{4,12}$' and length <= length(word) and ndoc > 2000 / 20
     order by 1`,
  );
  return rows.map(({ word }) => word);
}

interface PageAnswer {
  ticketPage: { pageInfo: { endCursor: string | null } };
}

/** Of the ticket at this place in the newest first. */
async function cursorOf(caller: GraphqlCaller, place: number): Promise<string> {
  let after: string | null = null;
  for (let read = 0; read < place; read += pageSize) {
    const answer: PageAnswer = await caller.call<PageAnswer>(page, { after });
    after = answer.ticketPage.pageInfo.endCursor ?? after;
  }
  return after ?? '';
}

/** Figures of calls of which some may fail: how many did is one of them. */
async function loadCounting(
  call: (index: number) => Promise<unknown>,
  options: Parameters<typeof load>[1],
): Promise<LoadFigures & { failed: number }> {
  let failed = 0;
  const figures = await load(
    async (index) =>
      void (await call(index).catch(() => {
        failed += 1;
      })),
    options,
  );
  return { ...figures, failed };
}

const callsAt = (clients: number) => (clients === 1 ? 40 : 160);

/** What a subject is called. @param isBare the statements alone */
export function subjectName(what: string, clients: number, tickets: number, isBare = false): string {
  return `${isBare ? 'bare: ' : ''}${what}, ${clients} client${clients === 1 ? '' : 's'}, ${tickets} tickets`;
}

/** One thing that is asked, at so many clients. */
export interface Measured {
  what: string;
  clients: number;
  /** The desk, and for one client the statements alone. */
  subjects: Subject<LoadFigures>[];
}

export async function scaleSubjects(desk: ScaleDesk): Promise<Measured[]> {
  const calls = callsOf(desk);
  const bare = await bareReads(desk, calls);
  return Object.entries(calls).flatMap(([what, call]) =>
    call.clients.map((clients) => {
      const subject = ({ ask, prepare }: Pick<Call, 'ask' | 'prepare'>, isBare: boolean) => ({
        name: subjectName(what, clients, desk.tickets, isBare),
        async measure(round: number) {
          const count = callsAt(clients);
          const figures = await loadCounting((index) => ask(round * count + index), {
            clients,
            calls: count,
            ...(prepare && { prepare }),
          });
          await untilOutboxIsEmpty(desk.caller);
          return figures;
        },
      });
      const alone = call.bare ?? bare.get(what);
      const isAlone = clients === 1 && alone !== undefined;
      return {
        what,
        clients,
        subjects: [subject(call, false), ...(isAlone ? [subject({ ask: alone }, true)] : [])],
      };
    }),
  );
}

/** The statements of a ticket service's own, sent by `pg` alone. */
async function bareReads(desk: ScaleDesk, calls: Record<string, Call>): Promise<Map<string, Call['ask']>> {
  const service = await startTestService({ postgresUrl: desk.databaseUrl });
  const statements = new Map<string, Statement[]>();
  try {
    for (const [what, { rpc }] of Object.entries(calls))
      if (rpc) statements.set(what, await recordStatements(() => rpc(service)));
  } finally {
    await service.stop();
  }
  return new Map(
    [...statements].map(([what, recorded]) => [
      what,
      async () => {
        for (const { text, values } of recorded) await desk.pool.query(text, values);
      },
    ]),
  );
}

/** Creates stored a second, by many clients, until the last is in the database. */
export function storedSubject(desk: ScaleDesk): Subject<{ storedPerSecond: number }> {
  const calls = 400;
  return {
    name: `stored, ${desk.tickets}`,
    async measure(round) {
      const startedMs = performance.now();
      await load(
        async (index) =>
          void (await desk.caller.call(createTicket, { input: newTicket(round * calls + index) })),
        { clients: mostClients, calls },
      );
      await untilOutboxIsEmpty(desk.caller);
      return { storedPerSecond: (calls * 1000) / (performance.now() - startedMs) };
    },
  };
}

/** In bytes, by the name of the index; the largest first. */
export async function indexSizes(desk: ScaleDesk): Promise<Record<string, number>> {
  const { rows } = await desk.pool.query<{ name: string; bytes: string }>(
    `select indexrelid::regclass::text as name, pg_relation_size(indexrelid) as bytes
     from pg_index where indrelid in ('tickets'::regclass, 'comments'::regclass, 'ticket_history'::regclass)
     order by 2 desc`,
  );
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}
