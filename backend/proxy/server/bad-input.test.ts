import { describe, expect, it } from 'vitest';
import { graphqlRequest } from '../testing/real-proxy.ts';
import { desk, service } from '../testing/small-desk.ts';

/** Everything that a client could have changed. */
const changesMade = () => ({
  waiting: desk.proxy.outbox.waiting(),
  calls: service.calls.filter(({ rpc }) => /^(Create|Update|Delete|Restore)/.test(rpc)).length,
});

const create = 'mutation($input: NewTicket!) { createTicket(input: $input) { success } }';
const update = 'mutation($input: UpdateTicket!) { updateTicket(input: $input) { success } }';
const remove = 'mutation($input: DeleteTicket!) { deleteTicket(input: $input) { success } }';
const restore = 'mutation($input: RestoreTicket!) { restoreTicket(input: $input) { success } }';
const comment = 'mutation($input: AddComment!) { addComment(input: $input) { success } }';
const edit = 'mutation($input: EditCreate!) { editCreate(input: $input) { state } }';
const list = 'query($input: TicketFilter) { tickets(input: $input) { id } }';
const page =
  'query($filter: TicketFilter, $first: Int, $after: String, $last: Int, $before: String, $orderBy: TicketOrder) { ticketPage(filter: $filter, first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) { edges { cursor } } }';
const good = { title: 'Title', description: 'Text', name: 'Ada' };
const requestId = '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01';

describe('bad input is refused by the name of its field, and changes nothing', () => {
  it.each([
    ['an empty title', create, { input: { ...good, title: '' } }, 'title'],
    ['a title of spaces', create, { input: { ...good, title: ' \n ' } }, 'title'],
    ['a title of a zero width space', create, { input: { ...good, title: '\u200b' } }, 'title'],
    ['a title of a bidi override', create, { input: { ...good, title: '\u202e \u2066' } }, 'title'],
    ['a requester of a soft hyphen', create, { input: { ...good, name: '\u00ad' } }, 'name'],
    ['an update to an unseen title', update, { input: { id: 1, title: '\u2060' } }, 'title'],
    ['an edit to an unseen requester', edit, { input: { ...good, requestId, name: '\u3164' } }, 'name'],
    ['a title of 201 characters', create, { input: { ...good, title: 'ü'.repeat(201) } }, 'title'],
    ['a title with NUL', create, { input: { ...good, title: 'a\0b' } }, 'title'],
    ['a title with half a character', create, { input: { ...good, title: 'a\ud83d' } }, 'title'],
    [
      'a description of 10,001 characters',
      create,
      { input: { ...good, description: 'x'.repeat(10_001) } },
      'description',
    ],
    ['a description with NUL', create, { input: { ...good, description: '\0' } }, 'description'],
    ['an empty requester', create, { input: { ...good, name: '' } }, 'name'],
    ['a requester of 101 characters', create, { input: { ...good, name: 'x'.repeat(101) } }, 'name'],
    ['21 tags', create, { input: { ...good, tags: Array.from({ length: 21 }, (_, n) => `${n}`) } }, 'tags'],
    ['a tag of 41 characters', create, { input: { ...good, tags: ['ok', 'ü'.repeat(41)] } }, 'tags'],
    ['a huge tag', create, { input: { ...good, tags: ['a\u0301'.repeat(50_000)] } }, 'tags'],
    ['an empty tag', create, { input: { ...good, tags: ['vpn', ' \u200b'] } }, 'tags'],
    ['a tag with NUL', create, { input: { ...good, tags: ['v\0pn'] } }, 'tags'],
    ['a tag with half a character', create, { input: { ...good, tags: ['\ud83d'] } }, 'tags'],
    ['a tag that is a number', create, { input: { ...good, tags: [7] } }, 'tags'],
    ['a due time in words', create, { input: { ...good, dueAt: 'tomorrow' } }, 'dueAt'],
    ['an empty due time', create, { input: { ...good, dueAt: '' } }, 'dueAt'],
    ['a due time that is a number', create, { input: { ...good, dueAt: 1_795_000_000 } }, 'dueAt'],
    [
      'a due time of a day that there is not',
      update,
      { input: { id: 1, dueAt: '2030-02-30T12:00:00Z' } },
      'dueAt',
    ],
    ['an update to an empty tag', update, { input: { id: 1, tags: [''] } }, 'tags'],
    ['an edit to a tag too long', edit, { input: { ...good, requestId, tags: ['x'.repeat(41)] } }, 'tags'],
    ['a requestId that is no UUID', create, { input: { ...good, requestId: 'mine' } }, 'requestId'],
    ['a title that is a number', create, { input: { ...good, title: 7 } }, 'title'],
    ['a missing description', create, { input: { title: 'a', name: 'b' } }, 'description'],
    ['a field that does not exist', create, { input: { ...good, colour: 'red' } }, 'colour'],
    ['no input at all', create, {}, 'input'],
    ['an unknown status', update, { input: { id: 1, status: 'Done' } }, 'status'],
    ['a status in another case', update, { input: { id: 1, status: 'new' } }, 'status'],
    ['an update of nothing', update, { input: { id: 1 } }, 'status'],
    ['an update of id 0', update, { input: { id: 0, status: 'New' } }, 'id'],
    [
      'a negative expectedVersion',
      update,
      { input: { id: 1, status: 'New', expectedVersion: -1 } },
      'expectedVersion',
    ],
    ['a negative id to delete', remove, { input: { id: -4 } }, 'id'],
    ['an id beyond 32 bits', remove, { input: { id: 2 ** 31 } }, 'id'],
    ['an id that is text', remove, { input: { id: '1; drop table tickets' } }, 'id'],
    ['an id with a fraction', restore, { input: { id: 1.5 } }, 'id'],
    [
      'a change of a ticket by what is no request id',
      update,
      { input: { id: 0, ticketRequestId: 'x', title: 'Title' } },
      'ticketRequestId',
    ],
    [
      'a comment on a ticket by what is no request id',
      comment,
      { input: { ticketRequestId: '', kind: 'NOTE', body: 'Text' } },
      'ticketRequestId',
    ],
    ['an edit to an empty title', edit, { input: { ...good, requestId, title: '' } }, 'title'],
    ['a filter by an unknown status', list, { input: { status: 'Nope' } }, 'status'],
    ['a filter by unknown statuses', list, { input: { statuses: ['New', 'Nope'] } }, 'statuses'],
    ['a filter by 21 tags', list, { input: { tags: Array.from({ length: 21 }, (_, n) => `${n}`) } }, 'tags'],
    ['a filter by 201 tags', list, { input: { tags: Array.from({ length: 201 }, () => 'vpn') } }, 'tags'],
    ['a filter by an empty tag', list, { input: { tags: [''] } }, 'tags'],
    ['a filter by no time', list, { input: { dueBefore: 'soon' } }, 'dueBefore'],
    ['a filter by id 0', list, { input: { id: 0 } }, 'id'],
    ['a search of 201 characters', list, { input: { text: 'x'.repeat(201) } }, 'text'],
    ['a search with NUL', list, { input: { text: '\0' } }, 'text'],
    ['a page of 0', page, { first: 0 }, 'first'],
    ['a page of 201', page, { first: 201 }, 'first'],
    ['a cursor with control characters', page, { after: 'a\0' }, 'after'],
    ['a cursor of 1,001 characters', page, { after: 'x'.repeat(1_001) }, 'after'],
    ['a last page of 201', page, { last: 201 }, 'last'],
    ['a cursor to go back from with control characters', page, { before: 'a\0' }, 'before'],
    ['a cursor to go on from beside a last page', page, { last: 1, after: 'a' }, 'after'],
    ['an unknown order', page, { orderBy: 'BY_COLOUR' }, 'orderBy'],
  ])('%s', async (_, query, variables, field) => {
    const before = changesMade();
    const { errors, data } = await desk.ask(query, variables);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(data ?? null).toBeNull();
    expect(changesMade()).toEqual(before);
  });

  it.each([
    ['an id', '{ ticket(id: "x") { id } }', 'id'],
    ['an id beyond 32 bits', 'mutation { deleteTicket(input: { id: 99999999999 }) { id } }', 'id'],
    [
      'a missing field',
      'mutation { createTicket(input: { title: "a", name: "b" }) { success } }',
      'description',
    ],
    ['a missing argument', '{ ticket { id } }', 'id'],
    ['an unknown argument', '{ ticket(id: 1, colour: "red") { id } }', 'colour'],
  ])('also written into the query: %s', async (_, query, field) => {
    const { errors } = await desk.ask(query);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });
});

describe('every error has a code of the closed table', () => {
  it.each([
    ['no GraphQL', '{ tickets { id'],
    ['an unknown field', '{ ticket(id: 1) { colour } }'],
    ['an unknown operation', '{ everything }'],
    ['a subscription with an unknown field', 'subscription { ticketChanged { colour } }'],
  ])('%s', async (_, query) => {
    const { errors, status } = await desk.ask(query);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.extensions).not.toHaveProperty('stacktrace');
    expect(status).toBe(400);
  });

  it('says how many tags there are and how many may be, and how long one is and may be', async () => {
    const tags = Array.from({ length: 21 }, (_, n) => `tag ${n}`);
    const many = await desk.ask(create, { input: { ...good, tags } });
    expect(many.errors?.[0]?.message).toBe('tags has 21 entries; at most 20 fit. Leave some out.');
    const long = await desk.ask(create, { input: { ...good, tags: ['ü'.repeat(41)] } });
    expect(long.errors?.[0]?.message).toBe('An entry of tags has 41 characters; at most 40 fit. Shorten it.');
  });

  it('lists the statuses there are', async () => {
    const { errors } = await desk.ask(update, { input: { id: 1, status: 'Done' } });
    expect(errors?.[0]?.message).toContain('"New", "In Progress", "On Hold", "Completed"');
  });

  it('keeps to itself what went wrong inside', async () => {
    const { errors } = await withBrokenClient('secret: postgres://desk:pw@host', () =>
      desk.ask('{ tickets { id } }'),
    );
    expect(errors?.[0]?.extensions.code).toBe('INTERNAL');
    expect(JSON.stringify(errors)).not.toContain('secret');
  });
});

async function withBrokenClient<Result>(text: string, run: () => Promise<Result>): Promise<Result> {
  const { list: whole } = desk.client;
  desk.client.list = () => Promise.reject(new Error(text));
  try {
    return await run();
  } finally {
    desk.client.list = whole;
  }
}

describe('a request that asks for too much', () => {
  const refused = async (body: unknown, init?: RequestInit) => {
    const response = await desk.proxy.handle(graphqlRequest(body, init));
    return { status: response.status, body: await response.json() };
  };

  it('is refused over 1 MiB, told beforehand or not', async () => {
    const query = `{ tickets { id } } # ${'x'.repeat(1024 * 1024)}`;
    expect((await refused({ query })).status).toBe(413);
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(' '.repeat(64 * 1024))),
    });
    const streamed = await refused('', { body: stream, duplex: 'half' } as RequestInit);
    expect(streamed).toMatchObject({
      status: 413,
      body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
  });

  it.each([
    [
      'deep',
      `{ __schema { types ${'{ fields { type '.repeat(20)}{ name }${' } }'.repeat(20)} } }`,
      'levels deep',
    ],
    ['deep through fragments', deepFragments(30), 'levels deep'],
    [
      'of 51 aliases',
      `{ ${Array.from({ length: 51 }, (_, n) => `a${n}: tickets { id }`).join(' ')} }`,
      'aliases',
    ],
    ['of 2,001 tokens', `{ ${'healthCheck '.repeat(2_000)} }`, 'tokens'],
  ])('is refused when it is %s', async (_, query, words) => {
    const { errors } = await desk.ask(query);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain(words);
  });

  it('is refused in a batch', async () => {
    const { status, body } = await refused([{ query: '{ healthCheck }' }]);
    expect(status).toBe(400);
    expect(body.errors[0].message).toContain('one by one');
  });

  it.each([
    ['no JSON', '{', 400],
    ['null', 'null', 400],
    ['without a query', '{"variables":{}}', 400],
    ['with variables that are a list', '{"query":"{ healthCheck }","variables":[]}', 400],
  ])('is refused when it is %s', async (_, body, status) => {
    expect(await refused(body)).toMatchObject({
      status,
      body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
  });

  it('is refused in bytes that are no UTF-8', async () => {
    expect((await refused('', { body: new Uint8Array([0x7b, 0xff, 0x7d]) })).status).toBe(400);
  });

  it('is refused as a form, and as a GET', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect((await refused({ query: '{ healthCheck }' }, { headers })).status).toBe(415);
    const get = await desk.proxy.handle(new Request('http://127.0.0.1/graphql?query={healthCheck}'));
    expect(get.status).toBe(405);
  });
});

function deepFragments(count: number): string {
  const fragments = Array.from(
    { length: count },
    (_, n) => `fragment F${n} on __Type { ofType { ...F${n + 1} } }`,
  );
  return `{ __type(name: "Ticket") { ...F0 } } ${fragments.join(' ')} fragment F${count} on __Type { name }`;
}

describe('what clients ask for', () => {
  it('is answered at /query like at /graphql, and introspection is open', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const body = JSON.stringify({ query: getIntrospectionQuery() });
    const headers = { 'content-type': 'application/json' };
    const response = await desk.proxy.handle(
      new Request('http://127.0.0.1/query', { method: 'POST', body, headers }),
    );
    const { data } = await response.json();
    expect(data.__schema.queryType.name).toBe('Query');
  });

  it('is answered with 200 on GET /health, whatever the link', async () => {
    const response = await desk.proxy.handle(new Request('http://127.0.0.1/health'));
    expect(response.status).toBe(200);
  });
});
