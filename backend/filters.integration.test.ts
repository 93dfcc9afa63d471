/** Every filter on its whole way: GraphQL, gRPC, SQL and the cached lists, before our own service and an older one. */
import { buildSchema, type GraphQLEnumType, type GraphQLInputObjectType } from 'graphql';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { limits } from '../proto/checks.ts';
import { typeDefs } from './proxy/generated/schema.ts';
import type { TicketFilter } from './proxy/resolvers/generated/resolvers.ts';
import { linkState } from './proxy/testing/link-state.ts';
import { type ProxyOn, proxyOn, type RealDesk, startRealDesk } from './proxy/testing/real-proxy.ts';
import { type OldService, startOldService } from './testing/older-peers.ts';

interface Found {
  id: number;
  title: string;
  description: string;
  name: string;
  status: string;
  createdAt: string;
  updatedAt: string;
}

const has = (ticket: Found, word: string) =>
  [ticket.title, ticket.description, ticket.name].some((part) => part.toLowerCase().includes(word));
const expectedOf: Record<string, (ticket: Found) => boolean> = {
  printer: (ticket) => has(ticket, 'printer'),
  ton: (ticket) => has(ticket, 'ton'),
  '"second floor"': (ticket) => has(ticket, 'second floor'),
  '-ada': (ticket) => !has(ticket, 'ada'),
  'status:on-hold': ({ status }) => status === 'On Hold',
  'requester:ad': ({ name }) => name.toLowerCase().startsWith('ad'),
  'is:closed': ({ status }) => status === 'Completed',
};

/** For each filter of the schema: values to ask for, and what a ticket must be like to be found by one. */
const filters: {
  [Field in keyof Required<TicketFilter>]: {
    values: NonNullable<TicketFilter[Field]>[];
    finds(ticket: Found, value: NonNullable<TicketFilter[Field]>): boolean;
  };
} = {
  id: { values: [1, 2, 999], finds: (ticket, id) => ticket.id === id },
  ids: {
    values: [[2], [1, 3, 999], []],
    finds: (ticket, ids) => ids.length === 0 || ids.includes(ticket.id),
  },
  status: { values: ['New', 'Completed'], finds: (ticket, status) => ticket.status === status },
  statuses: {
    values: [['On Hold'], ['New', 'On Hold'], []],
    finds: (ticket, statuses) => statuses.length === 0 || statuses.includes(ticket.status),
  },
  // A service of the base contract knows none, and its tickets count as Normal ones, as these are.
  priorities: {
    values: [['Normal'], ['Low', 'Normal'], ['High'], []],
    finds: (_, priorities) => priorities.length === 0 || priorities.includes('Normal'),
  },
  // Nor tags nor times at which tickets are due, as these have none.
  tags: { values: [['vpn'], []], finds: (_, tags) => tags.length === 0 },
  assigneeId: { values: ['somebody'], finds: () => false },
  unassigned: { values: [true, false], finds: () => true },
  dueBefore: { values: ['2099-01-01T00:00:00+02:00'], finds: () => false },
  query: {
    values: [
      'printer',
      'ton',
      '"second floor"',
      '-ada',
      'status:on-hold',
      'requester:ad',
      'is:closed',
      'nowhere',
    ],
    finds: (ticket, query) => expectedOf[query]?.(ticket) ?? false,
  },
  timeZone: { values: ['Europe/Berlin'], finds: () => true },
  text: {
    values: ['printer', 'ADA', 'toner', 'nowhere'],
    finds: ({ title, description, name }, text) =>
      [title, description, name].some((part) => part.toLowerCase().includes(text.toLowerCase())),
  },
};

const fieldsOfSchema = (name: string) =>
  Object.keys((buildSchema(typeDefs).getType(name) as GraphQLInputObjectType).getFields());
const orders = (buildSchema(typeDefs).getType('TicketOrder') as GraphQLEnumType)
  .getValues()
  .map(({ name }) => name);

let desk: RealDesk;
let oldService: OldService;
let behindOld: ProxyOn;
let tickets: Found[];

const ticketFields = 'id title description name status createdAt updatedAt';
const list = `query($filter: TicketFilter) { found: tickets(input: $filter) { ${ticketFields} } }`;
const page = `query($filter: TicketFilter, $orderBy: TicketOrder) {
  found: ticketPage(filter: $filter, orderBy: $orderBy) { edges { node { id } } } }`;

beforeAll(async () => {
  desk = await startRealDesk();
  const sql = new pg.Client(desk.postgresUrl);
  await sql.connect();
  // Each order differs from each other one.
  await sql.query(`
    insert into tickets (title, description, name, status, version, created_at, updated_at) values
      ('Printer', 'no toner', 'Ada', 'New', 1, '2026-01-02Z', '2026-02-02Z'),
      ('Scanner', 'dark', 'Bo', 'Completed', 1, '2026-01-01Z', '2026-02-03Z'),
      ('PRINTERS', 'toner again', 'Cy', 'On Hold', 1, '2026-01-04Z', '2026-02-01Z'),
      ('Chair', 'squeaks', 'Printera', 'New', 1, '2026-01-03Z', '2026-02-04Z')`);
  await sql.end();
  oldService = await startOldService({ postgresUrl: desk.postgresUrl });
  behindOld = await proxyOn({ address: oldService.address });
  await linkState(behindOld.client, 'CONNECTED');
  tickets = (await desk.ask(list)).data.found;
});
afterAll(async () => {
  await behindOld.stop();
  await oldService.stop();
  await desk.stop();
});

/** Each filter alone, and each beside each other one. */
function everyFilter(): TicketFilter[] {
  const single = Object.entries(filters).flatMap(([field, { values }]) =>
    values.map((value) => ({ [field]: value })),
  );
  return [...single, ...single.flatMap((one) => single.map((other) => ({ ...one, ...other })))];
}

function expected(filter: TicketFilter): number[] {
  const fits = (ticket: Found) =>
    Object.entries(filter).every(([field, value]) =>
      filters[field as keyof TicketFilter].finds(ticket, value as never),
    );
  return tickets.filter(fits).map(({ id }) => id);
}

const byId = (ids: number[]) => [...ids].sort((a, b) => a - b);
const idsOf = (found: { id: number }[] | { edges: { node: { id: number } }[] }) =>
  (Array.isArray(found) ? found : found.edges.map(({ node }) => node)).map(({ id }) => id);

it('knows every filter of the schema, which is why none is missing below', () => {
  expect(Object.keys(filters).sort()).toEqual(fieldsOfSchema('TicketFilter').sort());
  expect(tickets).toHaveLength(4);
});

describe.each([
  ['our own service', () => desk],
  ['a service of the base contract', () => behindOld],
])('before %s', (_, proxy) => {
  it.each([
    ['tickets', list],
    ['ticketPage', page],
  ])('%s finds what each filter asks for, read from the database or from a cache', async (_, query) => {
    for (const filter of [...everyFilter(), ...everyFilter().reverse()]) {
      const { data, errors } = await proxy().ask(query, { filter });
      expect(errors, JSON.stringify(filter)).toBeUndefined();
      expect(byId(idsOf(data.found)), JSON.stringify(filter)).toEqual(byId(expected(filter)));
    }
  });

  it('counts counts what each filter asks for', async () => {
    const counts = 'query($filters: [TicketFilter!]!) { counts(filters: $filters) { count } }';
    const all = everyFilter();
    for (let at = 0; at < all.length; at += limits.maxCounts) {
      const asked = all.slice(at, at + limits.maxCounts);
      const { data } = await proxy().ask(counts, { filters: asked });
      asked.forEach((filter, n) => {
        expect(data.counts[n].count, JSON.stringify(filter)).toBe(expected(filter).length);
      });
    }
  });

  it('ticketCounts counts what each text finds', async () => {
    for (const text of [...filters.text.values, null]) {
      const counts = 'query($text: String) { counts: ticketCounts(text: $text) { status count } }';
      const { data } = await proxy().ask(counts, { text });
      for (const { status, count } of data.counts) {
        expect(count, `${text} ${status}`).toBe(expected({ status, ...(text && { text }) }).length);
      }
    }
  });
});

it.each(['assigneeId', 'dueBefore'])(
  'an empty %s is refused, as it would let everything through',
  async (field) => {
    const { errors } = await desk.ask(page, { filter: { [field]: '' } });
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field });
  },
);

describe('what is done to all that a filter lets through', () => {
  const nothing: TicketFilter = { status: 'New', statuses: ['Completed'] };

  it.each([{ id: 2 }, { query: 'printer' }, { status: 'New', text: 'toner' }, nothing])(
    'is done to no other: %j',
    async (filter) => {
      const id = uuidv7();
      const bulk = 'mutation($input: PrepareBulk!) { prepareBulk(input: $input) { total } }';
      const prepared = await desk.ask(bulk, { input: { id, filter, isDelete: true } });
      expect(prepared.data.prepareBulk.total).toBe(expected(filter).length);
      await desk.ask('mutation($input: StartExport!) { startExport(input: $input) { state } }', {
        input: { requestId: id, filter, format: 'JSON_LINES' },
      });
      const exported = await vi.waitUntil(async () => {
        const { data } = await desk.ask('{ exports { requestId state total } }');
        return data.exports.find(
          (one: { requestId: string; state: string }) => one.requestId === id && one.state === 'DONE',
        );
      });
      expect(exported.total).toBe(expected(filter).length);
    },
  );
});

it('ticketPage keeps to each order, with a filter and without', async () => {
  const sorted = (order: string) => {
    const [by, direction] = order.split('_');
    const key = (ticket: Found) => (by === 'CREATED' ? ticket.createdAt : ticket.updatedAt);
    const upwards = [...tickets].sort((a, b) => key(a).localeCompare(key(b)));
    return (direction === 'ASC' ? upwards : upwards.reverse()).map(({ id }) => id);
  };
  expect(new Set(orders.map((order) => sorted(order).join())).size).toBe(4);
  for (const filter of [{}, { text: 'toner' }, { ids: [1, 3, 4] }]) {
    for (const orderBy of orders) {
      const { data } = await desk.ask(page, { filter, orderBy });
      expect(idsOf(data.found)).toEqual(sorted(orderBy).filter((id) => expected(filter).includes(id)));
    }
  }
});
