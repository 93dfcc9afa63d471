/** Tickets of an older service, which stores no request: each becomes that of one create of its text. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NewTicket } from '../../domain/ticket.ts';
import { aCreate, idOf, withTwoStores } from '../../testing/two-stores.ts';
import { silent } from '../testing/service.ts';
import { createTickets } from './creates.ts';
import { type Database, openDatabase } from './database.ts';

const on = withTwoStores();

describe('a ticket that an older service made, without its request', () => {
  const text = { title: 'Printer', description: 'Second floor.', name: 'Ada' };
  /** @param at when, as SQL */
  async function byOlder({ title, description, name } = text, at = 'now()'): Promise<number> {
    const { rows } = await on.sql.query(
      `insert into tickets (title, description, status, name, created_at) values ($1, $2, 'New', $3, ${at}) returning id`,
      [title, description, name],
    );
    return rows[0].id;
  }

  it('is claimed by the create of its text, which makes no second one', async () => {
    const id = await byOlder();
    const from = await on.store.changes.now();
    const create = aCreate(text);
    const [outcome] = await on.store.create([create]);
    expect(outcome).toMatchObject({
      state: 'created',
      ticket: { id, requestId: create.requestId, version: 2 },
    });
    expect(await on.count()).toBe(1);
    expect(await on.store.createResults([create.requestId])).toMatchObject([{ state: 'stored', id }]);
    expect(await on.store.create([create])).toEqual([{ state: 'known', id }]);
    const { changes } = await on.store.changes.read(from, 10);
    expect(changes).toMatchObject([{ kind: 'UPDATED', id, ticket: { requestId: create.requestId } }]);
  });

  it('is claimed by its create as well when somebody has worked on it since, and stays as it is', async () => {
    const id = await byOlder();
    for (const description of ['Third floor.', 'Fourth floor.']) await on.store.update(id, { description });
    const changed = { description: 'Fourth floor.', name: 'Bo', status: 'On Hold' };
    await on.store.update(id, { name: 'Bo', status: 'On Hold' });
    expect(await on.store.create([aCreate(text)])).toMatchObject([
      { state: 'created', ticket: { id, ...changed } },
    ]);
    expect(await on.count()).toBe(1);
  });

  const filed = { ...text, tags: ['filed'], priority: 'Low' as const, dueAt: '2031-01-01T00:00:00.000000Z' };
  const set = { tags: ['set'], priority: 'High' as const };

  it('gets what the older service left out, beside what somebody has set since', async () => {
    const id = await byOlder();
    await on.store.update(id, set);
    const expected = { id, tags: ['filed', 'set'], priority: 'High', dueAt: filed.dueAt };
    expect(await on.store.create([aCreate(filed)])).toMatchObject([{ state: 'created', ticket: expected }]);
    const untouched = await byOlder();
    expect(await on.store.create([aCreate(filed)])).toMatchObject([
      { state: 'created', ticket: { id: untouched, tags: ['filed'], priority: 'Low', dueAt: filed.dueAt } },
    ]);
  });

  it('gets the same when it was deleted since, and comes back with what its history says', async () => {
    const id = await byOlder();
    await on.store.update(id, set);
    await on.store.delete(id);
    await on.store.create([aCreate({ ...text, tags: [], priority: 'Normal' })]);
    expect(await on.store.restore(id)).toMatchObject({ id, ...set });
  });

  it('is claimed by its create as well when it was deleted since, and comes back as the only one', async () => {
    const id = await byOlder();
    await on.store.delete(id);
    const create = aCreate(text);
    expect(await on.store.create([create])).toEqual([{ state: 'known', id }]);
    expect(await on.count()).toBe(0);
    expect(await on.store.restore(id)).toMatchObject({ id, requestId: create.requestId });
    expect(await on.store.create([create, aCreate(text)])).toMatchObject([
      { state: 'known', id },
      { state: 'created' },
    ]);
    expect(await on.count()).toBe(2);
  });

  it('is claimed by its create as well when the clock went ahead that the create was filed by', async () => {
    const id = await byOlder();
    const createdAt = new Date(Date.now() + 26 * 3_600_000).toISOString();
    expect(await on.store.create([aCreate({ ...text, createdAt })])).toMatchObject([
      { state: 'created', ticket: { id } },
    ]);
    expect(await on.count()).toBe(1);
  });

  it.each([
    [5, 3],
    [3, 5],
    [4, 4],
  ])('is claimed by one create: %i of a text beside %i tickets of it', async (creates, tickets) => {
    for (let at = 0; at < tickets; at += 1) await byOlder();
    const outcomes = await on.store.create(Array.from({ length: creates }, () => aCreate(text)));
    expect(new Set(outcomes.map(idOf)).size).toBe(creates);
    expect(await on.count()).toBe(Math.max(creates, tickets));
  });

  it('is claimed once by services that store at the same time, 50 times', async () => {
    for (let round = 1; round <= 50; round += 1) {
      const mine = { ...text, title: `Round ${round}` };
      await byOlder(mine);
      await byOlder(mine);
      const [here, there] = await Promise.all([
        on.store.create([aCreate(mine), aCreate(mine)]),
        on.other.create([aCreate(mine), aCreate(mine)]),
      ]);
      expect(new Set([...here, ...there].map(idOf)).size).toBe(4);
      expect(await on.count()).toBe(round * 4);
    }
  });

  it('is claimed by none of another text, and by none filed after it', async () => {
    await byOlder();
    await byOlder({ ...text, title: 'Late' }, `now() - interval '1 hour'`);
    await on.store.create([
      aCreate({ ...text, title: 'Printers' }),
      aCreate({ ...text, description: 'Third floor.' }),
      aCreate({ ...text, name: 'Bob' }),
      aCreate({ ...text, title: 'Late', createdAt: new Date().toISOString() }),
    ]);
    expect(await on.count()).toBe(6);
  });

  it('is looked for only where one was stored since the create was filed, from the first such ticket on', async () => {
    const statements: string[] = [];
    const real = openDatabase({ postgresUrl: on.postgresUrl, logger: silent });
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
    expect((await on.store.create([aCreate({ ...text, createdAt })])).map(idOf)).toEqual([id]);
  });
});
