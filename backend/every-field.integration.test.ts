/**
 * Every declared field and filter on every way that a ticket takes: GraphQL, the outbox on disk, gRPC, the body
 * of a queued create, SQL, the cache, the change feed, and back after a deletion. What one of them drops shows here.
 */
import { type ServiceError, status } from '@grpc/grpc-js';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { canBeEmptied, emptyOf, type FieldValue } from '../proto/field-kinds.ts';
import {
  type CreateFieldName,
  createFieldNames,
  editFieldNames,
  type FieldName,
  fieldNames,
  fieldOf,
  filterFieldNames,
  isLeftOutByOlder,
  type NewTicketValues,
  newTicketValues,
  searchFieldNames,
  ticketValues,
  type ValueOf,
} from '../proto/ticket-fields.ts';
import { encodeCreate } from './domain/create-message.ts';
import { withoutNulls } from './domain/wire-values.ts';
import { bulkEnded } from './proxy/testing/bulk-job.ts';
import { linkState } from './proxy/testing/link-state.ts';
import { proxyOn, type RealDesk, startRealDesk } from './proxy/testing/real-proxy.ts';
import type { TicketEvent } from './proxy/ticket-client.ts';
import { testFolder } from './testing/test-folder.ts';
import { Consumer } from './ticket-service/consumer/consumer.ts';
import { controllableSource } from './ticket-service/testing/controllable-source.ts';
import { silent, soleCache } from './ticket-service/testing/service.ts';

const agents = [
  { id: 'agent-1', name: 'Ada' },
  { id: 'agent-2', name: 'Bo' },
];

let desk: RealDesk;

beforeAll(async () => {
  desk = await startRealDesk();
  const sql = new pg.Client(desk.postgresUrl);
  await sql.connect();
  for (const { id, name } of agents)
    await sql.query('insert into agents (id, name, last_seen_at) values ($1, $2, now())', [id, name]);
  await sql.end();
});
afterAll(() => desk.stop());

/** Two values of a field, neither of them its default. */
function sample(name: FieldName, variant: 1 | 2): FieldValue {
  const field = fieldOf(name);
  switch (field.kind) {
    case 'text':
      return `${name} of kind ${variant}`;
    case 'choice':
      return field.choices.filter((choice) => choice !== field.default).at(-variant) ?? '';
    case 'set':
      return [`${name.toLowerCase()} of kind ${variant}`, 'zweiter stock'];
    case 'person':
      return agents[variant - 1]?.id ?? null;
    case 'time':
      return `2030-01-0${variant}T12:00:00.123456Z`;
  }
}

/** What a ticket that has this value shows of it. */
function saying(name: FieldName, value: FieldValue): Record<string, unknown> {
  const field = fieldOf(name);
  const agent = agents.find(({ id }) => id === value) ?? null;
  return { [name]: value, ...(field.kind === 'person' && { [field.agent]: agent }) };
}

type Samples<Name extends FieldName> = { [F in Name]: ValueOf<F> };

function samples<Name extends FieldName>(names: readonly Name[], variant: 1 | 2): Samples<Name> {
  return Object.fromEntries(names.map((name) => [name, sample(name, variant)])) as Samples<Name>;
}

const selection = [
  'id',
  'version',
  'requestId',
  'createdAt',
  'updatedAt',
  ...fieldNames,
  'assignee { id name }',
].join(' ');

/** A new ticket whose every field says what its sample says. */
async function stored(variant: 1 | 2): Promise<Record<string, unknown>> {
  const requestId = uuidv7();
  const input = { ...samples(createFieldNames, variant), requestId };
  await desk.ask('mutation ($input: NewTicket!) { createTicket(input: $input) { success } }', { input });
  await desk.drained();
  const { tickets } = await desk.service.call('GetTicketList', {});
  const id = tickets.find((ticket) => ticket.requestId === requestId)?.id ?? 0;
  const { data } = await update(id, samples(editFieldNames, variant));
  return data.updateTicket.ticket;
}

function update(id: number, changes: Record<string, unknown>) {
  return desk.ask(
    `mutation ($input: UpdateTicket!) { updateTicket(input: $input) { success ticket { ${selection} } } }`,
    { input: { id, ...changes } },
  );
}

/** The ticket by each read of GraphQL, twice: from the database and then from the cache. */
async function everyRead(id: unknown): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let round = 0; round < 2; round += 1) {
    const { data } = await desk.ask(
      `query ($id: Int!, $filter: TicketFilter) {
        ticket(id: $id) { ${selection} }
        tickets { ${selection} }
        ofId: tickets(input: $filter) { ${selection} }
        ticketPage(first: 200) { edges { node { ${selection} } } }
      }`,
      { id, filter: { id } },
    );
    const pick = (tickets: { id: number }[]) => tickets.find((ticket) => ticket.id === id);
    const paged = data.ticketPage.edges.map(({ node }: { node: { id: number } }) => node);
    found.push(data.ticket, pick(data.tickets), data.ofId[0], pick(paged));
  }
  return found;
}

describe('every field', () => {
  it('of a create outlives the disk of the outbox, and is stored and read', async () => {
    const dataDir = testFolder();
    const given = samples(createFieldNames, 1);
    const requestId = uuidv7();

    const offline = await proxyOn({ address: 'unix:/nowhere', dataDir });
    await offline.ask('mutation ($input: NewTicket!) { createTicket(input: $input) { success } }', {
      input: { ...given, requestId },
    });
    await offline.stop();

    const again = await proxyOn({ address: 'unix:/nowhere', dataDir });
    const waiting = await again.ask(`{ outbox { entries { requestId ${createFieldNames.join(' ')} } } }`);
    expect(waiting.data.outbox.entries).toEqual([{ requestId, ...given }]);
    await again.stop();

    const online = await proxyOn({ address: desk.service.address, dataDir });
    onTestFinished(() => online.stop());
    await linkState(online.client, 'CONNECTED');
    await online.drained();
    const { data } = await online.ask(`{ tickets { ${selection} } }`);
    const ticket = data.tickets.find((each: { requestId: string }) => each.requestId === requestId);
    expect(ticket).toMatchObject(ticketValues(given));
    for (const read of await everyRead(ticket.id)) expect(read).toEqual(ticket);
  });

  it('of an edited create is what the outbox keeps', async () => {
    const dataDir = testFolder();
    const offline = await proxyOn({ address: 'unix:/nowhere', dataDir });
    onTestFinished(() => offline.stop());
    const requestId = uuidv7();
    await offline.ask('mutation ($input: NewTicket!) { createTicket(input: $input) { success } }', {
      input: { ...samples(createFieldNames, 1), requestId },
    });
    const { data } = await offline.ask(
      `mutation ($input: EditCreate!) { editCreate(input: $input) { ${createFieldNames.join(' ')} } }`,
      { input: { ...samples(createFieldNames, 2), requestId } },
    );
    expect(data.editCreate).toEqual(samples(createFieldNames, 2));
  });

  it('of a queued create is stored', async () => {
    const source = controllableSource();
    const consumer = new Consumer({
      storage: { store: desk.service.store, cache: soleCache() },
      openSource: source.open,
      topic: 'ticketCreate',
      logger: silent,
    });
    onTestFinished(() => consumer.stop());
    const given: NewTicketValues = newTicketValues(samples(createFieldNames, 1));
    const requestId = uuidv7();
    const body = encodeCreate({ ...given, requestId, createdAt: new Date().toISOString() });
    expect(await source.deliver(Buffer.from(body)).ended).toBe('finished');
    const tickets = await desk.service.store.list({});
    expect(tickets.find((ticket) => ticket.requestId === requestId)).toMatchObject(ticketValues(given));
  });

  it('that is no older one may be left out of a queued create, as older producers do', async () => {
    const names = createFieldNames.filter((name: CreateFieldName) => !isLeftOutByOlder(name));
    const [id] = await desk.service.store.create([
      {
        ...newTicketValues(samples(names, 1)),
        requestId: uuidv7(),
        createdAt: new Date().toISOString(),
      },
    ]);
    expect(id).toMatchObject({ state: 'created', ticket: ticketValues(samples(names, 1)) });
  });

  it.each(editFieldNames)('%s is edited alone, and everybody is told', async (name) => {
    const before = await stored(1);
    const told = new Promise<TicketEvent>((resolve) => {
      const stop = desk.client.onTicket((event) => {
        if (event.id !== before.id || event.ticket?.version === before.version) return;
        stop();
        resolve(event);
      });
    });
    const value = sample(name, 2);
    const { data } = await update(before.id as number, { [name]: value });
    const { updatedAt, version } = data.updateTicket.ticket;
    const after = { ...before, ...saying(name, value), updatedAt, version };
    expect(data.updateTicket.ticket).toEqual(after);
    expect((await told).ticket).toEqual(after);
    for (const read of await everyRead(before.id)) expect(read).toEqual(after);
  });

  it.each(editFieldNames.filter((name) => canBeEmptied(fieldOf(name))))(
    '%s is emptied by null, and left as it is where nothing is said of it',
    async (name) => {
      const before = await stored(1);
      const { data: kept } = await update(before.id as number, { status: 'New' });
      expect(kept.updateTicket.ticket[name]).toEqual(before[name]);
      const { data } = await update(before.id as number, { [name]: null });
      const { updatedAt, version } = data.updateTicket.ticket;
      const emptied = saying(name, emptyOf(fieldOf(name)));
      const after = { ...before, status: 'New', ...emptied, updatedAt, version };
      expect(data.updateTicket.ticket).toEqual(after);
      for (const read of await everyRead(before.id)) expect(read).toEqual(after);
    },
  );

  it.each(editFieldNames)('%s is changed in bulk, and undone as one', async (name) => {
    const before = [await stored(1), await stored(1)];
    const ids = before.map(({ id }) => id);
    const all = async () => {
      const query = `query ($ids: [Int!]) { tickets(input: { ids: $ids }) { ${selection} } }`;
      const { data } = await desk.ask(query, { ids });
      return data.tickets.map(({ version: _, updatedAt: __, ...said }: Record<string, unknown>) => said);
    };
    const said = await all();
    const [id, undo] = [uuidv7(), uuidv7()];
    const input = { id, ids, changes: { [name]: sample(name, 2) } };
    await desk.ask('mutation ($input: PrepareBulk!) { prepareBulk(input: $input) { id } }', { input });
    await desk.ask('mutation ($input: BulkJobInput!) { startBulk(input: $input) { id } }', { input: { id } });
    expect(await bulkEnded(desk, id)).toMatchObject({ state: 'DONE', changed: 2, failed: 0 });
    expect(await all()).toEqual(
      said.map((ticket: object) => ({ ...ticket, ...saying(name, sample(name, 2)) })),
    );
    await desk.ask('mutation ($input: UndoBulk!) { undoBulk(input: $input) { id } }', {
      input: { id: undo, undoes: id },
    });
    expect(await bulkEnded(desk, undo)).toMatchObject({ state: 'DONE', changed: 2, failed: 0 });
    expect(await all()).toEqual(said);
  });

  it('comes back after a deletion', async () => {
    const before = await stored(1);
    await desk.ask('mutation ($id: Int!) { deleteTicket(input: { id: $id }) { success } }', before);
    const { data } = await desk.ask(
      `mutation ($id: Int!) { restoreTicket(input: { id: $id }) { ticket { ${selection} } } }`,
      before,
    );
    const { updatedAt, version } = data.restoreTicket.ticket;
    expect(data.restoreTicket.ticket).toEqual({ ...before, updatedAt, version });
    for (const read of await everyRead(before.id)) expect(read).toEqual(data.restoreTicket.ticket);
  });
});

/** The ids that each list of GraphQL lets through; `among` leaves other tests' tickets out. */
async function found(filter: Record<string, unknown>, among: unknown[]): Promise<unknown[][]> {
  const { data } = await desk.ask(
    `query ($filter: TicketFilter) {
      tickets(input: $filter) { id }
      ticketPage(filter: $filter, first: 200) { edges { node { id } } }
    }`,
    { filter },
  );
  const paged = data.ticketPage.edges.map(({ node }: { node: { id: number } }) => node);
  return [data.tickets, paged].map((tickets: { id: number }[]) =>
    tickets.map(({ id }) => id).filter((id) => among.includes(id)),
  );
}

/** What the filter of a field takes to let through a ticket that says this. */
function filteredBy(name: FieldName, value: unknown): unknown {
  switch (fieldOf(name).kind) {
    case 'set':
      return (value as string[]).map((entry) => ` ${entry.toUpperCase()}`);
    case 'person':
      return value;
    case 'time':
      return String(value).replace('.123456Z', '.123457Z');
    default:
      return [value];
  }
}

describe('every filter', () => {
  const filters: [name: string, valueFor: (ticket: Record<string, unknown>) => unknown][] = [
    ['id', ({ id }) => id],
    ['status', ({ status }) => status],
    ...filterFieldNames.map((name): (typeof filters)[number] => [
      String(fieldOf(name).filter),
      (ticket) => filteredBy(name, ticket[name]),
    ]),
  ];
  it.each(filters)('%s lets through what it names, alone', async (filter, valueFor) => {
    const [one, other] = [await stored(1), await stored(2)];
    for (const ticket of [one, other]) {
      // What is before the later one is before both.
      const both = filter.endsWith('Before') && ticket === other;
      for (const ids of await found({ [filter]: valueFor(ticket) }, [one.id, other.id]))
        expect(ids).toEqual(both ? [other.id, one.id] : [ticket.id]);
    }
  });

  it('unassigned lets through what nobody has', async () => {
    const [one, other] = [await stored(1), await stored(2)];
    await update(other.id as number, { assigneeId: null });
    for (const ids of await found({ unassigned: true }, [one.id, other.id])) expect(ids).toEqual([other.id]);
    for (const ids of await found({ unassigned: false }, [one.id, other.id]))
      expect(ids).toEqual([other.id, one.id]);
  });

  it.each(searchFieldNames)('text finds what is in %s', async (name) => {
    const [one, other] = [await stored(1), await stored(1)];
    const word = `Sought-${uuidv7()}`;
    await update(other.id as number, { [name]: `before ${word} behind` });
    for (const ids of await found({ text: word.toUpperCase() }, [one.id, other.id]))
      expect(ids).toEqual([other.id]);
    const { data } = await desk.ask('query ($text: String) { ticketCounts(text: $text) { count } }', {
      text: word,
    });
    expect(data.ticketCounts.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(1);
  });
});

it('history names the agents whom a ticket went from and to', async () => {
  const { id } = await stored(1);
  await update(id as number, samples(['assigneeId'], 2));
  const { data } = await desk.ask(
    'query ($id: Int!) { ticket(id: $id) { history(last: 1) { edges { node { field from to } } } } }',
    { id },
  );
  expect(data.ticket.history.edges[0].node).toEqual({ field: 'assigneeId', from: 'Ada', to: 'Bo' });
});

describe('an agent whom there is not', () => {
  const nobodyKnown = { code: 'NOT_FOUND', field: 'assigneeId' };

  it('is refused by name of the field in an update, and nothing is changed', async () => {
    const before = await stored(1);
    const { errors } = await update(before.id as number, {
      title: 'Other',
      assigneeId: 'agent-of-elsewhere',
    });
    expect(errors?.[0]?.extensions).toMatchObject(nobodyKnown);
    for (const read of await everyRead(before.id)) expect(read).toEqual(before);
  });

  it('brings back the create that names them to its author, and the others of its batch are stored', async () => {
    const create = (assigneeId: string) => {
      const input = { ...samples(createFieldNames, 1), assigneeId, requestId: uuidv7() };
      return desk.service
        .call('CreateTicket', { ...withoutNulls(newTicketValues(input)), requestId: input.requestId })
        .catch((thrown: ServiceError) => [thrown.code, thrown.metadata.get('error-field')[0]]);
    };
    const answers = await Promise.all(['agent-1', 'agent-of-elsewhere', 'agent-2'].map(create));
    expect(answers).toEqual([
      { id: expect.any(Number), success: true },
      [status.NOT_FOUND, 'assigneeId'],
      { id: expect.any(Number), success: true },
    ]);
  });
});
