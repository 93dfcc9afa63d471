/** Tickets that were filed elsewhere, through gRPC, on a real Postgres. */
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ExportedTicket } from '../../proto/generated/ExportedTicket.ts';
import { until } from '../testing/desk-process.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { queryAt } from '../testing/test-database.ts';
import { connect, refusal, startTestService, type TestCaller, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();
let postgresUrl: string;
let service: TestService;
let ada: TestCaller;

beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
  service = await startTestService({ postgresUrl });
  ada = connect(service.address, undefined, JSON.stringify({ id: 'ada', name: 'Ada' }));
  return async () => {
    ada.close();
    await service.stop();
  };
});

const at = (minute: number) => `2025-03-04T05:${String(minute).padStart(2, '0')}:00.123456Z`;
const bo = { id: 'bo', name: 'Bo' };

function elsewhere(
  fields: ExportedTicket['ticket'] = {},
  told: Partial<ExportedTicket> = {},
): ExportedTicket {
  return {
    ticket: {
      title: 'Scanner',
      name: 'Cy',
      requestId: uuidv7(),
      createdAt: at(1),
      updatedAt: at(9),
      ...fields,
    },
    ...told,
  };
}

async function importAll(tickets: ExportedTicket[], dryRun = false) {
  return (await ada.call('ImportTickets', { tickets, dryRun })).tickets;
}
async function importOne(ticket: ExportedTicket, dryRun = false) {
  const [answer] = await importAll([ticket], dryRun);
  if (!answer) throw new Error('nothing was answered');
  return answer;
}
const found = async (query: string) =>
  (await ada.call('ListTickets', { query, order: 'NUMBER_ASC' })).tickets.map(({ id }) => id);
const ticket = async (id: number) => (await ada.call('GetTicketList', { id })).tickets[0];
const history = async (ticketId: number) =>
  (await ada.call('ListTicketHistory', { ticketId })).changes.map(({ by, field, from, to, at, version }) => ({
    by: by?.name,
    field,
    from,
    to,
    at,
    version,
  }));
async function file(title = 'Printer') {
  return (await ada.call('CreateTicket', { title, name: 'Cy', requestId: uuidv7() })).id;
}

describe('a ticket from elsewhere', () => {
  const comment = (id: number, body: string, minute: number) => ({
    id,
    requestId: uuidv7(),
    kind: 'ANSWER' as const,
    body,
    author: bo,
    createdAt: at(minute),
  });
  const whole = () =>
    elsewhere(
      {
        id: 12,
        description: 'It is offline.',
        status: 'Completed',
        priority: 'High',
        tags: ['VPN'],
        dueAt: at(30),
        assignee: bo,
        version: 4,
      },
      {
        comments: [
          comment(71, 'Have you tried it again?', 2),
          { ...comment(72, 'It works.', 4), editedAt: at(5) },
        ],
        changes: [
          { at: at(1), field: 'CREATED', version: 1 },
          { at: at(2), by: bo, field: 'COMMENTED', to: '71', version: 2 },
          { at: at(3), by: bo, field: 'COMMENTED', to: '70', version: 3 },
          { at: at(4), by: bo, field: 'COMMENTED', to: '72', version: 4 },
          { at: at(4), by: bo, field: 'status', from: 'New', to: 'Completed', version: 4 },
        ],
      },
    );

  it('has its number, what it said, who said and did what and when, and one line on who imported it', async () => {
    await ada.call('ListAgents', {});
    expect(await importOne(whole())).toEqual({ id: 12, wasThere: false, rejection: null });
    expect(await ticket(12)).toMatchObject({
      status: 'Completed',
      priority: 'High',
      tags: ['vpn'],
      dueAt: at(30),
      assignee: bo,
      createdAt: at(1),
      updatedAt: at(9),
      version: 4,
    });
    const { comments } = await ada.call('ListComments', { ticketId: 12 });
    expect(comments).toMatchObject([
      { kind: 'ANSWER', body: 'Have you tried it again?', author: bo, createdAt: at(2), editedAt: '' },
      { body: 'It works.', author: bo, createdAt: at(4), editedAt: at(5) },
    ]);
    const told = await history(12);
    expect(told).toMatchObject([
      { field: 'CREATED', at: at(1), version: 1 },
      { by: 'Bo', field: 'COMMENTED', at: at(2), to: String(comments[0]?.id), version: 2 },
      // Of a comment that is there no more.
      { by: 'Bo', field: 'COMMENTED', at: at(3), version: 3 },
      { by: 'Bo', field: 'COMMENTED', at: at(4), to: String(comments[1]?.id), version: 4 },
      { by: 'Bo', field: 'status', from: 'New', to: 'Completed', at: at(4), version: 4 },
      { by: 'Ada', field: 'IMPORTED', version: 4 },
    ]);
    expect(told[2]?.to).toBeUndefined();
    expect(Date.now() - Date.parse(told.at(-1)?.at ?? '')).toBeLessThan(60_000);
  });

  it('is found by its words and its comments, counted, and told to those who watch', async () => {
    const watch = ada.watch();
    await watch.nextOfAll();
    await importOne(whole());
    expect(await watch.next()).toMatchObject({ kind: 'CREATED', id: 12, ticket: { title: 'Scanner' } });
    watch.cancel();
    for (const query of ['scanner', '"tried it"', 'tag:vpn', 'assignee:bo']) {
      expect(await found(query), query).toEqual([12]);
    }
    const { counts } = await ada.call('CountTickets', {});
    expect(counts).toEqual([{ status: 'Completed', count: 1 }]);
  });

  it('goes on being worked on: what is done here is kept in the history by itself', async () => {
    await importOne(whole());
    await ada.call('AddComment', { ticketId: 12, requestId: uuidv7(), body: 'Here, too.' });
    await ada.call('UpdateTicket', { id: 12, priority: 'Low' });
    expect((await history(12)).slice(-3)).toMatchObject([
      { field: 'IMPORTED', version: 4 },
      { by: 'Ada', field: 'COMMENTED', version: 5 },
      { by: 'Ada', field: 'priority', from: 'High', to: 'Low', version: 6 },
    ]);
  });

  it('leaves agents who are known here the names that they have here', async () => {
    const known = connect(service.address, undefined, JSON.stringify({ id: 'bo', name: 'Bodo' }));
    await known.call('ListAgents', {});
    known.close();
    await importOne(whole());
    expect(await ticket(12)).toMatchObject({ assignee: { id: 'bo', name: 'Bodo' } });
  });
});

describe('sent again', () => {
  it('is the ticket that it was, also within one request, and another text under its request is refused', async () => {
    const one = elsewhere();
    const [first, same] = await importAll([one, one]);
    expect(first).toMatchObject({ wasThere: false });
    expect(same).toEqual({ id: first?.id, wasThere: true, rejection: null });
    expect(await importOne(one)).toEqual({ id: first?.id, wasThere: true, rejection: null });
    const other = { ...one, ticket: { ...one.ticket, title: 'Another' } };
    for (const dryRun of [false, true]) {
      expect(await importOne(other, dryRun)).toMatchObject({
        id: 0,
        rejection: { field: 'requestId', reason: expect.stringContaining(`#${first?.id}`) },
      });
    }
    expect((await ada.call('ListTickets', {})).tickets).toHaveLength(1);
  });

  it('at the same moment, is one ticket', async () => {
    const many = Array.from({ length: 20 }, (_, n) => elsewhere({ id: n + 1 }));
    const answers = await Promise.all([importAll(many), importAll(many.toReversed()), importAll(many)]);
    const ids = answers.map((answer, which) =>
      (which === 1 ? answer.toReversed() : answer).map(({ id }) => id),
    );
    expect(new Set(ids.map(String)).size).toBe(1);
    expect((await ada.call('ListTickets', {})).tickets).toHaveLength(20);
  });

  it('is also known as a create, and a create as an import', async () => {
    const requestId = uuidv7();
    const filed = { title: 'Printer', name: 'Cy', requestId };
    const { id } = await ada.call('CreateTicket', filed);
    expect(await importOne({ ticket: filed })).toMatchObject({ id, wasThere: true });
    const other = { ...filed, requestId: uuidv7() };
    await importOne({ ticket: { ...other, id: 40 } });
    expect((await ada.call('CreateTicket', other)).id).toBe(40);
  });
});

describe('a number', () => {
  it('that a ticket has, or one that can be restored, is not given again, and finds both', async () => {
    const [kept, deleted] = [await file(), await file()];
    await ada.call('DeleteTicket', { id: deleted });
    const answers = await importAll([
      elsewhere({ id: kept, title: 'Former one' }),
      elsewhere({ id: deleted, title: 'Former two' }),
      elsewhere({ id: 9 }),
      elsewhere({ id: 9, title: 'Former nine' }),
    ]);
    const ids = answers.map(({ id }) => id);
    expect(ids).toEqual([10, 11, 9, 12]);
    expect(await found(`#${kept}`)).toEqual([kept, 10]);
    expect(await found(`#${deleted}`)).toEqual([11]);
    await ada.call('RestoreTicket', { id: deleted });
    expect(await found('#9')).toEqual([9, 12]);
    expect((await history(12)).at(-1)).toMatchObject({ field: 'IMPORTED', from: '9' });

    // Whatever is written to it afterwards.
    await ada.call('UpdateTicket', { id: 12, title: 'Renamed' });
    await ada.call('AddComment', { ticketId: 12, requestId: uuidv7(), body: 'Seen' });
    await ada.call('DeleteTicket', { id: 12 });
    await ada.call('RestoreTicket', { id: 12 });
    expect(await found('#9')).toEqual([9, 12]);
  });

  it('is never one that a create has been given, and is not stored yet', async () => {
    const sql = new pg.Client(postgresUrl);
    await sql.connect();
    onTestFinished(() => sql.end());
    await sql.query('begin');
    const { rows } = await sql.query(
      `select nextval(pg_get_serial_sequence('tickets', 'id'))::integer as id`,
    );
    const importing = importOne(elsewhere({ id: rows[0].id }));
    const waits = `select from pg_locks where not granted`;
    await Promise.race([importing, until(async () => (await queryAt(postgresUrl, waits)).length > 0)]);
    await sql.query(`insert into tickets (id, title, description, name) values ($1, 'Printer', '', 'Cy')`, [
      rows[0].id,
    ]);
    await sql.query('commit');
    expect((await importing).id).toBe(2);
    expect(await found('#1')).toEqual([1, 2]);
  });

  it('is kept, given anew and given to creates all at once, and each is one ticket', async () => {
    const filed: Promise<number>[] = [];
    const imported: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      for (let n = 0; n < 15; n += 1) filed.push(file());
      // The numbers that the creates are just being given.
      const from = imported.length + filed.length - 14;
      const wished = Array.from({ length: 20 }, (_, n) => elsewhere({ id: from + n }));
      imported.push(...(await importAll(wished)).map(({ id }) => id));
    }
    const ids = [...(await Promise.all(filed)), ...imported];
    expect(ids.every((id) => id > 0)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('beyond what creates may ever reach is former from the first', async () => {
    const { id } = await importOne(elsewhere({ id: 2_000_000_000 }));
    expect(id).toBe(1);
    expect(await found('#2000000000')).toEqual([1]);
  });
});

describe('what can not be stored', () => {
  it('is told with its field, and the others are stored', async () => {
    const taken = uuidv7();
    const id = await file();
    await ada.call('AddComment', { ticketId: id, requestId: taken, body: 'Hello' });
    const said = { kind: 'NOTE' as const, body: 'x' };
    const answers = await importAll([
      elsewhere({ title: '' }),
      elsewhere({ requestId: 'none' }),
      elsewhere({ id: -1 }),
      elsewhere({ status: 'Lost' }),
      elsewhere({ createdAt: 'yesterday' }),
      elsewhere({ assignee: { id: 'x', name: '' } }),
      elsewhere({}, { comments: [said, { ...said, body: '' }] }),
      elsewhere({}, { comments: [{ ...said, requestId: taken }] }),
      elsewhere({}, { changes: [{ field: 'colour' }] }),
      elsewhere({ title: 'Right' }),
    ]);
    expect(answers.map(({ rejection }) => rejection?.field)).toEqual([
      'title',
      'requestId',
      'id',
      'status',
      'createdAt',
      'assignee',
      'comments[1].body',
      'comments[0].requestId',
      'changes[0].field',
      undefined,
    ]);
    expect(answers.map(({ id }) => id > 0)).toEqual([...Array(9).fill(false), true]);
    expect(await found('right')).toHaveLength(1);
    expect((await ada.call('ListTickets', {})).tickets).toHaveLength(2);
  });

  it('is too many or none at all', async () => {
    for (const tickets of [[], Array.from({ length: 501 }, () => elsewhere())]) {
      expect(await refusal(ada.call('ImportTickets', { tickets }))).toMatchObject({ field: 'tickets' });
    }
  });

  it('is found in a dry run, which stores nothing, and takes no number', async () => {
    const one = elsewhere({ id: 500 });
    expect(await importAll([one, elsewhere({ title: '' })], true)).toMatchObject([
      { id: 0, wasThere: false, rejection: null },
      { rejection: { field: 'title' } },
    ]);
    await importOne(elsewhere());
    expect(await importOne(one, true)).toMatchObject({ id: 0, wasThere: false });
    const tables = ['tickets', 'create_results', 'ticket_changes'];
    for (const table of tables) expect(await queryAt(postgresUrl, `select from ${table}`)).toHaveLength(1);
    expect(await file()).toBe(2);
  });
});
