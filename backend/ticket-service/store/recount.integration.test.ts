/** Counts that follow the changes, on a real Postgres: without a search, and never other than a count would be. */
import pg from 'pg';
import { expect, it } from 'vitest';
import { limits } from '../../../proto/checks.ts';
import { once } from '../../../proto/once.ts';
import { counted } from '../../domain/search.ts';
import { recordStatements } from '../../testing/recorded-statements.ts';
import { queryAt } from '../../testing/test-database.ts';
import { withTwoStores } from '../../testing/two-stores.ts';
import { openCounts } from './counts.ts';
import type { Database } from './database.ts';
import type { TicketSelection } from './ticket-store.ts';

const on = withTwoStores();

const printers: TicketSelection = { terms: [{ kind: 'word', word: 'printer', in: 'all', isNot: false }] };
const more = { count: limits.maxCount, exact: false };
const exactly = (count: number) => ({ count, exact: true });

function file(title: string, tickets: number): Promise<unknown> {
  return on.sql.query(`insert into tickets (title, description, status, name, version, created_at, updated_at)
    select '${title}', '', 'New', 'A', 1, now(), now() from generate_series(1, ${tickets})`);
}
/** The oldest of them. */
const printersOf = (tickets: number) =>
  `(select id from tickets where title = 'Printer' order by id limit ${tickets})`;
const remove = (tickets: number) => on.sql.query(`delete from tickets where id in ${printersOf(tickets)}`);
const rename = (tickets: number) =>
  on.sql.query(`update tickets set title = 'Scanner' where id in ${printersOf(tickets)}`);

const forget = () =>
  on.sql.query(`with gone as (delete from ticket_changes returning xact)
    update ticket_feed set pruned_through = (select max(xact::text::bigint)::text::xid8 from gone)`);

/** As it is told of all of them, and of those that are new. */
async function counts() {
  const each = await on.store.countEachStatus(printers);
  return [await on.store.count(printers), counted(each.get('New') ?? 0)];
}
const both = (count: unknown) => [count, count];

it('follows what comes and goes without a search', async () => {
  await file('Printer', 20);
  await file('Keyboard', 20);
  expect(await counts()).toEqual(both(exactly(20)));
  await rename(3);
  await remove(2);
  await file('Printer', 4);
  await on.sql.query(`update tickets set title = 'Printer' where title = 'Keyboard'`);
  let now: unknown;
  const statements = await recordStatements(async () => {
    now = await counts();
  });
  expect(now).toEqual(both(exactly(39)));
  expect(statements.filter(({ text }) => !text.includes('ticket_changes'))).toEqual([]);
  await on.sql.query(`update tickets set status = 'Completed' where title = 'Printer'`);
  expect(await counts()).toEqual([exactly(39), exactly(0)]);
});

it('stays beyond what is told as long as it is', async () => {
  await file('Printer', limits.maxCount + 300);
  expect(await counts()).toEqual(both(more));
  for (const [removed, told] of [
    [200, more],
    [99, more],
    [1, exactly(limits.maxCount)],
    [1, exactly(limits.maxCount - 1)],
  ] as const) {
    await remove(removed);
    expect(await counts()).toEqual(both(told));
  }
});

it('counts anew where much has changed at once', async () => {
  await file('Printer', limits.maxCount + 1);
  expect(await counts()).toEqual(both(more));
  await rename(600);
  expect(await counts()).toEqual(both(exactly(limits.maxCount - 599)));
});

it('takes into account what was under way when it counted', async () => {
  await file('Printer', 20);
  await on.sql.query('begin');
  await remove(5);
  // It began later and has ended.
  await queryAt(on.postgresUrl, 'create table later ()');
  expect(await counts()).toEqual(both(exactly(20)));
  await on.sql.query('commit');
  expect(await counts()).toEqual(both(exactly(15)));
});

it('ends as a count does after transactions that overlap, asked for all the while', async () => {
  const writers = 4;
  await file('Printer', 100);
  let left = writers;
  /** Of tickets that no other writer has, in transactions of several statements, of which some come to nothing. */
  const write = async (writer: number) => {
    const client = new pg.Client(on.postgresUrl);
    await client.connect();
    for (let turn = 0; turn < 40; turn++) {
      await client.query('begin');
      for (let step = 0; step < 3; step++) {
        const title = (turn + step + writer) % 3 === 0 ? 'Printer' : 'Scanner';
        const id = 1 + writer + writers * ((turn * 7 + step * 5) % 25);
        await client.query('update tickets set title = $1 where id = $2', [title, id]);
      }
      await client.query(turn % 5 === 0 ? 'rollback' : 'commit');
    }
    await client.end();
    left -= 1;
  };
  const writing = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  while (left > 0) await counts();
  await writing;
  const { rows } = await on.sql.query(
    `select count(*)::integer as printers from tickets where title = 'Printer'`,
  );
  expect(await counts()).toEqual(both(exactly(rows[0].printers)));
});

it('counts anew where a restore has replaced the tickets', async () => {
  await file('Printer', 20);
  await counts();
  await on.sql.query(`begin; set local session_replication_role = replica;
    delete from tickets where id in ${printersOf(5)}; update ticket_feed set feed_id = gen_random_uuid(); commit`);
  expect(await counts()).toEqual(both(exactly(15)));
});

it('counts anew where a dump was restored behind it, of the same feed', async () => {
  await file('Printer', 20);
  await counts();
  await on.sql.query(`begin; set local session_replication_role = replica;
    delete from tickets where id in ${printersOf(5)};
    create temporary table dumped as table ticket_feed; truncate ticket_feed; insert into ticket_feed table dumped; commit`);
  expect(await counts()).toEqual(both(exactly(15)));
});

it('counts anew where changes were forgotten since', async () => {
  await file('Printer', 20);
  await counts();
  await remove(5);
  await forget();
  expect(await counts()).toEqual(both(exactly(15)));
});

/** Runs one statement after the other, and does something before those that `isMeant` chooses. */
function queryAfter(
  isMeant: (text: string, values: readonly unknown[]) => boolean,
  act: () => Promise<unknown>,
) {
  let turn: Promise<unknown> = Promise.resolve();
  const query: Database['query'] = <Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ) => {
    const answer = turn.then(async () => {
      if (isMeant(text, values)) await act();
      return (await on.sql.query<Row>(text, [...values])).rows;
    });
    turn = answer;
    return answer;
  };
  return { query } as Database;
}

it('counts anew where changes are forgotten while it follows them', async () => {
  let atTheLook = async () => {};
  const database = queryAfter(
    (text) => text.includes('left join lateral'),
    () => atTheLook(),
  );
  const { count } = openCounts(database);
  await file('Printer', 5);
  expect(await count(printers)).toEqual(exactly(5));
  await file('Printer', 5);
  atTheLook = async () => void (await forget());
  expect(await count(printers)).toEqual(exactly(10));
});

it('counts a ticket once that changes its status while they are counted', async () => {
  await file('Printer', 5);
  const move = once(() => on.sql.query(`update tickets set status = 'On Hold' where title = 'Printer'`));
  // The look for those that are new is under way by then.
  const database = queryAfter(
    (text, values) => text.includes('from tickets') && values.flat().includes('On Hold'),
    move,
  );
  const counts = await openCounts(database).countEachStatus(printers);
  expect(Object.fromEntries(counts)).toEqual({ New: 0, 'In Progress': 0, 'On Hold': 5, Completed: 0 });
});
