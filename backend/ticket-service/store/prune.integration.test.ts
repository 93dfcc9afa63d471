/** Forgetting on a real Postgres: however much there is, in whatever time it takes. */
import { uuidv7 } from 'uuidv7';
import { expect, it } from 'vitest';
import { withTwoStores } from '../../testing/two-stores.ts';
import { silent } from '../testing/service.ts';
import { startUpkeep } from '../upkeep.ts';

const rows = 12_000;
const { signal } = new AbortController();

const on = withTwoStores();

/** All in one transaction, as an import is. */
async function makeOldChanges(): Promise<void> {
  await on.sql.query(`insert into ticket_changes (ticket_id, kind, version, at)
    select n, 'UPDATED', 2, now() - interval '8 days' from generate_series(1, ${rows}) n`);
}
async function makeOldDeletions(): Promise<void> {
  await on.sql.query(`insert into deleted_tickets
      (id, title, description, status, name, version, created_at, deleted_at)
    select n, 'T', '', 'New', 'A', 2, now(), now() - interval '31 days' from generate_series(1, ${rows}) n`);
}
async function makeOldRejection(): Promise<void> {
  const rejection = {
    requestId: uuidv7(),
    revision: 0,
    reason: 'No.',
    field: 'title',
    body: Buffer.from('{}'),
  };
  await on.store.reject([rejection]);
  await on.sql.query(`update rejected_creates set at = now() - interval '91 days'`);
}
const left = async (table: string) =>
  (await on.sql.query(`select count(*)::integer as n from ${table}`)).rows[0].n as number;

/** Does this in each statement that forgets, which finds how many rows it takes in `taken`. */
async function inEachBatch(table: string, statements: string): Promise<void> {
  await on.sql.query(`create table if not exists batches (rows integer)`);
  await on.sql.query(`
    create function batch() returns trigger language plpgsql as $$
    declare taken integer := (select count(*) from gone);
    begin
      ${statements}
      insert into batches values (taken);
      return null;
    end $$;
    create trigger batch after delete on ${table}
      referencing old table as gone for each statement execute function batch()`);
}

it('goes in batches, each free of the time limits of requests', async () => {
  await makeOldChanges();
  await inEachBatch('ticket_changes', 'perform pg_sleep(0.3);');
  await on.sql.query(`do $$ begin
    execute format('alter database %I set statement_timeout = 100', current_database());
  end $$`);
  await on.store.prune(signal);
  expect(await left('ticket_changes')).toBe(0);
  const batches = (await on.sql.query('select rows from batches')).rows.map(
    ({ rows: taken }) => taken as number,
  );
  expect(Math.max(...batches)).toBeLessThanOrEqual(5_000);
  expect(batches.reduce((sum, taken) => sum + taken, 0)).toBe(rows);
});

it('of one kind is kept from nothing by the failure of another, which is told', async () => {
  await Promise.all([makeOldChanges(), makeOldDeletions(), makeOldRejection()]);
  await inEachBatch('ticket_changes', `raise exception 'no';`);
  await expect(on.store.prune(signal)).rejects.toThrow('could not forget old changes');
  expect(await left('ticket_changes')).toBe(rows);
  expect(await left('deleted_tickets')).toBe(0);
  expect(await left('rejected_creates')).toBe(0);
});

it('of changes in part tells a reader who was in the midst of them', async () => {
  const before = await on.store.changes.now();
  await makeOldChanges();
  const { changes } = await on.store.changes.read(before, 3);
  await inEachBatch('ticket_changes', `if exists (select from batches) then raise exception 'no'; end if;`);
  await expect(on.store.prune(signal)).rejects.toThrow();
  expect(await left('ticket_changes')).toBe(rows - 5_000);
  const position = changes.at(-1)?.position;
  if (!position) throw new Error('nothing was read');
  expect(await on.store.changes.read(position, 3)).toMatchObject({ lost: true });
});

it('takes history and comments along with a ticket that can not be restored any more, and with no other', async () => {
  const titles = ['kept', 'deleted lately', 'deleted', 'deleted by an older service'];
  const outcomes = await on.store.create(
    titles.map((title) => ({
      ...{ title, description: '', name: 'A', priority: 'Normal' as const },
      ...{ requestId: uuidv7(), createdAt: new Date().toISOString() },
    })),
  );
  const ids = outcomes.map((outcome) => (outcome.state === 'created' ? outcome.ticket.id : 0));
  const by = { id: 'ada', name: 'Ada' };
  for (const ticketId of ids) {
    const requestId = uuidv7();
    await on.store.comments.add({ ticketId, requestId, kind: 'NOTE', body: 'Toner', by, createdAt: null });
    await on.store.update(ticketId, { status: 'On Hold' }, { requestId: uuidv7() });
  }
  const [kept, lately, deleted, byOther] = ids as [number, number, number, number];
  await on.sql.query('insert into former_numbers (ticket_id, number) select id, 1000 + id from tickets');
  // Deleted and restored long ago, so nothing is to be forgotten of it.
  await on.store.delete(kept);
  await on.store.restore(kept);
  await on.store.delete(deleted);
  await on.sql.query('delete from tickets where id = $1', [byOther]);
  await on.sql.query(`alter table ticket_history disable trigger ticket_history_stays;
    update ticket_history set at = at - interval '31 days';
    update deleted_tickets set deleted_at = deleted_at - interval '31 days';
    alter table ticket_history enable trigger ticket_history_stays`);
  await on.store.delete(lately);
  await on.store.prune(signal);
  for (const table of ['ticket_history', 'comments', 'change_requests', 'former_numbers']) {
    const { rows: still } = await on.sql.query(`select distinct ticket_id from ${table} order by 1`);
    expect([table, still.map(({ ticket_id }) => ticket_id)]).toEqual([table, [kept, lately]]);
  }
});

it('is shared by two services at once', async () => {
  await Promise.all([makeOldChanges(), makeOldDeletions()]);
  await Promise.all([on.store.prune(signal), on.other.prune(signal)]);
  expect(await left('ticket_changes')).toBe(0);
  expect(await left('deleted_tickets')).toBe(0);
});

it('holds up no stop', async () => {
  await makeOldChanges();
  await inEachBatch('ticket_changes', 'perform pg_sleep(60);');
  const stop = startUpkeep(on.store, silent);
  const running = `select from pg_stat_activity where query like '%ticket_changes%' and wait_event = 'PgSleep'`;
  await expect.poll(async () => (await on.sql.query(running)).rowCount, { timeout: 20_000 }).toBe(1);
  await stop();
});

it('keeps for a month by which requests that changed tickets are known', async () => {
  await on.sql.query(`insert into ticket_requests (request_id, at, asked, wrote, tickets, versions, failures)
    select gen_random_uuid(), now() - days * interval '1 day', '{}', '{status}', '{1}', '{2}', '[]'
    from unnest(array[0, 29, 31, 400]) days`);
  await on.store.prune(signal);
  expect(await left('ticket_requests')).toBe(2);
});
