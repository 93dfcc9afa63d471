/** Many tickets written to at once, and requests undone: through gRPC, on a real Postgres. */
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../../proto/checks.ts';
import type { ChangeTicketsRequest } from '../../proto/generated/ChangeTicketsRequest.ts';
import { until } from '../testing/desk-process.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { queryAt } from '../testing/test-database.ts';
import { connect, refusal, startTestService, type TestCaller, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();
let postgresUrl: string;
let service: TestService;
let ada: TestCaller;
let bo: TestCaller;
let ids: number[];

beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
  service = await startTestService({ postgresUrl });
  ada = connect(service.address, undefined, JSON.stringify({ id: 'ada', name: 'Ada' }));
  bo = connect(service.address, undefined, JSON.stringify({ id: 'bo', name: 'Bo' }));
  ids = [];
  for (const n of [1, 2, 3, 4, 5]) {
    const create = { title: `Printer ${n}`, name: 'Cy', tags: ['vpn'], requestId: uuidv7() };
    ids.push((await ada.call('CreateTicket', create)).id);
  }
  return async () => {
    for (const caller of [ada, bo]) caller.close();
    await service.stop();
  };
});

type Fields = ChangeTicketsRequest;

async function change(fields: Fields, by = ada, requestId = uuidv7()) {
  const answer = await by.call('ChangeTickets', { requestId, ids, ...fields });
  return { requestId, ...answer };
}
async function undo(undoes: string, by = ada, requestId = uuidv7()) {
  return { requestId, ...(await by.call('UndoChange', { requestId, undoes })) };
}
async function tickets() {
  const { tickets: found } = await ada.call('ListTickets', { order: 'NUMBER_ASC' });
  return found;
}
const each = async (field: 'status' | 'priority' | 'tags' | 'version') =>
  (await tickets()).map((ticket) => ticket[field]);
const five = <Value>(value: Value) => Array.from({ length: 5 }, () => value);

describe('a change of many', () => {
  it('is made of each in one transaction, a version more and a line of history each', async () => {
    const { changedIds, failures } = await change({ changes: { status: 'On Hold', priority: 'High' } });
    expect([changedIds, failures]).toEqual([ids, []]);
    expect([await each('status'), await each('version')]).toEqual([five('On Hold'), five(2)]);
    const lines = await queryAt<{ agent: string; n: number }>(
      postgresUrl,
      `select agent, count(*)::integer as n from ticket_history where version = 2 group by agent`,
    );
    expect(lines).toEqual([{ agent: 'ada', n: 10 }]);
    const xacts = await queryAt(
      postgresUrl,
      `select distinct xact from ticket_changes where kind = 'UPDATED'`,
    );
    expect(xacts).toHaveLength(1);
  });

  it('leaves what is as it is wanted in its version', async () => {
    await ada.call('UpdateTicket', { id: ids[0] ?? 0, priority: 'High' });
    const { changedIds, failures } = await change({ changes: { priority: 'High' } });
    expect([changedIds, failures]).toEqual([ids.slice(1), []]);
    expect(await each('version')).toEqual(five(2));
  });

  it('tells of those that are gone, by whom, and changes the others', async () => {
    await bo.call('DeleteTicket', { id: ids[1] ?? 0 });
    const { changedIds, failures } = await change({ ids: [...ids, 99], changes: { status: 'On Hold' } });
    expect(changedIds).toEqual(ids.filter((id) => id !== ids[1]));
    expect(failures).toMatchObject([
      { id: ids[1], code: 'NOT_FOUND', message: 'Bo has deleted it.', by: { id: 'bo' } },
      { id: 99, code: 'NOT_FOUND', by: null },
    ]);
  });

  it('adds tags to those that each has, and takes others away, up to the most that fit', async () => {
    const many = Array.from({ length: 20 }, (_, n) => `t${n}`);
    await ada.call('UpdateTicket', { id: ids[0] ?? 0, tags: { names: many } });
    const { failures } = await change({ addTags: ['Printer', 'vpn'], removeTags: ['none'] });
    expect(failures).toMatchObject([{ id: ids[0], code: 'BAD_USER_INPUT', field: 'tags' }]);
    expect((await each('tags')).slice(1)).toEqual(five(['printer', 'vpn']).slice(1));
    await change({ removeTags: ['vpn'] });
    expect((await each('tags')).slice(1)).toEqual(five(['printer']).slice(1));
  });

  it('deletes them', async () => {
    const { changedIds } = await change({ isDelete: true }, bo);
    expect(changedIds).toEqual(ids);
    expect(await tickets()).toEqual([]);
  });

  it('is done once, whatever is sent again, and of another text refused', async () => {
    const requestId = uuidv7();
    const again = () => change({ changes: { status: 'On Hold' } }, ada, requestId);
    const first = await again();
    await bo.call('UpdateTicket', { id: ids[0] ?? 0, status: 'New' });
    const all = await Promise.all(Array.from({ length: 5 }, again));
    expect(all).toEqual(five(first));
    expect(await each('status')).toEqual(['New', ...five('On Hold').slice(1)]);
    expect(await refusal(change({ changes: { status: 'New' } }, ada, requestId))).toMatchObject({
      field: 'requestId',
    });
  });

  it('never waits for itself, with changes of single tickets and of the same many at once', async () => {
    const writes = Array.from({ length: 12 }, (_, n) => {
      const status = ['New', 'In Progress', 'On Hold', 'Completed'][n % 4] ?? '';
      return n % 3 === 0
        ? ada.call('UpdateTicket', { id: ids[0] ?? 0, status })
        : change({ ids: n % 2 ? ids.toReversed() : ids, changes: { status } }, n % 2 ? bo : ada);
    });
    expect(await Promise.all(writes)).toHaveLength(12);
    // All but the first, whose own change may be the last.
    expect(new Set((await each('status')).slice(1))).toHaveLength(1);
  });

  it('is refused by name of the field, and nothing is changed', async () => {
    const refused: [string, Fields][] = [
      ['requestId', { requestId: 'x', changes: { status: 'New' } }],
      ['ids', { ids: [], changes: { status: 'On Hold' } }],
      ['ids', { ids: [0], changes: { status: 'On Hold' } }],
      ['ids', { ids: Array.from({ length: limits.maxChunk + 1 }, (_, n) => n + 1), isDelete: true }],
      ['changes', {}],
      ['status', { changes: { status: 'Gone' } }],
      ['assigneeId', { changes: { assigneeId: 'nobody-known' } }],
      ['addTags', { addTags: ['x'.repeat(41)] }],
      ['addTags', { addTags: ['x'], changes: { tags: { names: [] } } }],
      ['isDelete', { isDelete: true, addTags: ['x'] }],
    ];
    for (const [field, fields] of refused)
      expect(await refusal(change(fields)), field).toMatchObject({ field });
    expect(await each('version')).toEqual(five(1));
  });
});

describe('an undo', () => {
  it('puts back what each had, and undone in turn what it was changed to', async () => {
    await ada.call('UpdateTicket', { id: ids[0] ?? 0, status: 'On Hold', tags: { names: [] } });
    const before = await tickets();
    const dueAt = '2030-01-02T03:04:05.123456Z';
    const changes = { status: 'Completed', title: 'It\'s, "quoted"\n', dueAt, assigneeId: 'ada' };
    const done = await change({ changes, addTags: ['a b', 'c'] });
    const after = await tickets();
    const undone = await undo(done.requestId);
    expect([undone.changedIds, undone.failures]).toEqual([ids, []]);
    const said = (found: typeof before) => found.map(({ version: _, updatedAt: __, ...ticket }) => ticket);
    expect(said(await tickets())).toEqual(said(before));
    await undo(undone.requestId);
    expect(said(await tickets())).toEqual(said(after));
  });

  it('leaves each field that somebody else has changed since, and says who', async () => {
    const { requestId } = await change({ changes: { status: 'On Hold', priority: 'High' } });
    await bo.call('UpdateTicket', { id: ids[1] ?? 0, status: 'Completed' });
    await bo.call('UpdateTicket', { id: ids[2] ?? 0, title: 'Another field' });
    await bo.call('DeleteTicket', { id: ids[3] ?? 0 });
    const { failures } = await undo(requestId);
    expect(failures).toMatchObject([
      {
        id: ids[1],
        code: 'CONFLICT',
        field: 'status',
        message: 'Bo has changed "Status" since.',
        by: { id: 'bo' },
      },
      { id: ids[3], code: 'NOT_FOUND', message: 'Bo has deleted it.' },
    ]);
    expect(await each('status')).toEqual(['New', 'Completed', 'New', 'New']);
    expect(await each('priority')).toEqual(five('Normal').slice(1));
  });

  it("undoes one's own changes from the last to the first, and in no other order", async () => {
    const first = await change({ changes: { status: 'On Hold' } });
    const second = await change({ changes: { status: 'Completed' } });
    const { failures } = await undo(first.requestId);
    expect(failures).toHaveLength(5);
    expect(failures[0]).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^You have changed/),
    });
    await undo(second.requestId);
    expect((await undo(first.requestId)).failures).toEqual([]);
    expect(await each('status')).toEqual(five('New'));
  });

  it('brings back what was deleted, and deletes it again, but for what others have changed meanwhile', async () => {
    const deleted = await change({ isDelete: true });
    await bo.call('RestoreTicket', { id: ids[0] ?? 0 });
    const back = await undo(deleted.requestId);
    expect([back.changedIds, back.failures]).toEqual([ids.slice(1), []]);
    expect(await tickets()).toHaveLength(5);
    await bo.call('AddComment', { ticketId: ids[1] ?? 0, requestId: uuidv7(), kind: 'NOTE', body: 'Wait' });
    const gone = await undo(back.requestId);
    expect(gone.changedIds).toEqual(ids.slice(2));
    expect(gone.failures).toMatchObject([
      { id: ids[1], code: 'CONFLICT', message: 'Bo has commented on it since.' },
    ]);
  });

  it('is of single changes, too', async () => {
    const [id = 0] = ids;
    const requests = Array.from({ length: 3 }, () => uuidv7());
    const [changed = '', deleted = '', restored = ''] = requests;
    await ada.call('UpdateTicket', { id, status: 'On Hold', requestId: changed });
    await ada.call('DeleteTicket', { id, requestId: deleted });
    expect(await ada.call('DeleteTicket', { id, requestId: deleted })).toMatchObject({ success: true });
    await ada.call('RestoreTicket', { id, requestId: restored });
    for (const undoes of requests.toReversed()) expect((await undo(undoes)).failures).toEqual([]);
    expect((await ada.call('GetTicketList', { id })).tickets[0]).toMatchObject({ status: 'New', version: 7 });
  });

  it('is done once, whatever is sent again, with changes of the same tickets under way', async () => {
    const { requestId } = await change({ changes: { status: 'On Hold' } });
    const again = uuidv7();
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => undo(requestId, ada, again)),
      ...ids.map((id) => bo.call('UpdateTicket', { id, priority: 'High' })),
    ]);
    expect(answers[0]).toMatchObject({ changedIds: ids, failures: [] });
    expect(answers.slice(1, 4)).toEqual([answers[0], answers[0], answers[0]]);
    expect([await each('status'), await each('version')]).toEqual([five('New'), five(4)]);
  });

  it('sees what was changed while it waited for a ticket', async () => {
    const { requestId } = await change({ changes: { status: 'On Hold' } });
    const sql = new pg.Client(postgresUrl);
    await sql.connect();
    onTestFinished(() => sql.end());
    await sql.query('begin');
    await sql.query(
      `update tickets set status = 'Completed', version = version + 1, changed_by = 'bo' where id = $1`,
      [ids[2]],
    );
    const undone = undo(requestId);
    await until(async () => {
      const waiting = await queryAt(
        postgresUrl,
        `select from pg_stat_activity where wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });
    await sql.query('commit');
    expect((await undone).failures).toMatchObject([{ id: ids[2], code: 'CONFLICT', field: 'status' }]);
    expect(await each('status')).toEqual(['New', 'New', 'Completed', 'New', 'New']);
  });

  it('of what is not known is refused by the name of the field', async () => {
    expect(await refusal(undo(uuidv7()))).toMatchObject({ code: 5, field: 'undoes' });
    expect(await refusal(undo('x'))).toMatchObject({ code: 3, field: 'undoes' });
  });
});

it('what was changed or undone is read anew at once', async () => {
  const [id = 0] = ids;
  const status = async () => (await ada.call('GetTicketList', { id })).tickets[0]?.status;
  expect(await status()).toBe('New');
  const { requestId } = await change({ changes: { status: 'On Hold' } });
  expect(await status()).toBe('On Hold');
  await undo(requestId);
  expect(await status()).toBe('New');
});

it('the ids of all that a filter lets through come in their order', async () => {
  await change({ ids: [ids[1] ?? 0, ids[3] ?? 0], changes: { status: 'On Hold' } });
  const found = async (filter: object) => (await ada.call('ListTicketIds', { filter })).ids;
  expect(await found({})).toEqual(ids);
  expect(await found({ statuses: ['On Hold'] })).toEqual([ids[1], ids[3]]);
  expect(await found({ query: 'printer -status:onhold' })).toEqual([ids[0], ids[2], ids[4]]);
  expect(await found({ query: 'absent' })).toEqual([]);
  for (const query of ['status:gone', 'printer assignee:nobody-known'])
    expect(await refusal(found({ query })), query).toMatchObject({ field: 'query' });
});
