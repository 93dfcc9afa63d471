/** What becomes of creates in the database: one ticket a request, rejections that stay, tickets of an older service. */
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { digestOf } from '../../create-digest.ts';
import type { NewTicket } from '../../domain/ticket.ts';
import { startTestPostgres, type TestPostgres } from '../../testing/postgres.ts';
import { silent } from '../testing/service.ts';
import { createTickets } from './creates.ts';
import { type Database, openDatabase } from './database.ts';
import { openPostgresStore } from './postgres-store.ts';
import type { CreateOutcome, TicketStore } from './ticket-store.ts';

let postgres: TestPostgres;
let store: TicketStore;
/** Another ticket service on the same database. */
let other: TicketStore;
let sql: pg.Client;
let postgresUrl: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
  store = await openPostgresStore({ postgresUrl, logger: silent });
  other = await openPostgresStore({ postgresUrl, logger: silent });
  sql = new pg.Client(postgresUrl);
  await sql.connect();
  return async () => void (await Promise.all([store.close(), other.close(), sql.end()]));
});

function aCreate(fields: Partial<NewTicket> = {}): NewTicket {
  const requestId = uuidv7();
  const createdAt = '2026-03-04T05:06:07.123456Z';
  return { requestId, title: 'Printer', description: 'Second floor.', name: 'Ada', createdAt, ...fields };
}
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => aCreate({ title: `Title ${at}`, description: `${at}` }));
const idOf = (outcome: CreateOutcome | undefined) =>
  outcome?.state === 'created' ? outcome.ticket.id : outcome?.state === 'known' ? outcome.id : undefined;
const count = async () => (await sql.query('select count(*)::integer as n from tickets')).rows[0].n as number;
const rejection = (requestId: string, revision: number, reason = 'No good.') => ({
  requestId,
  revision,
  reason,
  field: 'title',
  body: Buffer.from('{}'),
});

describe('a batch', () => {
  it('becomes tickets with their own texts, and is answered in its order', async () => {
    const creates = many(300);
    const outcomes = await store.create(creates);
    expect(outcomes).toHaveLength(300);
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.state !== 'created') throw new Error(outcome.state);
      expect(outcome.ticket).toMatchObject({ ...creates[at], status: 'New', version: 1 });
      expect(await store.find(outcome.ticket.id)).toEqual(outcome.ticket);
    }
    expect(await store.create(creates)).toEqual(outcomes.map((one) => ({ state: 'known', id: idOf(one) })));
  });

  it('makes one ticket of a request that is in it more than once, in whatever case', async () => {
    const create = aCreate();
    const again = { ...create, requestId: create.requestId.toUpperCase() };
    const ids = (await store.create([create, aCreate(), again, create])).map(idOf);
    expect(new Set([ids[0], ids[2], ids[3]]).size).toBe(1);
    expect(await count()).toBe(2);
  });

  it('makes one ticket of each request that two services store at once, in any order, 50 times', async () => {
    for (let round = 1; round <= 50; round += 1) {
      const creates = many(20);
      const [here, there] = await Promise.all([store.create(creates), other.create([...creates].reverse())]);
      expect(here.map(idOf)).toEqual(there.map(idOf).reverse());
      expect(await count()).toBe(round * 20);
    }
  });

  it('is stored whole or not at all', async () => {
    await sql.query(`alter table tickets add check (title <> 'Unfit')`);
    await expect(store.create([aCreate(), aCreate({ title: 'Unfit' }), aCreate()])).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(await count()).toBe(0);
    expect((await sql.query('select * from create_results')).rows).toEqual([]);
  });

  it('is told by the change feed, ticket by ticket', async () => {
    const from = await store.changes.now();
    const ids = (await store.create(many(5))).map(idOf);
    const { changes } = await store.changes.read(from, 100);
    expect(changes.map(({ id, kind }) => [id, kind])).toEqual(ids.map((id) => [id, 'CREATED']));
  });
});

describe('a rejection', () => {
  it('is answered to who asks for it, and keeps the message', async () => {
    const requestId = uuidv7();
    await store.reject([rejection(requestId, 0)]);
    expect(await store.createResults([requestId.toUpperCase(), uuidv7()])).toEqual([
      {
        state: 'rejected',
        requestId,
        digest: undefined,
        revision: 0,
        reason: 'No good.',
        field: 'title',
      },
    ]);
    const { rows } = await sql.query('select body from rejected_creates');
    expect(rows).toEqual([{ body: Buffer.from('{}') }]);
  });

  it('is final: neither this revision nor an older one becomes a ticket later', async () => {
    const create = aCreate({ revision: 2 });
    await store.reject([rejection(create.requestId, 2)]);
    for (const revision of [0, 1, 2]) {
      const [outcome] = await store.create([{ ...create, revision }]);
      expect(outcome).toMatchObject({ state: 'rejected', revision: 2, reason: 'No good.', field: 'title' });
    }
    expect(await count()).toBe(0);
  });

  it('gives way to a newer revision, and is gone with it', async () => {
    const create = aCreate();
    await store.reject([rejection(create.requestId, 0)]);
    const [outcome] = await store.create([{ ...create, revision: 1 }]);
    expect(outcome).toMatchObject({ state: 'created', ticket: { requestId: create.requestId } });
    expect((await sql.query('select * from rejected_creates')).rows).toEqual([]);
    expect(await store.createResults([create.requestId])).toMatchObject([{ state: 'stored' }]);
    expect((await store.create([create])).map(idOf)).toEqual([idOf(outcome)]);
  });

  it('is replaced by that of a newer revision, and never by that of an older one', async () => {
    const requestId = uuidv7();
    await store.reject([rejection(requestId, 1, 'one'), rejection(requestId, 2, 'two')]);
    await store.reject([rejection(requestId, 0, 'zero')]);
    await store.reject([rejection(requestId, 2, 'two again')]);
    expect(await store.createResults([requestId])).toMatchObject([{ revision: 2, reason: 'two' }]);
    await store.reject([rejection(requestId, 3, 'three')]);
    expect(await store.createResults([requestId])).toMatchObject([{ revision: 3, reason: 'three' }]);
  });

  it('leaves alone what has become a ticket', async () => {
    const create = aCreate();
    const [outcome] = await store.create([create]);
    await store.reject([rejection(create.requestId, 7)]);
    expect(await store.createResults([create.requestId])).toEqual([
      { state: 'stored', requestId: create.requestId, id: idOf(outcome), digest: digestOf(create) },
    ]);
    expect((await sql.query('select * from rejected_creates')).rows).toEqual([]);
  });

  it('and a create of the same revision at the same time: one of them holds, 50 times', async () => {
    for (let round = 0; round < 50; round += 1) {
      const creates = many(5);
      const [outcomes] = await Promise.all([
        store.create(creates),
        other.reject([...creates].reverse().map(({ requestId }) => rejection(requestId, 0))),
      ]);
      const results = await store.createResults(creates.map(({ requestId }) => requestId));
      for (const [at, outcome] of outcomes.entries()) {
        const { state } = results.find((one) => one.requestId === creates[at]?.requestId) ?? {};
        expect(state).toBe(outcome.state === 'rejected' ? 'rejected' : 'stored');
        expect(await store.create([creates[at] as NewTicket])).toMatchObject([
          { state: outcome.state === 'rejected' ? 'rejected' : 'known' },
        ]);
      }
    }
  });

  it('that is committed while a create of the same revision waits for it, holds', async () => {
    const create = aCreate();
    await sql.query('begin');
    await sql.query('insert into create_results (request_id, revision) values ($1, 0)', [create.requestId]);
    await sql.query(
      `insert into rejected_creates (request_id, revision, reason, body) values ($1, 0, 'No good.', '')`,
      [create.requestId],
    );
    const outcomes = store.create([create]);
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await sql.query(waiting)).rowCount).toBe(1);
    await sql.query('commit');
    expect(await outcomes).toMatchObject([{ state: 'rejected', reason: 'No good.' }]);
    expect(await count()).toBe(0);
  });

  it('is forgotten after 90 days', async () => {
    const [old, young] = [uuidv7(), uuidv7()];
    await store.reject([rejection(old, 0), rejection(young, 0)]);
    await sql.query(`update rejected_creates set at = now() - interval '91 days' where request_id = $1`, [
      old,
    ]);
    await store.prune(new AbortController().signal);
    expect(await store.createResults([old, young])).toMatchObject([{ requestId: young }]);
    expect(await store.create([aCreate({ requestId: old })])).toMatchObject([{ state: 'created' }]);
  });
});

describe('another text under the id of a known request', () => {
  const conflict = (id: number | undefined) => [{ state: 'conflict', id }];
  const others: Partial<NewTicket>[] = [
    { title: 'Printers' },
    { title: 'printer' },
    { description: 'Third floor.' },
    { description: '' },
    { name: 'Bo' },
  ];

  it('is a conflict that names the ticket, whichever field differs, and changes nothing', async () => {
    const create = aCreate();
    const [outcome] = await store.create([create]);
    for (const fields of others)
      expect(await other.create([{ ...create, ...fields }])).toEqual(conflict(idOf(outcome)));
    expect(await count()).toBe(1);
    expect(await store.find(idOf(outcome) ?? 0)).toMatchObject(create);
    expect(await store.create([create])).toEqual([{ state: 'known', id: idOf(outcome) }]);
  });

  it('is one after the ticket was edited, deleted, forgotten and restored too, and the first text still is none', async () => {
    const create = aCreate();
    const second = { ...create, title: 'Another' };
    const id = idOf((await store.create([create]))[0]) ?? 0;
    const holds = async () => {
      expect(await store.create([second])).toEqual(conflict(id));
      expect(await store.create([create])).toEqual([{ state: 'known', id }]);
    };
    await store.update(id, { title: second.title, status: 'Completed' }, undefined);
    await holds();
    await store.delete(id);
    await holds();
    await store.restore(id);
    await holds();
    await store.delete(id);
    await sql.query('delete from deleted_tickets');
    await holds();
    expect(await count()).toBe(0);
  });

  it('in the same batch is a conflict for that one alone, whatever else is in it', async () => {
    const create = aCreate();
    const outcomes = await store.create([create, aCreate(), { ...create, name: 'Bo' }, create]);
    expect(outcomes.map(({ state }) => state)).toEqual(['created', 'created', 'conflict', 'created']);
    expect(await count()).toBe(2);
  });

  it('of a service at the same time: one of them is the ticket, the other a conflict, 50 times', async () => {
    for (let round = 0; round < 50; round += 1) {
      const creates = many(5);
      const theirs = creates.map((create) => ({ ...create, name: 'Bo' })).reverse();
      const [here, there] = await Promise.all([store.create(creates), other.create(theirs)]);
      for (const [at, outcome] of here.entries()) {
        const states = [outcome.state, there.at(-1 - at)?.state].sort();
        expect(states).toEqual(['conflict', 'created']);
      }
    }
    expect(await count()).toBe(250);
  });

  it('is one beside a ticket that an older service had made of the first text', async () => {
    const create = aCreate();
    await sql.query(
      `insert into tickets (title, description, status, name) values ('Printer', 'Second floor.', 'New', 'Ada')`,
    );
    expect(await store.create([create])).toMatchObject([{ state: 'created', ticket: { id: 1 } }]);
    expect(await store.create([{ ...create, name: 'Bo' }])).toEqual(conflict(1));
    expect(await store.create([create])).toEqual([{ state: 'known', id: 1 }]);
  });

  it('that was mended after a rejection is one for all but the text that became the ticket', async () => {
    const create = aCreate();
    await store.reject([{ ...rejection(create.requestId, 0), digest: digestOf({ ...create, title: '' }) }]);
    const id = idOf((await store.create([{ ...create, revision: 1 }]))[0]);
    expect(await store.create([{ ...create, title: 'Another' }])).toEqual(conflict(id));
    expect(await store.create([{ ...create, revision: 0 }])).toEqual([{ state: 'known', id }]);
  });

  it('is not rejected with what was rejected, which has no ticket: it becomes one', async () => {
    const bad = aCreate({ title: 'Unfit' });
    await store.reject([{ ...rejection(bad.requestId, 0), digest: digestOf(bad) }]);
    expect(await store.create([bad])).toMatchObject([{ state: 'rejected', reason: 'No good.' }]);
    const good = { ...bad, title: 'Fit' };
    expect(await store.create([good])).toMatchObject([{ state: 'created', ticket: { title: 'Fit' } }]);
    expect(await store.create([bad])).toMatchObject([{ state: 'conflict' }]);
  });

  it('that is rejected too has its own reason', async () => {
    const [bad, worse] = [aCreate(), aCreate({ title: 'Worse' })].map(digestOf);
    const requestId = uuidv7();
    await store.reject([{ ...rejection(requestId, 0, 'bad'), digest: bad }]);
    await store.reject([{ ...rejection(requestId, 0, 'worse'), digest: worse }]);
    expect(await store.createResults([requestId])).toMatchObject([{ reason: 'worse', digest: worse }]);
  });

  describe('of before, when digests were not kept,', () => {
    async function filedBefore() {
      const create = aCreate();
      const id = idOf((await store.create([create]))[0]) ?? 0;
      await sql.query('update create_results set digest = null');
      return { create, id, second: { ...create, title: 'Another' } };
    }

    it('is told by the ticket, as it stands or as it was deleted', async () => {
      const { create, id, second } = await filedBefore();
      for (const change of [
        () => store.update(id, { status: 'Completed' }, undefined),
        () => store.delete(id),
        () => store.restore(id),
      ]) {
        expect(await store.create([create])).toEqual([{ state: 'known', id }]);
        expect(await store.create([second])).toEqual(conflict(id));
        await change();
      }
      expect(await store.createResults([create.requestId])).toEqual([
        { state: 'stored', requestId: create.requestId, id, digest: digestOf(create) },
      ]);
    });

    it('is taken for a conflict, never for success, where nothing is left to tell', async () => {
      const { create, id } = await filedBefore();
      await store.delete(id);
      await sql.query('delete from deleted_tickets');
      expect(await store.create([create])).toEqual(conflict(id));
      expect(await count()).toBe(0);
      expect(await store.createResults([create.requestId])).toMatchObject([{ id, digest: undefined }]);
    });
  });
});

describe('a ticket that an older service made, without its request', () => {
  const text = { title: 'Printer', description: 'Second floor.', name: 'Ada' };
  /** @param at when, as SQL */
  async function byOlder({ title, description, name } = text, at = 'now()'): Promise<number> {
    const { rows } = await sql.query(
      `insert into tickets (title, description, status, name, created_at) values ($1, $2, 'New', $3, ${at}) returning id`,
      [title, description, name],
    );
    return rows[0].id;
  }

  it('is claimed by the create of its text, which makes no second one', async () => {
    const id = await byOlder();
    const from = await store.changes.now();
    const create = aCreate(text);
    const [outcome] = await store.create([create]);
    expect(outcome).toMatchObject({
      state: 'created',
      ticket: { id, requestId: create.requestId, version: 2 },
    });
    expect(await count()).toBe(1);
    expect(await store.createResults([create.requestId])).toMatchObject([{ state: 'stored', id }]);
    expect(await store.create([create])).toEqual([{ state: 'known', id }]);
    const { changes } = await store.changes.read(from, 10);
    expect(changes).toMatchObject([{ kind: 'UPDATED', id, ticket: { requestId: create.requestId } }]);
  });

  it.each([
    [5, 3],
    [3, 5],
    [4, 4],
  ])('is claimed by one create: %i of a text beside %i tickets of it', async (creates, tickets) => {
    for (let at = 0; at < tickets; at += 1) await byOlder();
    const outcomes = await store.create(Array.from({ length: creates }, () => aCreate(text)));
    expect(new Set(outcomes.map(idOf)).size).toBe(creates);
    expect(await count()).toBe(Math.max(creates, tickets));
  });

  it('is claimed once by services that store at the same time, 50 times', async () => {
    for (let round = 1; round <= 50; round += 1) {
      const mine = { ...text, title: `Round ${round}` };
      await byOlder(mine);
      await byOlder(mine);
      const [here, there] = await Promise.all([
        store.create([aCreate(mine), aCreate(mine)]),
        other.create([aCreate(mine), aCreate(mine)]),
      ]);
      expect(new Set([...here, ...there].map(idOf)).size).toBe(4);
      expect(await count()).toBe(round * 4);
    }
  });

  it('is claimed by none of another text, and by none filed after it', async () => {
    await byOlder();
    await byOlder({ ...text, title: 'Late' }, `now() - interval '1 hour'`);
    await store.create([
      aCreate({ ...text, title: 'Printers' }),
      aCreate({ ...text, description: 'Third floor.' }),
      aCreate({ ...text, name: 'Bob' }),
      aCreate({ ...text, title: 'Late', createdAt: new Date().toISOString() }),
    ]);
    expect(await count()).toBe(6);
  });

  it('is looked for only where one was stored since the create was filed, from the first such ticket on', async () => {
    const statements: string[] = [];
    const real = openDatabase({ postgresUrl, logger: silent });
    onTestFinished(() => real.close());
    const database: Database = {
      ...real,
      query(statement, ...rest) {
        statements.push(statement.includes('for update') ? 'adopt' : (statement.trim().split(/\s/)[0] ?? ''));
        return real.query(statement, ...rest);
      },
    };
    const ran = async (creates: NewTicket[], outcome = 'created') => {
      expect((await createTickets(database, creates)).map(({ state }) => state)).toEqual(
        creates.map(() => outcome),
      );
      return statements.splice(0);
    };
    const createdAt = new Date().toISOString();
    // Of a table that was taken over, long ago.
    await byOlder(text, `now() - interval '1 day'`);
    const first = aCreate({ ...text, createdAt });
    expect(await ran([first])).toEqual(['with']);
    expect(await ran([first], 'known')).toEqual(['with', 'select']);
    const id = await byOlder();
    expect(await ran([aCreate({ ...text, createdAt, name: 'Bo' })])).toContain('adopt');
    const [adopted] = await createTickets(database, [aCreate({ ...text, createdAt })]);
    expect(idOf(adopted)).toBe(id);
    statements.length = 0;
    expect(await ran([aCreate({ ...text, createdAt })])).toEqual(['with']);
  });

  it('is claimed by one filed on a computer whose clock is a little ahead', async () => {
    const id = await byOlder();
    const createdAt = new Date(Date.now() + 60_000).toISOString();
    expect((await store.create([aCreate({ ...text, createdAt })])).map(idOf)).toEqual([id]);
  });
});
