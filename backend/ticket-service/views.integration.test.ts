/** Views of two agents, over real gRPC on a real Postgres. */
import { status } from '@grpc/grpc-js';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { limits } from '../../proto/checks.ts';
import { hashedLine } from '../secrets.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { queryAt } from '../testing/test-database.ts';
import { connect, refusal, startTestService, type TestCaller, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();
let postgresUrl: string;
let desk: TestService;
let ada: TestCaller;
let bo: TestCaller;

const tokenOf = (name: string) => `${name}-token-that-is-long-enough`;

beforeAll(async () => {
  postgresUrl = await postgres.createDatabase();
  const apiTokens = ['Ada', 'Bo'].map((name) => hashedLine(tokenOf(name), { name, lastDay: undefined }));
  desk = await startTestService({ postgresUrl, apiTokens });
  ada = connect(desk.address, tokenOf('Ada'));
  bo = connect(desk.address, tokenOf('Bo'));
});
afterAll(async () => {
  ada.close();
  bo.close();
  await desk.stop();
});
beforeEach(() => queryAt(postgresUrl, 'truncate views'));

const save = (who: TestCaller, view: object = {}) =>
  who.call('SaveView', { id: uuidv7(), name: 'Printers', query: 'printer', ...view });
const names = async (who: TestCaller) => (await who.call('ListViews', {})).views.map(({ name }) => name);
const idOf = async (saving: ReturnType<typeof save>) => (await saving).view?.id ?? '';

it('keeps all that is saved of a view', async () => {
  const view = {
    name: '  Urgent ones ',
    query: 'printer priority:urgent',
    key: 'q',
    order: 'DUE_ASC',
  } as const;
  const { view: saved } = await save(ada, { ...view, columns: ['id', 'title', 'dueAt'] });
  expect(saved).toMatchObject({
    ...view,
    name: 'Urgent ones',
    shared: false,
    columns: ['id', 'title', 'dueAt'],
  });
  expect(saved?.version).toBe(1);
  expect((await ada.call('ListViews', {})).views).toEqual([saved]);
});

it('shows an agent their own views, then those that everybody has, and nobody the views of another', async () => {
  await save(bo, { name: 'For all', shared: true });
  await save(ada, { name: "Ada's" });
  await save(bo, { name: "Bo's" });
  expect(await names(ada)).toEqual(["Ada's", 'For all']);
  expect(await names(bo)).toEqual(["Bo's", 'For all']);
});

it("refuses another agent's view as one that is not there, in every way", async () => {
  const id = await idOf(save(ada, { name: "Ada's" }));
  expect(await refusal(save(bo, { id, name: "Bo's", expectedVersion: 1 }))).toMatchObject({
    code: status.NOT_FOUND,
    field: 'id',
  });
  expect(await refusal(save(bo, { id, name: "Bo's" }))).toMatchObject({
    code: status.ALREADY_EXISTS,
    field: 'id',
  });
  expect(await bo.call('DeleteView', { id })).toMatchObject({ success: false });
  expect(await bo.call('MoveView', { id })).toMatchObject({ success: false });
  expect(await names(ada)).toEqual(["Ada's"]);
});

it('is one view, and one change of it, however often each is saved', async () => {
  const view = { id: uuidv7(), columns: ['id', 'title'] };
  const made = await Promise.all(Array.from({ length: 10 }, () => save(ada, view)));
  expect(new Set(made.map((answer) => JSON.stringify(answer))).size).toBe(1);
  const change = { ...view, name: 'Scanners', expectedVersion: 1 };
  const changed = await Promise.all(Array.from({ length: 10 }, () => save(ada, change)));
  expect(changed.map((answer) => answer.view?.version)).toEqual(Array(10).fill(2));
  expect(await names(ada)).toEqual(['Scanners']);
});

it('refuses a change of a version that is not there any more, and changes nothing', async () => {
  const id = await idOf(save(ada, { shared: true }));
  await save(bo, { id, name: 'Scanners', shared: true, expectedVersion: 1 });
  expect(await refusal(save(ada, { id, name: 'Screens', shared: true, expectedVersion: 1 }))).toMatchObject({
    code: status.ALREADY_EXISTS,
    field: 'expectedVersion',
  });
  expect(await names(ada)).toEqual(['Scanners']);
  await bo.call('DeleteView', { id });
  expect((await refusal(save(ada, { id, shared: true, expectedVersion: 2 }))).code).toBe(status.NOT_FOUND);
});

it('goes from an agent to everybody and back to whoever takes it', async () => {
  const id = await idOf(save(ada));
  await save(ada, { id, shared: true, expectedVersion: 1 });
  expect(await names(bo)).toEqual(['Printers']);
  await save(bo, { id, expectedVersion: 2 });
  expect(await names(ada)).toEqual([]);
  expect(await names(bo)).toEqual(['Printers']);
});

it('is put before another of its list, or behind all of them', async () => {
  const ids: string[] = [];
  for (const name of ['One', 'Two', 'Three', 'Four']) ids.push(await idOf(save(ada, { name })));
  const shared = await idOf(save(ada, { name: 'For all', shared: true }));
  const [one = '', two = '', three = '', four = ''] = ids;
  const move = async (id: string, beforeId = '') => (await ada.call('MoveView', { id, beforeId })).success;
  expect(await move(four, two)).toBe(true);
  expect(await names(ada)).toEqual(['One', 'Four', 'Two', 'Three', 'For all']);
  expect(await move(one)).toBe(true);
  expect(await names(ada)).toEqual(['Four', 'Two', 'Three', 'One', 'For all']);
  expect(await move(three, three)).toBe(true);
  expect(await move(three, shared)).toBe(false);
  expect(await move(three, uuidv7())).toBe(false);
  expect(await names(ada)).toEqual(['Four', 'Two', 'Three', 'One', 'For all']);
});

it('is deleted, and back behind the others when it is saved again', async () => {
  const view = { id: uuidv7(), name: 'One' };
  await save(ada, view);
  await save(ada, { name: 'Two' });
  expect(await ada.call('DeleteView', { id: view.id })).toEqual({ id: view.id, success: true });
  expect(await ada.call('DeleteView', { id: view.id })).toEqual({ id: view.id, success: false });
  await save(ada, view);
  expect(await names(ada)).toEqual(['Two', 'One']);
});

it('saves what it can not read of a query, and says so', async () => {
  const { problems } = await save(ada, { query: 'printer assignee:zoe' });
  expect(problems).toMatchObject([
    { from: 17, to: 20, message: expect.stringContaining('“zoe” is not known') },
  ]);
  expect(await names(ada)).toEqual(['Printers']);
});

it.each([
  ['id', { id: '4711' }],
  ['name', { name: ' \u200b ' }],
  ['name', { name: 'x'.repeat(61) }],
  ['name', { name: 'a\0b' }],
  ['query', { query: 'x '.repeat(33) }],
  ['query', { query: 'x'.repeat(501) }],
  ['order', { order: 99 }],
  ['columns', { columns: Array(41).fill('title') }],
  ['columns', { columns: ['x'.repeat(41)] }],
  ['key', { key: 'Q' }],
  ['key', { key: 'qq' }],
  ['expectedVersion', { expectedVersion: -1 }],
])('refuses what is no %s, by its name, and keeps nothing', async (field, view) => {
  expect(await refusal(save(ada, view))).toMatchObject({ code: status.INVALID_ARGUMENT, field });
  expect(await names(ada)).toEqual([]);
});

it(`keeps ${limits.maxViews} views of an agent, and lets nobody's number hinder another`, async () => {
  await queryAt(
    postgresUrl,
    `insert into views (id, owner, place, name, query, "order", columns)
     select gen_random_uuid(), 'Ada', at, 'View ' || at, '', 'CREATED_DESC', '{}' from generate_series(1, ${limits.maxViews - 1}) at`,
  );
  const view = { id: uuidv7() };
  await save(ada, view);
  expect(await refusal(save(ada))).toMatchObject({ code: status.INVALID_ARGUMENT, field: 'shared' });
  await save(ada, view);
  await save(ada, { ...view, name: 'Changed', expectedVersion: 1 });
  await save(bo);
  const id = await idOf(save(ada, { shared: true }));
  expect((await refusal(save(ada, { id, expectedVersion: 1 }))).field).toBe('shared');
});

it('knows no agent who could have one where nobody has told who acts', async () => {
  const other = await startTestService({ postgresUrl });
  expect(await refusal(save(other))).toMatchObject({ code: status.INVALID_ARGUMENT, field: 'shared' });
  await save(other, { name: 'For all', shared: true });
  await save(ada);
  expect(await names(other)).toEqual(['For all']);
  await other.stop();
});
