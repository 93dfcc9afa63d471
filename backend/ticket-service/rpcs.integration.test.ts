/** Every RPC over real gRPC on a real Postgres. */
import { status } from '@grpc/grpc-js';
import { uuidv7 } from 'uuidv7';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../create-digest.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { refusal, startTestService, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();
let desk: TestService;

beforeEach(async () => {
  const service = await startTestService({ postgresUrl: await postgres.createDatabase() });
  desk = service;
  return () => service.stop();
});

const printer = { title: 'Printer is out of toner', description: 'Second floor.', name: 'Ada' };

async function file(fields: object = {}): Promise<number> {
  return (await desk.call('CreateTicket', { ...printer, ...fields })).id;
}
async function read(id: number) {
  const { tickets } = await desk.call('GetTicketList', { id });
  return tickets[0];
}

describe('filing', () => {
  it('answers the id of the ticket, which is New, at version 1, with its requester and times', async () => {
    const requestId = uuidv7();
    const createdAt = '2026-03-04T05:06:07.123456Z';
    const answer = await desk.call('CreateTicket', { ...printer, requestId, createdAt });
    expect(answer).toEqual({ id: 1, success: true });
    const ticket = await read(1);
    expect(ticket).toMatchObject({ ...printer, id: 1, status: 'New', version: 1, requestId, createdAt });
    expect(ticket?.updatedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it('takes a filing time of any offset, and none that is yet to come', async () => {
    const id = await file({ createdAt: '2026-03-04t07:06:07.1+02:00' });
    expect((await read(id))?.createdAt).toBe('2026-03-04T05:06:07.100000Z');
    const before = new Date().toISOString();
    const future = await read(await file({ createdAt: '2999-01-01T00:00:00Z' }));
    expect(Date.parse(future?.createdAt ?? '')).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(future?.createdAt ?? '')).toBeGreaterThanOrEqual(Date.parse(before) - 1);
  });

  it('makes one ticket of one request, sent by 20 at the same time', async () => {
    const requestId = uuidv7();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => desk.call('CreateTicket', { ...printer, requestId })),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect((await desk.call('GetTicketList', {})).tickets).toHaveLength(1);
  });

  it('makes no second ticket of a request whose ticket was deleted since', async () => {
    const requestId = uuidv7();
    const id = await file({ requestId });
    await desk.call('DeleteTicket', { id });
    expect(await desk.call('CreateTicket', { ...printer, requestId })).toEqual({ id, success: true });
    expect((await desk.call('GetTicketList', {})).tickets).toEqual([]);
  });

  it('refuses another text under the requestId of a ticket, deleted or not, and names that ticket', async () => {
    const requestId = uuidv7();
    const id = await file({ requestId });
    const again = () => refusal(file({ requestId: requestId.toUpperCase(), description: 'Third floor.' }));
    const taken = {
      code: status.ALREADY_EXISTS,
      field: 'requestId',
      text: expect.stringContaining(`#${id}`),
    };
    expect(await again()).toEqual(taken);
    await desk.call('DeleteTicket', { id });
    expect(await again()).toEqual(taken);
    expect((await desk.call('GetTicketList', {})).tickets).toEqual([]);
  });

  it('keeps every character', async () => {
    const odd = { title: '  \'";-- 👩‍👩‍👧 ñ 日本語\t', description: '\r\n\u0001%_\\', name: 'ＺＺ\u{1F600}' };
    expect(await read(await file(odd))).toMatchObject(odd);
  });

  it('tells what became of requests, under the ids as they were asked for', async () => {
    const kept = uuidv7();
    const deleted = uuidv7();
    const keptId = await file({ requestId: kept });
    const deletedId = await file({ requestId: deleted });
    await desk.call('DeleteTicket', { id: deletedId });
    const requestIds = [kept.toUpperCase(), deleted, uuidv7()];
    const { results } = await desk.call('GetCreateResults', { requestIds });
    expect(results).toEqual([
      { requestId: kept.toUpperCase(), id: keptId, rejection: null, digest: digestOf(printer) },
      { requestId: deleted, id: deletedId, rejection: null, digest: digestOf(printer) },
    ]);
  });
});

describe('changing', () => {
  it('writes the given fields only, and counts the version', async () => {
    const id = await file();
    const first = await desk.call('UpdateTicket', { id, status: 'In Progress' });
    expect(first).toMatchObject({ id, success: true, conflict: false });
    expect(first.ticket).toMatchObject({ ...printer, status: 'In Progress', version: 2 });
    const second = await desk.call('UpdateTicket', { id, description: '', name: 'Grace' });
    expect(second.ticket).toMatchObject({
      description: '',
      name: 'Grace',
      status: 'In Progress',
      version: 3,
    });
  });

  it('writes nothing over a version that was not expected, and answers what is there', async () => {
    const id = await file();
    await desk.call('UpdateTicket', { id, title: 'Theirs' });
    const mine = await desk.call('UpdateTicket', { id, title: 'Mine', expectedVersion: 1 });
    expect(mine).toMatchObject({ id, success: false, conflict: true });
    expect(mine.ticket).toMatchObject({ title: 'Theirs', version: 2 });
    expect(await read(id)).toMatchObject({ title: 'Theirs', version: 2 });
    const again = await desk.call('UpdateTicket', { id, title: 'Mine', expectedVersion: 2 });
    expect(again).toMatchObject({ success: true, ticket: { title: 'Mine', version: 3 } });
  });

  it('lets one of many win who expect the same version', async () => {
    const id = await file();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        desk.call('UpdateTicket', { id, title: `${at}`, expectedVersion: 1 }),
      ),
    );
    expect(answers.filter(({ success }) => success)).toHaveLength(1);
    expect(answers.filter(({ conflict }) => conflict)).toHaveLength(9);
  });

  it('does once what comes under one requestId, and refuses another change or another ticket under it', async () => {
    const requestId = uuidv7();
    const [id, other] = [await file(), await file()];
    const change = { id, requestId, status: 'On Hold' };
    expect(await desk.call('UpdateTicket', change)).toMatchObject({ success: true, version: 2 });
    expect(await desk.call('UpdateTicket', change)).toMatchObject({ success: true, version: 2 });
    for (const another of [{ status: 'Completed' }, { id: other }])
      expect(await refusal(desk.call('UpdateTicket', { ...change, ...another }))).toMatchObject({
        code: status.ALREADY_EXISTS,
        field: 'requestId',
      });
    expect(await read(other)).toMatchObject({ status: 'New', version: 1 });
  });

  it('answers success false for a ticket that is not there', async () => {
    expect(await desk.call('UpdateTicket', { id: 7, status: 'New' })).toMatchObject({
      id: 7,
      success: false,
    });
    expect(await desk.call('DeleteTicket', { id: 7 })).toEqual({ id: 7, success: false });
    expect(await desk.call('RestoreTicket', { id: 7 })).toEqual({ id: 7, success: false, ticket: null });
  });

  it('brings a deleted ticket back under its id, one version on', async () => {
    const requestId = uuidv7();
    const id = await file({ requestId });
    expect(await desk.call('DeleteTicket', { id })).toEqual({ id, success: true });
    expect(await read(id)).toBeUndefined();
    const { success, ticket } = await desk.call('RestoreTicket', { id });
    expect(success).toBe(true);
    expect(ticket).toMatchObject({ ...printer, id, requestId, version: 3 });
    expect(await read(id)).toEqual(ticket);
    expect((await desk.call('RestoreTicket', { id })).success).toBe(false);
    expect(await file()).toBe(id + 1);
  });
});

describe('reading', () => {
  it('lists the newest first, by id, statuses and text', async () => {
    const first = await file({ title: 'VPN down', createdAt: '2026-01-01T00:00:00Z' });
    const second = await file({ title: 'Mail', name: 'Vpnina', createdAt: '2026-01-02T00:00:00Z' });
    const third = await file({ title: 'Chair', createdAt: '2025-12-31T00:00:00Z' });
    await desk.call('UpdateTicket', { id: second, status: 'On Hold' });
    const ids = async (request: object) =>
      (await desk.call('GetTicketList', request)).tickets.map(({ id }) => id);
    expect(await ids({})).toEqual([second, first, third]);
    expect(await ids({ id: first })).toEqual([first]);
    expect(await ids({ id: first, status: 'On Hold' })).toEqual([]);
    expect(await ids({ status: 'On Hold' })).toEqual([second]);
    expect(await ids({ statuses: ['New', 'On Hold'] })).toEqual([second, first, third]);
    expect(await ids({ status: 'New', statuses: ['On Hold'] })).toEqual([]);
    expect(await ids({ text: 'vpn' })).toEqual([second, first]);
    expect(await ids({ text: 'vpn', id: first })).toEqual([first]);
  });

  it('finds text as it is typed: wildcards mean themselves, one character is enough', async () => {
    const sale = await file({ title: '50% off_er \\ now' });
    await file({ title: '500 offers now' });
    await file({ title: 'ÄRGER' });
    const found = async (text: string) =>
      (await desk.call('GetTicketList', { text })).tickets.map(({ title }) => title);
    for (const text of ['50%', 'f_e', '\\ n', '%', '_', '\\'])
      expect(await found(text)).toEqual([(await read(sale))?.title]);
    expect(await found('ärger')).toEqual(['ÄRGER']);
    // A single word is found from its beginning on.
    expect(await found('n')).toEqual(['500 offers now', '50% off_er \\ now']);
    expect(await found('rger')).toEqual([]);
  });

  it('answers at most 1,000 tickets, and pages of 50 unless asked', async () => {
    await Promise.all(Array.from({ length: 1_005 }, () => file()));
    expect((await desk.call('GetTicketList', {})).tickets).toHaveLength(1_000);
    const page = await desk.call('ListTickets', {});
    expect(page.tickets).toHaveLength(50);
    expect(page.hasNextPage).toBe(true);
  });

  it('counts the tickets of each status, those that hold a text if one is given', async () => {
    const id = await file({ title: 'Printer' });
    await file({ title: 'Mail', description: '' });
    await desk.call('UpdateTicket', { id, status: 'Completed' });
    const counts = async (text: string) => {
      const answer = await desk.call('CountTickets', { text });
      return Object.fromEntries(answer.counts.map(({ status, count }) => [status, count]));
    };
    expect(await counts('')).toEqual({ New: 1, Completed: 1 });
    expect(await counts('print')).toEqual({ Completed: 1 });
  });

  it('tells its version, its abilities and its health', async () => {
    const info = await desk.call('GetServerInfo', {});
    expect(info.version).toBe('1.2.3');
    expect(info.abilities).toContain('WatchTickets');
    expect(await desk.call('HealthCheck', {})).toEqual({ success: true });
  });
});

describe('CreateTickets', () => {
  it('files each by itself, once, and tells of each what became of it', async () => {
    const ids = Array.from({ length: 3 }, () => uuidv7());
    const [first = '', second = '', third = ''] = ids;
    const earlier = await desk.call('CreateTicket', { ...printer, requestId: first });
    const tickets = [
      { ...printer, requestId: first },
      { ...printer, title: 'Door', requestId: second },
      { ...printer, title: '', requestId: third },
      { ...printer },
      { ...printer, title: 'Another text', requestId: first },
      { ...printer, requestId: third, assigneeId: 'nobody' },
    ];
    const outcomes = async () => (await desk.call('CreateTickets', { tickets })).outcomes;
    const told = await outcomes();
    const door = told[1]?.id ?? 0;
    expect(told).toMatchObject([
      { id: earlier.id, failure: null },
      { id: door, failure: null },
      { id: 0, failure: { code: 'BAD_USER_INPUT', field: 'title' } },
      { id: 0, failure: { code: 'BAD_USER_INPUT', field: 'requestId' } },
      { id: 0, failure: { code: 'CONFLICT', field: 'requestId' } },
      { id: 0, failure: { code: 'NOT_FOUND', field: 'assigneeId' } },
    ]);
    expect((await desk.call('GetTicketList', { id: door })).tickets).toMatchObject([{ title: 'Door' }]);
    expect(await outcomes()).toEqual(told);
  });

  it('refuses more than 500', async () => {
    const tickets = Array.from({ length: 501 }, () => ({ ...printer, requestId: uuidv7() }));
    const counts = async () => (await desk.call('CountTickets', {})).counts;
    const before = await counts();
    await expect(desk.call('CreateTickets', { tickets })).rejects.toMatchObject({ code: 3 });
    expect(await counts()).toEqual(before);
  });
});

describe('bad input', () => {
  const bad: [rpc: Parameters<TestService['call']>[0], request: object, field: string][] = [
    ['CreateTicket', { ...printer, title: ' ' }, 'title'],
    ['CreateTicket', { ...printer, title: 'x'.repeat(201) }, 'title'],
    ['CreateTicket', { ...printer, title: 'nul \0' }, 'title'],
    ['CreateTicket', { ...printer, description: 'x'.repeat(10_001) }, 'description'],
    ['CreateTicket', { ...printer, description: 'nul \0' }, 'description'],
    ['CreateTicket', { ...printer, name: '' }, 'name'],
    ['CreateTicket', { ...printer, name: 'é'.repeat(101) }, 'name'],
    ['CreateTicket', { ...printer, requestId: 'no-uuid' }, 'requestId'],
    ['CreateTicket', { ...printer, createdAt: 'yesterday' }, 'createdAt'],
    ['CreateTicket', { ...printer, createdAt: '2026-02-30T00:00:00Z' }, 'createdAt'],
    ['CreateTicket', { ...printer, createdAt: '1969-12-31T23:59:59Z' }, 'createdAt'],
    ['UpdateTicket', { id: 0, status: 'New' }, 'id'],
    ['UpdateTicket', { id: -1, status: 'New' }, 'id'],
    ['UpdateTicket', { id: 1 }, 'status'],
    ['UpdateTicket', { id: 1, status: 'Closed' }, 'status'],
    ['UpdateTicket', { id: 1, status: 'On Hold', title: '' }, 'title'],
    ['UpdateTicket', { id: 1, status: 'On Hold', description: '\0' }, 'description'],
    ['UpdateTicket', { id: 1, status: 'On Hold', name: 'x'.repeat(101) }, 'name'],
    ['UpdateTicket', { id: 1, status: 'On Hold', expectedVersion: 0 }, 'expectedVersion'],
    ['DeleteTicket', { id: 0 }, 'id'],
    ['RestoreTicket', { id: -5 }, 'id'],
    ['GetTicketList', { id: -1 }, 'id'],
    ['GetTicketList', { status: 'Done' }, 'status'],
    ['GetTicketList', { statuses: ['New', 'Done'] }, 'statuses'],
    ['GetTicketList', { text: 'x'.repeat(201) }, 'text'],
    ['ListTickets', { statuses: ['new'] }, 'statuses'],
    ['ListTickets', { text: 'nul \0' }, 'text'],
    ['ListTickets', { pageSize: 201 }, 'pageSize'],
    ['ListTickets', { pageSize: -1 }, 'pageSize'],
    ['ListTickets', { pageToken: 'nonsense' }, 'pageToken'],
    ['ListTickets', { pageToken: token(['CREATED_DESC', '2026-02-30T00:00:00.000000Z', 1]) }, 'pageToken'],
    ['ListTickets', { pageToken: token(['CREATED_DESC', '2026-02-03T00:00:00.000000Z', 1e10]) }, 'pageToken'],
    ['ListTickets', { pageToken: token(['UPDATED_ASC', '2026-02-03T00:00:00.000000Z', 1]) }, 'pageToken'],
    ['ListTickets', { order: 99 }, 'order'],
    ['CountTickets', { text: '\0' }, 'text'],
    ['GetCreateResults', { requestIds: ['x'] }, 'requestIds'],
    ['UndoChange', { requestId: uuidv7(), undoes: 'x' }, 'undoes'],
    ['ReportPresence', { place: 'x' }, 'place'],
    ['MoveView', { id: uuidv7(), beforeId: 'x' }, 'beforeId'],
    ['GetCreateResults', { requestIds: Array(501).fill(uuidv7()) }, 'requestIds'],
  ];

  it('is refused with the name of the field, and changes nothing', async () => {
    const id = await file();
    const before = await read(id);
    // Without it, it is a peer of the base contract, which knows no refusal.
    await desk.call('GetServerInfo', { version: '1.0.0' });
    for (const [rpc, request, field] of bad) {
      const { code, field: named, text } = await refusal(desk.call(rpc, request as never));
      expect([rpc, code, named], text).toEqual([rpc, status.INVALID_ARGUMENT, field]);
      // As "pageToken" or "page token".
      expect(text.replaceAll(' ', '').toLowerCase(), text).toContain(field.toLowerCase());
    }
    const { tickets } = await desk.call('GetTicketList', {});
    expect(tickets).toEqual([before]);
  });

  it('in a resume token ends the watch with the name of the field', async () => {
    for (const resumeToken of [
      'nonsense',
      Buffer.from(`${uuidv7()}.1.${'9'.repeat(19)}`).toString('base64url'),
    ]) {
      expect(await refusal(desk.watch(resumeToken).next())).toMatchObject({
        code: status.INVALID_ARGUMENT,
        field: 'resumeToken',
      });
    }
  });

  it('that is far too big is refused unread, and the service goes on', async () => {
    const huge = desk.call('CreateTicket', { ...printer, description: 'x'.repeat(5 * 1024 * 1024) });
    expect((await refusal(huge)).code).toBe(status.RESOURCE_EXHAUSTED);
    expect(await file()).toBe(1);
  });

  function token(parts: unknown[]): string {
    return Buffer.from(JSON.stringify(parts)).toString('base64url');
  }
});
