/** Who did what to tickets, on every way that a ticket is written: over real gRPC on a real Postgres. */
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Change__Output } from '../../proto/generated/Change.ts';
import { hashedLine } from '../secrets.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { queryAt } from '../testing/test-database.ts';
import { Consumer } from './consumer/consumer.ts';
import { openPostgresStore } from './store/postgres-store.ts';
import { controllableSource } from './testing/controllable-source.ts';
import {
  connect,
  silent,
  soleCache,
  startTestService,
  type TestCaller,
  type TestService,
} from './testing/service.ts';

const postgres = postgresOfFile();
let postgresUrl: string;
let desk: TestService;
let ada: TestCaller;
let callers: TestCaller[];

const names = { Ada: false, Bo: false, web: true };
const tokenOf = (name: string) => `${name}-token-that-is-long-enough`;
const unnamedToken = 'a-token-that-is-nobody-s-own';
const cy = { id: '0198c5a7-cy', name: 'Cy Müller' };

beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
  const named = Object.entries(names).map(([name, isProxy]) =>
    hashedLine(tokenOf(name), { name, lastDay: undefined, isProxy }),
  );
  desk = await startTestService({ postgresUrl, apiTokens: [unnamedToken, ...named] });
  callers = [];
  ada = as('Ada');
  return async () => {
    for (const caller of callers) caller.close();
    await desk.stop();
  };
});

/** @param told the metadata in which a caller tells who acts */
function as(name: keyof typeof names | undefined, told?: unknown): TestCaller {
  const agentTold = typeof told === 'string' || told === undefined ? told : JSON.stringify(told);
  const caller = connect(desk.address, name ? tokenOf(name) : unnamedToken, agentTold);
  callers.push(caller);
  return caller;
}

const file = async (who: TestCaller, title = 'Printer') =>
  (await who.call('CreateTicket', { title, description: '', name: 'Di' })).id;
const changesOf = async (ticketId: number, fields: object = {}) =>
  (await ada.call('ListTicketHistory', { ticketId, ...fields })).changes;
/** A line for each change, as `3 Ada status: New -> On Hold`. */
const line = ({ version, by, field, ...change }: Change__Output) => {
  const values = 'from' in change || 'to' in change ? `: ${change.from ?? '-'} -> ${change.to ?? '-'}` : '';
  return `${version} ${by?.name ?? 'unknown'} ${field}${values}`;
};
const linesOf = async (ticketId: number) => (await changesOf(ticketId)).map(line);
const sql = (statement: string) => queryAt(postgresUrl, statement);

describe('the history of a ticket', () => {
  it('tells who created, changed, deleted and restored it, field by field', async () => {
    const id = await file(ada);
    const bo = as('Bo');
    await bo.call('UpdateTicket', { id, title: 'Printer on 3', status: 'On Hold', priority: 'High' });
    await bo.call('DeleteTicket', { id });
    await ada.call('RestoreTicket', { id });
    await ada.call('UpdateTicket', { id, status: 'On Hold' });
    await ada.call('AddComment', { ticketId: id, requestId: uuidv7(), kind: 'NOTE', body: 'Toner' });
    expect(await linesOf(id)).toEqual([
      '1 Ada CREATED',
      '2 Bo priority: Normal -> High',
      '2 Bo status: New -> On Hold',
      '2 Bo title: Printer -> Printer on 3',
      '3 Bo DELETED',
      '4 Ada RESTORED',
      '6 Ada COMMENTED: - -> 1',
    ]);
    expect((await changesOf(id))[1]).toMatchObject({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      by: { id: 'Bo', name: 'Bo' },
    });
  });

  it('is read in pages from either end, and of a deleted ticket too', async () => {
    const id = await file(ada);
    for (const status of ['On Hold', 'New', 'On Hold', 'Completed']) {
      await ada.call('UpdateTicket', { id, status });
    }
    await ada.call('DeleteTicket', { id });
    const all = await changesOf(id);
    expect(all).toHaveLength(6);
    const first = await ada.call('ListTicketHistory', { ticketId: id, pageSize: 4 });
    expect(first).toMatchObject({ changes: all.slice(0, 4), hasNextPage: true });
    const rest = await ada.call('ListTicketHistory', { ticketId: id, afterId: all[3]?.id ?? 0 });
    expect(rest).toMatchObject({ changes: all.slice(4), hasNextPage: false });
    const newest = await changesOf(id, { newestFirst: true, pageSize: 2 });
    expect(newest).toEqual(all.slice(4).toReversed());
    const older = await changesOf(id, { newestFirst: true, afterId: newest[1]?.id });
    expect(older).toEqual(all.slice(0, 4).toReversed());
  });

  it('has every create of a batch under its own agent', async () => {
    const bo = as('Bo');
    const ids = await Promise.all(
      Array.from({ length: 256 }, (_, at) => file(at % 3 === 0 ? ada : bo, `Ticket ${at}`)),
    );
    const rows = await sql('select ticket_id, agent, field from ticket_history');
    const byTicket = new Map(rows.map(({ ticket_id, agent, field }) => [ticket_id, `${agent} ${field}`]));
    expect(rows).toHaveLength(256);
    expect(ids.map((id) => byTicket.get(id))).toEqual(
      ids.map((_, at) => `${at % 3 === 0 ? 'Ada' : 'Bo'} CREATED`),
    );
  });

  it('has what an older service writes by plain SQL, for nobody we know', async () => {
    const id = await file(ada);
    const other = await file(ada, 'Scanner');
    await sql(`update tickets set status = 'Completed', name = 'Eve' where id = ${id} or id = ${other}`);
    await sql(`delete from tickets where id = ${id}`);
    await sql(`insert into tickets (title, description, status, name) values ('Old', '', '', 'Fay')`);
    const changed = ['2 unknown name: Di -> Eve', '2 unknown status: New -> Completed'];
    expect(await linesOf(id)).toEqual(['1 Ada CREATED', ...changed, '3 unknown DELETED']);
    expect(await linesOf(other)).toEqual(['1 Ada CREATED', ...changed]);
    expect(await linesOf(other + 1)).toEqual(['1 unknown CREATED']);
    await ada.call('UpdateTicket', { id: other, status: 'New' });
    expect((await linesOf(other)).at(-1)).toBe('3 Ada status: Completed -> New');
  });

  it('tells a time in UTC, whatever the zone of whoever wrote it', async () => {
    const id = await file(ada);
    const dueAt = '2026-12-01T17:00:00+09:00';
    await sql(`set timezone = 'Asia/Tokyo'; update tickets set due_at = '${dueAt}' where id = ${id}`);
    expect((await linesOf(id)).at(-1)).toBe('2 unknown dueAt: - -> 2026-12-01T08:00:00+00:00');
  });

  it('tells of a create from the queue who filed it, and of a body that tells it wrongly nobody', async () => {
    const store = await openPostgresStore({ postgresUrl, logger: silent });
    const source = controllableSource();
    const storage = { store, cache: soleCache() };
    const consumer = new Consumer({
      storage,
      openSource: source.open,
      topic: 'ticketCreate',
      logger: silent,
    });
    const bodies = [
      cy,
      { id: cy.id },
      'Cy',
      { id: '', name: '' },
      { ...cy, name: 'x'.repeat(101) },
      undefined,
    ];
    for (const [at, agent] of bodies.entries()) {
      const body = { title: `Ticket ${at}`, description: '', name: 'Di', requestId: uuidv7(), agent };
      expect(await source.deliver(body).ended).toBe('finished');
    }
    const filed =
      await sql(`select agents.name from tickets left join ticket_history on ticket_id = tickets.id
      left join agents on agents.id = agent order by title`);
    expect(filed.map(({ name }) => name)).toEqual(['Cy Müller', null, null, null, null, null]);
    await consumer.stop();
    await store.close();
  });

  it('is written with the change in one statement, and its agent noted once a minute', async () => {
    const id = await file(ada);
    const asked = vi.spyOn(pg.Client.prototype, 'query');
    onTestFinished(() => asked.mockRestore());
    const statements = () =>
      asked.mock.calls
        .map(([query]) => (query as unknown as { text?: string } | null)?.text ?? '')
        // The change feed reads in its own time.
        .filter((text) =>
          /(update|insert into|delete from|from) (tickets|agents|ticket_history)\b/.test(text),
        )
        .filter((text) => !text.includes('ticket_changes'));
    await ada.call('UpdateTicket', { id, status: 'On Hold' });
    expect(statements()).toEqual([expect.stringContaining('update tickets')]);
    asked.mockClear();
    await as('Bo').call('DeleteTicket', { id });
    expect(statements()).toEqual([
      expect.stringContaining('insert into agents'),
      expect.stringContaining('delete from tickets'),
    ]);
  });

  it('is changed by nobody', async () => {
    await file(ada);
    await expect(sql(`update ticket_history set agent = 'Bo'`)).rejects.toThrow('never changed');
  });

  it('of tickets from before there was one begins with what is done next', async () => {
    const older = await postgres.createDatabase();
    await queryAt(
      older,
      `create table tickets (id serial primary key, title text, description text, name text, status text);
       insert into tickets (title, description, name, status) values ('Old', '', 'Fay', '')`,
    );
    const store = await openPostgresStore({ postgresUrl: older, logger: silent });
    const page = { ticketId: 1, pageSize: 10, afterId: undefined, newestFirst: false };
    expect((await store.history(page)).changes).toEqual([]);
    await store.update(1, { status: 'Completed' }, { by: cy });
    expect((await store.history(page)).changes).toMatchObject([
      { by: cy, field: 'status', from: 'New', to: 'Completed' },
    ]);
    await store.close();
  });
});

describe('who acts', () => {
  it('is, of a token with a name, that name, whatever else is told', async () => {
    const forger = as('Bo', cy);
    const id = await file(forger);
    await forger.call('UpdateTicket', { id, status: 'On Hold' });
    expect(await linesOf(id)).toEqual(['1 Bo CREATED', '2 Bo status: New -> On Hold']);
    expect((await forger.call('GetServerInfo', {})).agent).toMatchObject({ id: 'Bo', name: 'Bo' });
  });

  it("is told by whoever shows a proxy's token, or one without a name", async () => {
    for (const name of ['web', undefined] as const) {
      const id = await file(as(name, cy));
      await as(name, { id: 'dee', name: 'Dee' }).call('UpdateTicket', { id, status: 'On Hold' });
      expect(await linesOf(id)).toEqual(['1 Cy Müller CREATED', '2 Dee status: New -> On Hold']);
      expect((await as(name, cy).call('GetServerInfo', {})).agent).toBeNull();
    }
  });

  it.each([
    ['nothing', undefined],
    ['what is no JSON', '{"id":'],
    ['null', 'null'],
    ['no name', { id: 'cy' }],
    ['an empty name', { ...cy, name: '' }],
    ['a name that can not be stored', { ...cy, name: 'Cy\u0000' }],
    ['a name that is too long', { ...cy, name: 'x'.repeat(101) }],
  ])('is unknown where %s is told, and nothing is refused', async (_what, told) => {
    const id = await file(as('web', told));
    expect(await linesOf(id)).toEqual(['1 unknown CREATED']);
  });
});

describe('the agents', () => {
  it('are all who acted or asked, by name, with when they were seen', async () => {
    await file(as('web', { id: '2', name: 'bo' }));
    await file(as('web', { id: '1', name: 'Cy' }));
    await file(desk);
    const { agents } = await ada.call('ListAgents', {});
    expect(agents.map(({ id, name }) => `${id} ${name}`)).toEqual(['Ada Ada', '2 bo', '1 Cy']);
    for (const { lastSeenAt } of agents) {
      expect(Math.abs(Date.parse(lastSeenAt) - Date.now())).toBeLessThan(60_000);
    }
  });

  it('go on under a new name, in what they did before too', async () => {
    const id = await file(as('web', cy));
    await as('web', { ...cy, name: 'Cy Meyer' }).call('UpdateTicket', { id, status: 'On Hold' });
    expect(await linesOf(id)).toEqual(['1 Cy Meyer CREATED', '2 Cy Meyer status: New -> On Hold']);
    expect((await desk.call('ListAgents', {})).agents).toMatchObject([{ id: cy.id, name: 'Cy Meyer' }]);
  });
});
