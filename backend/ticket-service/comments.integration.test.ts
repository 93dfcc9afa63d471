/** What is said about tickets, over real gRPC on a real Postgres. */
import { status } from '@grpc/grpc-js';
import { uuidv7 } from 'uuidv7';
import { beforeEach, expect, it } from 'vitest';
import { hashedLine } from '../secrets.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { queryAt } from '../testing/test-database.ts';
import { connect, refusal, startTestService, type TestCaller, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();
let postgresUrl: string;
let desk: TestService;
let ada: TestCaller;
let bo: TestCaller;
let ticketId: number;

const tokenOf = (name: string) => `${name}-token-that-is-long-enough`;

beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
  const apiTokens = ['Ada', 'Bo'].map((name) => hashedLine(tokenOf(name), { name, lastDay: undefined }));
  desk = await startTestService({ postgresUrl, apiTokens });
  ada = connect(desk.address, tokenOf('Ada'));
  bo = connect(desk.address, tokenOf('Bo'));
  ({ id: ticketId } = await ada.call('CreateTicket', { title: 'Printer', description: '', name: 'Cy' }));
  return async () => {
    ada.close();
    bo.close();
    await desk.stop();
  };
});

const say = (who: TestCaller, body: string, fields: object = {}) =>
  who.call('AddComment', { ticketId, requestId: uuidv7(), kind: 'NOTE', body, ...fields });
const read = async (fields: object = {}) =>
  (await ada.call('ListComments', { ticketId, ...fields })).comments;
const history = () =>
  queryAt<{ agent: string; field: string }>(
    postgresUrl,
    `select agent, field, "from", "to" from ticket_history where ticket_id = ${ticketId} order by id`,
  );
const ticketNow = async () => (await ada.call('GetTicketList', { id: ticketId })).tickets[0];

it('is kept with its author, and is a new version of the ticket', async () => {
  await say(ada, 'Toner is *empty*');
  const answer = await say(bo, 'Works again', { kind: 'ANSWER' });
  expect(answer).toMatchObject({ id: 2, kind: 'ANSWER', body: 'Works again', editedAt: '' });
  expect(await read()).toMatchObject([
    { body: 'Toner is *empty*', kind: 'NOTE', author: { id: 'Ada', name: 'Ada' } },
    { body: 'Works again', kind: 'ANSWER', author: { id: 'Bo', name: 'Bo' } },
  ]);
  expect((await ticketNow())?.version).toBe(3);
});

it('is added once, however often one request comes', async () => {
  const requestId = uuidv7();
  const answers = await Promise.all(Array.from({ length: 20 }, () => say(ada, 'Once', { requestId })));
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect(await read()).toHaveLength(1);
  expect((await ticketNow())?.version).toBe(2);
  expect(await refusal(say(ada, 'Another', { requestId }))).toMatchObject({
    code: status.ALREADY_EXISTS,
    field: 'requestId',
  });
});

it('is known by its first text once it is edited or deleted, and another one under its request is refused', async () => {
  const requestId = uuidv7();
  const { id } = await say(ada, 'first', { requestId });
  const isKnown = async (body: string) => {
    expect(await say(ada, 'first', { requestId })).toMatchObject({ id, body });
    for (const other of ['another', 'second'])
      expect(await refusal(say(ada, other, { requestId }))).toMatchObject({
        code: status.ALREADY_EXISTS,
        field: 'requestId',
      });
  };
  await ada.call('EditComment', { id, body: 'second' });
  await isKnown('second');
  await ada.call('DeleteComment', { id });
  await isKnown('');
});

it('is told to those who watch, with the ticket', async () => {
  const watch = ada.watch();
  await watch.nextOfAll();
  const { id } = await say(bo, 'Look');
  let event = await watch.next();
  // That the ticket was filed may still be told.
  if (event.kind === 'CREATED') event = await watch.next();
  expect(event).toMatchObject({
    kind: 'UPDATED',
    ticket: { id: ticketId, version: 2 },
    comment: { id, body: 'Look', author: { name: 'Bo' } },
  });
  watch.cancel();
});

it('is changed and deleted by its author alone, and the history keeps what it said first', async () => {
  const { id } = await say(ada, 'first');
  expect(await refusal(bo.call('EditComment', { id, body: 'mine' }))).toMatchObject({
    code: status.PERMISSION_DENIED,
    field: 'id',
  });
  const edited = await ada.call('EditComment', { id, body: 'second' });
  expect(edited.body).toBe('second');
  expect(edited.editedAt).not.toBe('');
  expect(await refusal(bo.call('DeleteComment', { id }))).toMatchObject({ code: status.PERMISSION_DENIED });
  expect(await ada.call('DeleteComment', { id })).toEqual({ id, success: true });
  expect(await read()).toEqual([]);
  expect(await refusal(ada.call('DeleteComment', { id }))).toMatchObject({
    code: status.NOT_FOUND,
    field: 'id',
  });
  expect(await history()).toEqual([
    { agent: 'Ada', field: 'CREATED', from: null, to: null },
    { agent: 'Ada', field: 'COMMENTED', from: null, to: String(id) },
    { agent: 'Ada', field: 'comment', from: 'first', to: 'second' },
    { agent: 'Ada', field: 'comment', from: 'second', to: null },
  ]);
});

it('comes back by an edit once its author has deleted it, as it was or as another text', async () => {
  const requestId = uuidv7();
  const said = await say(ada, 'Toner is on its way', { requestId });
  const { id } = said;
  await ada.call('DeleteComment', { id });
  expect(await say(ada, 'Toner is on its way', { requestId })).toMatchObject({ id, body: '' });
  expect(await refusal(bo.call('EditComment', { id, body: 'mine' }))).toMatchObject({
    code: status.NOT_FOUND,
    field: 'id',
  });
  expect(await ada.call('EditComment', { id, body: said.body })).toEqual(said);
  expect(await read()).toEqual([said]);
  await ada.call('DeleteComment', { id });
  const other = await ada.call('EditComment', { id, body: 'It is here' });
  expect(await read()).toEqual([other]);
  expect(other.editedAt).not.toBe('');
  expect((await history()).slice(2)).toEqual([
    { agent: 'Ada', field: 'comment', from: 'Toner is on its way', to: null },
    { agent: 'Ada', field: 'comment', from: '', to: 'Toner is on its way' },
    { agent: 'Ada', field: 'comment', from: 'Toner is on its way', to: null },
    { agent: 'Ada', field: 'comment', from: '', to: 'It is here' },
  ]);
});

it('stays as it is once its time is over', async () => {
  const { id } = await say(ada, 'old', { createdAt: new Date(Date.now() - 16 * 60_000).toISOString() });
  expect(await refusal(ada.call('EditComment', { id, body: 'new' }))).toMatchObject({
    code: status.PERMISSION_DENIED,
    text: expect.stringContaining('15 minutes'),
  });
  expect(await refusal(ada.call('DeleteComment', { id }))).toMatchObject({ code: status.PERMISSION_DENIED });
  expect(await read()).toMatchObject([{ body: 'old' }]);
});

it('comes back as it was when its time ends after its author has deleted it, and as no other text', async () => {
  const { id } = await say(ada, 'Deleted at the last moment');
  await ada.call('DeleteComment', { id });
  const ago = (minutes: number, column: string) =>
    queryAt(postgresUrl, `update comments set ${column} = now() - interval '${minutes} minutes'`);
  await ago(16, 'created_at');
  const refused = { code: status.PERMISSION_DENIED };
  expect(await refusal(ada.call('EditComment', { id, body: 'Something else' }))).toMatchObject(refused);
  await ada.call('EditComment', { id, body: 'Deleted at the last moment' });
  expect(await read()).toMatchObject([{ body: 'Deleted at the last moment', editedAt: '' }]);
  expect(await refusal(ada.call('DeleteComment', { id }))).toMatchObject(refused);
  await ago(1, 'created_at');
  await ada.call('DeleteComment', { id });
  await ago(30, 'created_at');
  await ago(16, 'deleted_at');
  expect(await refusal(ada.call('EditComment', { id, body: 'Deleted at the last moment' }))).toMatchObject(
    refused,
  );
});

it('comes in pages, from either end', async () => {
  for (const body of ['1', '2', '3', '4', '5']) await say(ada, body);
  const first = await ada.call('ListComments', { ticketId, pageSize: 2 });
  expect(first.comments.map(({ body }) => body)).toEqual(['1', '2']);
  expect(first.hasNextPage).toBe(true);
  const newest = await ada.call('ListComments', { ticketId, pageSize: 2, newestFirst: true });
  expect(newest.comments.map(({ body }) => body)).toEqual(['5', '4']);
  const before = { ticketId, pageSize: 3, newestFirst: true, afterId: newest.comments[1]?.id ?? 0 };
  const rest = await ada.call('ListComments', before);
  expect(rest.comments.map(({ body }) => body)).toEqual(['3', '2', '1']);
  expect(rest.hasNextPage).toBe(false);
});

it('goes with its ticket, and comes back with it', async () => {
  await say(ada, 'kept');
  await bo.call('DeleteTicket', { id: ticketId });
  expect(await read()).toEqual([]);
  expect(await refusal(say(ada, 'late'))).toMatchObject({ code: status.NOT_FOUND, field: 'ticketId' });
  await bo.call('RestoreTicket', { id: ticketId });
  expect(await read()).toMatchObject([{ body: 'kept' }]);
  expect((await history()).map(({ agent, field }) => `${agent} ${field}`)).toEqual([
    'Ada CREATED',
    'Ada COMMENTED',
    'Bo DELETED',
    'Bo RESTORED',
  ]);
});

it('is refused where it is no text, too long, or of no kind, and changes nothing', async () => {
  for (const [fields, field] of [
    [{ body: ' \u200b' }, 'body'],
    [{ body: 'a\0b' }, 'body'],
    [{ body: 'x'.repeat(20_001) }, 'body'],
    [{ kind: 7 as never }, 'kind'],
    [{ requestId: 'seven' }, 'requestId'],
    [{ ticketId: 0 }, 'ticketId'],
    [{ createdAt: 'yesterday' }, 'createdAt'],
  ] as const) {
    expect(await refusal(say(ada, 'good', fields))).toMatchObject({ code: status.INVALID_ARGUMENT, field });
  }
  expect(await read()).toEqual([]);
  expect((await ticketNow())?.version).toBe(1);
});

it('has 20,000 characters at most', async () => {
  const body = '\u{1f5a8}'.repeat(20_000);
  expect((await say(ada, body)).body).toBe(body);
});
