/** What the language of the search box finds, and how many there are: by gRPC, in a real Postgres. */
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { connect, startTestService, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();
let service: TestService;
let postgresUrl: string;
let sql: pg.Client;
let stops: (() => Promise<unknown>)[];

beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
  service = await startTestService({ postgresUrl });
  sql = new pg.Client(postgresUrl);
  await sql.connect();
  stops = [() => sql.end(), service.stop];
  return async () => {
    for (const stop of stops) await stop();
  };
});

const file = async (fields: object) => {
  const { id } = await service.call('CreateTicket', { title: 'T', description: '', name: 'N', ...fields });
  return id;
};
const found = async (query: string, more: object = {}) => {
  const { tickets } = await service.call('ListTickets', { query, ...more });
  return tickets.map(({ id }) => id).sort((a, b) => a - b);
};
const countOf = async (...filters: object[]) => (await service.call('CountMatches', { filters })).counts;

describe('a query finds', () => {
  it('words in any order and by their beginnings, in each part of a ticket', async () => {
    const id = await file({
      title: 'Printer on the second floor',
      description: 'Toner leaks since Monday.',
      name: 'Ada Lovelace',
      tags: ['hardware'],
    });
    await file({ title: 'Second printer' });
    for (const query of [
      'floor printer',
      'PRIN flo',
      'love hard ton',
      `${id} toner`,
      `#${id}`,
      'tag:hardware',
    ])
      expect([query, await found(query)]).toEqual([query, [id]]);
    expect(await found('rinter')).toEqual([]);
    expect(await found('printer hardware laptop')).toEqual([]);
  });

  it('phrases whole, and nothing that is excluded', async () => {
    const [one, other] = [await file({ title: 'Red door open' }), await file({ title: 'Open red door' })];
    expect(await found('"red door open"')).toEqual([one]);
    expect(await found('"red do"')).toEqual([]);
    expect(await found('red -"red door open"')).toEqual([other]);
    expect(await found('-red')).toEqual([]);
    expect(await found('-#1')).toEqual([other]);
  });

  it('what is in the requester alone, where that is asked for', async () => {
    const id = await file({ name: 'Grace Hopper' });
    await file({ title: 'Grace period', description: 'Hopper is full.' });
    expect(await found('requester:hop')).toEqual([id]);
    expect(await found('requester:"grace hopper"')).toEqual([id]);
    expect(await found('hopper')).toHaveLength(2);
  });

  it('languages without blanks by any part', async () => {
    const ids = [
      await file({ title: '打印机坏了' }),
      await file({ title: '東京タワーの2階のプリンター' }),
      await file({ title: 'เครื่องพิมพ์ไม่ทำงาน' }),
    ];
    for (const [at, part] of ['印机', 'プリンター', 'พิมพ์'].entries())
      expect([part, await found(part)]).toEqual([part, [ids[at]]]);
    expect(await found('机印')).toEqual([]);
  });

  it('by facts, beside words or without', async () => {
    const id = await file({ title: 'Laptop', priority: 'High', dueAt: '2026-01-01T00:00:00Z' });
    const done = await file({ title: 'Laptop', dueAt: '2026-01-01T00:00:00Z' });
    await service.call('UpdateTicket', { id: done, status: 'Completed' });
    for (const query of [
      'laptop is:overdue',
      'priority:high',
      'is:open',
      'due:<1d -status:completed',
      'laptop is:unassigned -is:closed',
    ])
      expect([query, await found(query)]).toEqual([query, [id]]);
    expect(await found('laptop status:completed', { statuses: ['New'] })).toEqual([]);
    expect(await found('status:new,completed created:today', { timeZone: 'UTC' })).toHaveLength(2);
  });

  it('what a ticket says now, and not what it said', async () => {
    const id = await file({ title: 'Old words' });
    await service.call('UpdateTicket', { id, title: 'New words', status: 'On Hold' });
    expect(await found('old')).toEqual([]);
    expect(await found('new words')).toEqual([id]);
    expect(
      await countOf({ query: 'words', statuses: ['New'] }, { query: 'words', statuses: ['On Hold'] }),
    ).toEqual([
      { count: 0, exact: true },
      { count: 1, exact: true },
    ]);
  });

  it('what is said in comments, until it is changed or deleted, and again after a restore', async () => {
    const ada = connect(service.address, undefined, JSON.stringify({ id: 'ada', name: 'Ada' }));
    onTestFinished(ada.close);
    const id = await file({ title: 'Router' });
    const say = (body: string) =>
      ada.call('AddComment', { ticketId: id, requestId: uuidv7(), kind: 'NOTE', body });
    const [first, second] = [await say('It is the firmware.'), await say('Called the vendor.')];
    expect(await found('router vendor firmware')).toEqual([id]);
    await ada.call('EditComment', { id: first.id, body: 'It is the cable.' });
    expect(await found('firmware')).toEqual([]);
    expect(await found('cable vendor')).toEqual([id]);
    await ada.call('DeleteComment', { id: second.id });
    expect(await found('vendor')).toEqual([]);
    await service.call('UpdateTicket', { id, title: 'Switch' });
    expect(await found('switch cable')).toEqual([id]);
    await service.call('DeleteTicket', { id });
    expect(await found('cable')).toEqual([]);
    await service.call('RestoreTicket', { id });
    expect(await found('switch cable')).toEqual([id]);
  });

  it('the rest beside what can not be read, which it tells', async () => {
    const id = await file({ title: 'Printer' });
    const { tickets, problems } = await service.call('ListTickets', { query: 'printer status:lost' });
    expect(tickets).toMatchObject([{ id }]);
    expect(problems).toMatchObject([{ from: 15, to: 19, message: expect.stringContaining('on-hold') }]);
  });

  it('in every order, from its first page to its last, what is common and what is rare', async () => {
    await sql.query(`
      insert into tickets (title, description, name, status)
      select 'Printer ' || case when n % 97 = 0 then 'rare' else '' end, '', 'Requester ' || n % 13,
             (array['New', 'Completed'])[1 + n % 2]
      from generate_series(1, 3000) n`);
    for (const order of ['CREATED_DESC', 'REQUESTER_ASC', 'NUMBER_ASC'] as const)
      for (const [query, count] of [
        ['printer', 3_000],
        ['rare', 30],
        ['rare is:closed', 15],
        ['-rare', 2_970],
      ] as const) {
        const seen: number[] = [];
        for (let pageToken = ''; ; ) {
          const page = await service.call('ListTickets', { query, order, pageSize: 200, pageToken });
          seen.push(...page.tickets.map(({ id }) => id));
          pageToken = page.cursors.at(-1) ?? '';
          if (!page.hasNextPage) break;
        }
        expect([query, order, seen.length, new Set(seen).size]).toEqual([query, order, count, count]);
      }
  });
});

describe('counts', () => {
  it('are exact up to 1,000, and tell that there are more beyond', async () => {
    await sql.query(
      `insert into tickets (title, description, name) select 'Printer', '', 'N' from generate_series(1, 1000)`,
    );
    const filters = [{}, { query: 'printer' }, { statuses: ['New'] }, { statuses: ['Completed'] }];
    const all = { count: 1_000, exact: true };
    expect(await countOf(...filters)).toEqual([all, all, all, { count: 0, exact: true }]);
    await file({ title: 'Printer' });
    const more = { count: 1_000, exact: false };
    expect(await countOf(...filters)).toEqual([more, more, more, { count: 0, exact: true }]);
  });

  it('of statuses are those of the table, whatever is written at once and however often they are read', async () => {
    const isTrue = async () => {
      const { rows } = await sql.query<{ status: string; count: number }>(
        'select status, count(*)::integer as count from tickets group by status',
      );
      const { counts } = await service.call('CountTickets', {});
      const sorted = (all: { status: string; count: number }[]) =>
        all.map(({ status, count }) => `${status} ${count}`).sort();
      expect(sorted(counts)).toEqual(sorted(rows));
    };
    const statuses = ['New', 'In Progress', 'On Hold', 'Completed'];
    const work = Array.from({ length: 64 }, async (_, at) => {
      for (let turn = 0; turn < 12; turn += 1) {
        const id = await file({ title: `${at}-${turn}` });
        await service.call('UpdateTicket', { id, status: statuses[(at + turn) % 4] ?? '' });
        if (turn % 3 === 0) await service.call('DeleteTicket', { id });
        if (turn % 6 === 0) await service.call('RestoreTicket', { id });
        if (turn % 4 === 0) await service.call('CountTickets', {});
      }
    });
    await Promise.all(work);
    await isTrue();
    await sql.query(`update tickets set status = 'Completed' where id % 3 = 0`);
    await sql.query('delete from tickets where id % 5 = 0');
    // Written past the service, which keeps what it read until the feed has told it.
    await expect
      .poll(() =>
        isTrue().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    const { rows } = await sql.query('select count(*)::integer as lines from status_counts');
    expect(rows[0].lines).toBeLessThan(600);
    await sql.query('truncate tickets cascade');
    expect((await sql.query('select from status_counts')).rowCount).toBe(0);
  });
});

it('finds what was loaded past the triggers, once a service has started', async () => {
  const id = await file({ title: 'Printer' });
  await sql.query('alter table tickets disable trigger user');
  await sql.query('update tickets set search = null');
  await sql.query('alter table tickets enable trigger user');
  expect(await found('printer')).toEqual([]);
  await service.stop();
  service = await startTestService({ postgresUrl });
  stops.push(service.stop);
  expect(await found('printer')).toEqual([id]);
});
