/** What becomes of creates in the database: one ticket a request, and rejections that stay. */
import { uuidv7 } from 'uuidv7';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../create-digest.ts';
import type { NewTicket } from '../../domain/ticket.ts';
import { aCreate, idOf, withTwoStores } from '../../testing/two-stores.ts';

const on = withTwoStores();
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => aCreate({ title: `Title ${at}`, description: `${at}` }));
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
    const outcomes = await on.store.create(creates);
    expect(outcomes).toHaveLength(300);
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.state !== 'created') throw new Error(outcome.state);
      expect(outcome.ticket).toMatchObject({ ...creates[at], status: 'New', version: 1 });
      expect(await on.store.find(outcome.ticket.id)).toEqual(outcome.ticket);
    }
    expect(await on.store.create(creates)).toEqual(
      outcomes.map((one) => ({ state: 'known', id: idOf(one) })),
    );
  });

  it('makes one ticket of a request that is in it more than once, in whatever case', async () => {
    const create = aCreate();
    const again = { ...create, requestId: create.requestId.toUpperCase() };
    const ids = (await on.store.create([create, aCreate(), again, create])).map(idOf);
    expect(new Set([ids[0], ids[2], ids[3]]).size).toBe(1);
    expect(await on.count()).toBe(2);
  });

  it('makes one ticket of each request that two services store at once, in any order, 50 times', async () => {
    for (let round = 1; round <= 50; round += 1) {
      const creates = many(20);
      const [here, there] = await Promise.all([
        on.store.create(creates),
        on.other.create([...creates].reverse()),
      ]);
      expect(here.map(idOf)).toEqual(there.map(idOf).reverse());
      expect(await on.count()).toBe(round * 20);
    }
  });

  it('is stored whole or not at all', async () => {
    await on.sql.query(`alter table tickets add check (title <> 'Unfit')`);
    await expect(on.store.create([aCreate(), aCreate({ title: 'Unfit' }), aCreate()])).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(await on.count()).toBe(0);
    expect((await on.sql.query('select * from create_results')).rows).toEqual([]);
  });

  it('is told by the change feed, ticket by ticket', async () => {
    const from = await on.store.changes.now();
    const ids = (await on.store.create(many(5))).map(idOf);
    const { changes } = await on.store.changes.read(from, 100);
    expect(changes.map(({ id, kind }) => [id, kind])).toEqual(ids.map((id) => [id, 'CREATED']));
  });
});

describe('a rejection', () => {
  it('is answered to who asks for it, and keeps the message', async () => {
    const requestId = uuidv7();
    await on.store.reject([rejection(requestId, 0)]);
    expect(await on.store.createResults([requestId.toUpperCase(), uuidv7()])).toEqual([
      {
        state: 'rejected',
        requestId,
        digest: undefined,
        revision: 0,
        reason: 'No good.',
        field: 'title',
      },
    ]);
    const { rows } = await on.sql.query('select body from rejected_creates');
    expect(rows).toEqual([{ body: Buffer.from('{}') }]);
  });

  it('is final: neither this revision nor an older one becomes a ticket later', async () => {
    const create = aCreate({ revision: 2 });
    await on.store.reject([rejection(create.requestId, 2)]);
    for (const revision of [0, 1, 2]) {
      const [outcome] = await on.store.create([{ ...create, revision }]);
      expect(outcome).toMatchObject({ state: 'rejected', revision: 2, reason: 'No good.', field: 'title' });
    }
    expect(await on.count()).toBe(0);
  });

  it('gives way to a newer revision, and is gone with it', async () => {
    const create = aCreate();
    await on.store.reject([rejection(create.requestId, 0)]);
    const [outcome] = await on.store.create([{ ...create, revision: 1 }]);
    expect(outcome).toMatchObject({ state: 'created', ticket: { requestId: create.requestId } });
    expect((await on.sql.query('select * from rejected_creates')).rows).toEqual([]);
    expect(await on.store.createResults([create.requestId])).toMatchObject([{ state: 'stored' }]);
    expect((await on.store.create([create])).map(idOf)).toEqual([idOf(outcome)]);
  });

  it('is replaced by that of a newer revision, and never by that of an older one', async () => {
    const requestId = uuidv7();
    await on.store.reject([rejection(requestId, 1, 'one'), rejection(requestId, 2, 'two')]);
    await on.store.reject([rejection(requestId, 0, 'zero')]);
    await on.store.reject([rejection(requestId, 2, 'two again')]);
    expect(await on.store.createResults([requestId])).toMatchObject([{ revision: 2, reason: 'two' }]);
    await on.store.reject([rejection(requestId, 3, 'three')]);
    expect(await on.store.createResults([requestId])).toMatchObject([{ revision: 3, reason: 'three' }]);
  });

  it('leaves alone what has become a ticket', async () => {
    const create = aCreate();
    const [outcome] = await on.store.create([create]);
    await on.store.reject([rejection(create.requestId, 7)]);
    expect(await on.store.createResults([create.requestId])).toEqual([
      { state: 'stored', requestId: create.requestId, id: idOf(outcome), digest: digestOf(create) },
    ]);
    expect((await on.sql.query('select * from rejected_creates')).rows).toEqual([]);
  });

  it('and a create of the same revision at the same time: one of them holds, 50 times', async () => {
    for (let round = 0; round < 50; round += 1) {
      const creates = many(5);
      const [outcomes] = await Promise.all([
        on.store.create(creates),
        on.other.reject([...creates].reverse().map(({ requestId }) => rejection(requestId, 0))),
      ]);
      const results = await on.store.createResults(creates.map(({ requestId }) => requestId));
      for (const [at, outcome] of outcomes.entries()) {
        const { state } = results.find((one) => one.requestId === creates[at]?.requestId) ?? {};
        expect(state).toBe(outcome.state === 'rejected' ? 'rejected' : 'stored');
        expect(await on.store.create([creates[at] as NewTicket])).toMatchObject([
          { state: outcome.state === 'rejected' ? 'rejected' : 'known' },
        ]);
      }
    }
  });

  it('that is committed while a create of the same revision waits for it, holds', async () => {
    const create = aCreate();
    await on.sql.query('begin');
    await on.sql.query('insert into create_results (request_id, revision) values ($1, 0)', [
      create.requestId,
    ]);
    await on.sql.query(
      `insert into rejected_creates (request_id, revision, reason, body) values ($1, 0, 'No good.', '')`,
      [create.requestId],
    );
    const outcomes = on.store.create([create]);
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await on.sql.query(waiting)).rowCount).toBe(1);
    await on.sql.query('commit');
    expect(await outcomes).toMatchObject([{ state: 'rejected', reason: 'No good.' }]);
    expect(await on.count()).toBe(0);
  });

  it('is forgotten after 90 days', async () => {
    const [old, young] = [uuidv7(), uuidv7()];
    await on.store.reject([rejection(old, 0), rejection(young, 0)]);
    await on.sql.query(`update rejected_creates set at = now() - interval '91 days' where request_id = $1`, [
      old,
    ]);
    await on.store.prune(new AbortController().signal);
    expect(await on.store.createResults([old, young])).toMatchObject([{ requestId: young }]);
    expect(await on.store.create([aCreate({ requestId: old })])).toMatchObject([{ state: 'created' }]);
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
    const [outcome] = await on.store.create([create]);
    for (const fields of others)
      expect(await on.other.create([{ ...create, ...fields }])).toEqual(conflict(idOf(outcome)));
    expect(await on.count()).toBe(1);
    expect(await on.store.find(idOf(outcome) ?? 0)).toMatchObject(create);
    expect(await on.store.create([create])).toEqual([{ state: 'known', id: idOf(outcome) }]);
  });

  it('is one after the ticket was edited, deleted, forgotten and restored too, and the first text still is none', async () => {
    const create = aCreate();
    const second = { ...create, title: 'Another' };
    const id = idOf((await on.store.create([create]))[0]) ?? 0;
    const holds = async () => {
      expect(await on.store.create([second])).toEqual(conflict(id));
      expect(await on.store.create([create])).toEqual([{ state: 'known', id }]);
    };
    await on.store.update(id, { title: second.title, status: 'Completed' });
    await holds();
    await on.store.delete(id);
    await holds();
    await on.store.restore(id);
    await holds();
    await on.store.delete(id);
    await on.sql.query('delete from deleted_tickets');
    await holds();
    expect(await on.count()).toBe(0);
  });

  it('in the same batch is a conflict for that one alone, whatever else is in it', async () => {
    const create = aCreate();
    const outcomes = await on.store.create([create, aCreate(), { ...create, name: 'Bo' }, create]);
    expect(outcomes.map(({ state }) => state)).toEqual(['created', 'created', 'conflict', 'created']);
    expect(await on.count()).toBe(2);
  });

  it('of a service at the same time: one of them is the ticket, the other a conflict, 50 times', async () => {
    for (let round = 0; round < 50; round += 1) {
      const creates = many(5);
      const theirs = creates.map((create) => ({ ...create, name: 'Bo' })).reverse();
      const [here, there] = await Promise.all([on.store.create(creates), on.other.create(theirs)]);
      for (const [at, outcome] of here.entries()) {
        const states = [outcome.state, there.at(-1 - at)?.state].sort();
        expect(states).toEqual(['conflict', 'created']);
      }
    }
    expect(await on.count()).toBe(250);
  });

  it('is one beside a ticket that an older service had made of the first text', async () => {
    const create = aCreate();
    await on.sql.query(
      `insert into tickets (title, description, status, name) values ('Printer', 'Second floor.', 'New', 'Ada')`,
    );
    expect(await on.store.create([create])).toMatchObject([{ state: 'created', ticket: { id: 1 } }]);
    expect(await on.store.create([{ ...create, name: 'Bo' }])).toEqual(conflict(1));
    expect(await on.store.create([create])).toEqual([{ state: 'known', id: 1 }]);
  });

  it('that was mended after a rejection is one for all but the text that became the ticket', async () => {
    const create = aCreate();
    await on.store.reject([
      { ...rejection(create.requestId, 0), digest: digestOf({ ...create, title: '' }) },
    ]);
    const id = idOf((await on.store.create([{ ...create, revision: 1 }]))[0]);
    expect(await on.store.create([{ ...create, title: 'Another' }])).toEqual(conflict(id));
    expect(await on.store.create([{ ...create, revision: 0 }])).toEqual([{ state: 'known', id }]);
  });

  it('is not rejected with what was rejected, which has no ticket: it becomes one', async () => {
    const bad = aCreate({ title: 'Unfit' });
    await on.store.reject([{ ...rejection(bad.requestId, 0), digest: digestOf(bad) }]);
    expect(await on.store.create([bad])).toMatchObject([{ state: 'rejected', reason: 'No good.' }]);
    const good = { ...bad, title: 'Fit' };
    expect(await on.store.create([good])).toMatchObject([{ state: 'created', ticket: { title: 'Fit' } }]);
    expect(await on.store.create([bad])).toMatchObject([{ state: 'conflict' }]);
  });

  it('that is rejected too has its own reason', async () => {
    const [bad, worse] = [aCreate(), aCreate({ title: 'Worse' })].map(digestOf);
    const requestId = uuidv7();
    await on.store.reject([{ ...rejection(requestId, 0, 'bad'), digest: bad }]);
    await on.store.reject([{ ...rejection(requestId, 0, 'worse'), digest: worse }]);
    expect(await on.store.createResults([requestId])).toMatchObject([{ reason: 'worse', digest: worse }]);
  });

  describe('of before, when digests were not kept,', () => {
    async function filedBefore() {
      const create = aCreate();
      const id = idOf((await on.store.create([create]))[0]) ?? 0;
      await on.sql.query('update create_results set digest = null');
      return { create, id, second: { ...create, title: 'Another' } };
    }

    it('is told by the ticket, as it stands or as it was deleted', async () => {
      const { create, id, second } = await filedBefore();
      for (const change of [
        () => on.store.update(id, { status: 'Completed' }),
        () => on.store.delete(id),
        () => on.store.restore(id),
      ]) {
        expect(await on.store.create([create])).toEqual([{ state: 'known', id }]);
        expect(await on.store.create([second])).toEqual(conflict(id));
        await change();
      }
      expect(await on.store.createResults([create.requestId])).toEqual([
        { state: 'stored', requestId: create.requestId, id, digest: digestOf(create) },
      ]);
    });

    it('is taken for a conflict, never for success, where nothing is left to tell', async () => {
      const { create, id } = await filedBefore();
      await on.store.delete(id);
      await on.sql.query('delete from deleted_tickets');
      expect(await on.store.create([create])).toEqual(conflict(id));
      expect(await on.count()).toBe(0);
      expect(await on.store.createResults([create.requestId])).toMatchObject([{ id, digest: undefined }]);
    });
  });
});
