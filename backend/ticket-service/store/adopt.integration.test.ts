/** The table of an older service, taken over where it is. */
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLogger, type Logger } from '../../logger.ts';
import { postgresOfFile } from '../../testing/postgres-of-file.ts';
import { openPool, queryAt } from '../../testing/test-database.ts';
import { silent } from '../testing/service.ts';
import { openPostgresStore, type PostgresStore } from './postgres-store.ts';

const postgres = postgresOfFile();
let fresh: string;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  fresh = await postgres.createDatabase();
  await (await openPostgresStore({ postgresUrl: fresh, logger: silent })).close();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const base = 'title text, description text, name text, status text';
const serial = `create table tickets (id serial primary key, ${base})`;
/** Every second one has the empty status that an older service stores, and ids have gaps. */
const fill = (rows: number) => `
  insert into tickets (title, description, name, status)
  select 'Ticket ' || n, 'As it is.', 'Ada', case n % 4 when 0 then 'Completed' when 1 then null else '' end
  from generate_series(1, ${rows}) n;
  delete from tickets where id % 10 = 0`;

async function databaseWith(sql: string): Promise<string> {
  const url = await postgres.createDatabase();
  await queryAt(url, sql);
  return url;
}

async function open(postgresUrl: string, logger: Logger = silent): Promise<PostgresStore> {
  const store = await openPostgresStore({ postgresUrl, logger });
  stops.push(() => store.close());
  return store;
}

/** All that a database is made of, but for what differs between an id that was made here and one that was found. */
async function shapeOf(url: string): Promise<string[]> {
  const rows = await queryAt<{ line: string }>(
    url,
    `select line from (
       select c.relname || '.' || attname || ' ' || case attname when 'id' then '' else format_type(atttypid, atttypmod)
         || coalesce(' default ' || pg_get_expr(adbin, adrelid), '') end || case when attnotnull then ' not null' else '' end as line
       from pg_attribute join pg_class c on c.oid = attrelid left join pg_attrdef on (adrelid, adnum) = (attrelid, attnum)
       where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped
       union all select replace(pg_get_indexdef(indexrelid), '(16)::bigint', '16') || case when indisvalid then '' else ' invalid' end
         from pg_index join pg_class c on c.oid = indrelid where c.relnamespace = 'public'::regnamespace
       union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
         where connamespace = 'public'::regnamespace and contype <> 'n'
       union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
       union all select proname || prosrc || coalesce(proconfig::text, '') from pg_proc join pg_language l on l.oid = prolang
         where pronamespace = 'public'::regnamespace and lanname = 'plpgsql'
       union all select version || ' ' || name from schema_migrations
     ) lines order by line`,
  );
  return rows.map(({ line }) => line);
}

const filed = (title: string, requestId: string) => ({
  title,
  description: 'As it is.',
  name: 'Ada',
  requestId,
  createdAt: new Date().toISOString(),
});

describe('a table of the base contract', () => {
  it.each([
    ['with a serial id', serial],
    ['as gorm makes it', `create table tickets (id bigserial, ${base}, primary key (id))`],
    [
      'with an identity',
      `create table tickets (id integer generated always as identity primary key, ${base})`,
    ],
    [
      'with columns that may not be null',
      `create table tickets (id serial primary key, title text not null, description text not null, status text not null default 'New', name text not null)`,
    ],
    [
      'with texts of a length',
      'create table tickets (id serial primary key, title varchar(80), description varchar, name varchar(80), status varchar(20))',
    ],
    [
      'with a sequence that is not its own',
      `create sequence numbers; create table tickets (id integer primary key default nextval('numbers'), ${base})`,
    ],
    [
      'with a sequence of another schema',
      `create schema others; create sequence others.numbers;
       create table tickets (id integer primary key default nextval('others.numbers'), ${base})`,
    ],
    [
      'with a sequence that ends, and goes round',
      `create sequence numbers as smallint maxvalue 40 cycle; create table tickets (id integer primary key default nextval('numbers'), ${base})`,
    ],
    [
      'with times of its own',
      `create table tickets (id bigserial primary key, created_at timestamptz, updated_at timestamptz, ${base})`,
    ],
  ])('%s is adopted with its tickets, ids and sequence', async (_name, create) => {
    const url = await databaseWith(`${create}; ${fill(40).replace('null', "''")}`);
    const before = await queryAt(url, 'select id, title, description, name from tickets order by id');
    const store = await open(url);
    expect(await shapeOf(url)).toEqual(await shapeOf(fresh));
    expect(await queryAt(url, 'select id, title, description, name from tickets order by id')).toEqual(
      before,
    );
    expect(await store.countByStatus()).toEqual(
      new Map([
        ['New', 28],
        ['Completed', 8],
      ]),
    );
    const [newest] = await store.list({});
    expect(newest).toMatchObject({ id: 39, status: 'New', version: 1, requestId: null });
    const [made] = await store.create([filed('Ticket 39', '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01')]);
    // Not 40, which was handed out and deleted; and of its own, though one of the same text was found.
    expect(made).toMatchObject({ state: 'created', ticket: { id: 41 } });
    expect(await store.update(3, { status: 'On Hold' }, { expectedVersion: 1 })).toMatchObject({
      state: 'updated',
      ticket: { version: 2 },
    });
    expect(await store.delete(3)).toEqual({ version: 3 });
    expect(await store.restore(3)).toMatchObject({ id: 3, status: 'On Hold', version: 4 });
    const { changes } = await store.changes.read({ xact: 0n, seq: 0n }, 100);
    expect(changes.map(({ id, kind }) => [id, kind])).toEqual([
      [41, 'CREATED'],
      [3, 'UPDATED'],
      [3, 'DELETED'],
      [3, 'CREATED'],
    ]);
  });

  it.each([
    ['elsewhere', ''],
    ['a formula', 'default (random() * 5)::integer'],
    ['a sequence that counts down', "default nextval('numbers')"],
  ])('whose numbers come from %s gets numbers that go on behind them', async (_name, numbers) => {
    const url = await databaseWith(
      `create sequence numbers increment by -1;
       create table tickets (id integer primary key ${numbers}, ${base}); insert into tickets values (7, 'a', 'b', 'c', '')`,
    );
    const [made] = await (await open(url)).create([filed('New', '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01')]);
    expect(made).toMatchObject({ ticket: { id: 8 } });
  });

  it('may be in a schema whose name is to be quoted', async () => {
    const url = await databaseWith(
      `create schema "My Shop"; create table "My Shop".tickets (id serial primary key, ${base});
       insert into "My Shop".tickets (title) values ('a')`,
    );
    await queryAt(url, `alter database ${new URL(url).pathname.slice(1)} set search_path = "My Shop"`);
    expect(await (await open(url)).list({})).toMatchObject([{ id: 1, title: 'a', status: 'New' }]);
  });

  it('may hold texts that are longer than any, of which the beginning is found', async () => {
    const url = await databaseWith(
      `${serial}; insert into tickets (title, description, name)
       select string_agg(md5(n::text), ' '), string_agg(md5(n::text), ' '), repeat('票', 100000) from generate_series(1, 100000) n`,
    );
    const store = await open(url);
    const [ticket] = await store.list({});
    expect(ticket?.description).toHaveLength(3_299_999);
    expect(await store.update(1, { status: 'Completed' }, {})).toMatchObject({ state: 'updated' });
  });

  it('keeps the times that it has', async () => {
    const url = await databaseWith(
      `create table tickets (id serial primary key, created_at timestamptz, ${base});
       insert into tickets (created_at, title, name) values ('2020-02-02T02:02:02Z', 'a', 'b'), (null, 'c', 'd')`,
    );
    const [unknown, known] = await (await open(url)).list({});
    expect(known).toMatchObject({ title: 'a', description: '', createdAt: '2020-02-02T02:02:02.000000Z' });
    expect(Date.parse(unknown?.createdAt ?? '')).toBeGreaterThan(Date.now() - 600_000);
  });

  it('is adopted once, however many services start at the same time', async () => {
    const url = await databaseWith(`${serial}; ${fill(1_000)}`);
    await Promise.all([open(url), open(url), open(url)]);
    expect(await shapeOf(url)).toEqual(await shapeOf(fresh));
  });

  it('is adopted in spite of a time limit, and beside a service that goes on writing', async () => {
    const url = await databaseWith(`${serial}; ${fill(40_000)}`);
    await queryAt(url, `alter database ${new URL(url).pathname.slice(1)} set statement_timeout = '100ms'`);
    const older = new pg.Client({ connectionString: url, statement_timeout: 5_000 });
    await older.connect();
    let done = false;
    const writing = (async () => {
      let count = 0;
      for (; !done; count += 1) {
        await older.query(
          `insert into tickets (title, description, name, status) values ('beside', '', 'Ada', '')`,
        );
        await older.query(`update tickets set status = 'On Hold' where id = $1`, [1 + count]);
      }
      return count;
    })();
    const store = await open(url);
    done = true;
    const count = await writing;
    await older.end();
    expect(count).toBeGreaterThan(0);
    const counts = [...(await store.countByStatus()).values()];
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(36_000 + count);
    expect(await shapeOf(url)).toEqual(await shapeOf(fresh));
  });

  it('is adopted in the end when the service is killed at each step', async () => {
    const url = await databaseWith(`${serial}; ${fill(20_000)}`);
    const killer = openPool({ connectionString: url, max: 1 });
    stops.push(() => killer.end());
    const reached = new Set<string>();
    let process = new AbortController();
    let killing: Promise<unknown> = Promise.resolve();
    const logger = createLogger({
      name: 'test',
      level: 'debug',
      destination: {
        write(line) {
          const { msg, index = '', throughId = '', migration = '' } = JSON.parse(line);
          const step = [msg, index, throughId, migration].join(' ');
          if (reached.has(step)) return;
          reached.add(step);
          killing = killer.query(
            'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
          );
          process.abort();
        },
      },
    });
    let store: PostgresStore | undefined;
    while (!store) {
      // It is for the one before, and would be told to the next.
      await killing;
      process = new AbortController();
      store = await openPostgresStore({ postgresUrl: url, logger, signal: process.signal }).catch(
        (thrown) => {
          if (!process.signal.aborted) throw thrown;
          return undefined;
        },
      );
    }
    stops.push(store.close);
    expect(reached.size).toBeGreaterThan(12);
    expect(await shapeOf(url)).toEqual(await shapeOf(fresh));
    expect(await store.countByStatus()).toEqual(
      new Map([
        ['New', 14_000],
        ['Completed', 4_000],
      ]),
    );
  });
});

describe('an older service on the same tables', () => {
  /** As it starts there, and stores. */
  const older = `
    alter table tickets alter column status drop not null;
    insert into tickets (title, description, name, status) values ('a', '', 'Ada', ''), ('b', null, 'Ada', null)`;

  it('may store an empty status, which is New wherever it is read', async () => {
    const url = await postgres.createDatabase();
    const store = await open(url);
    await queryAt(url, older);
    expect(await store.list({ statuses: ['New'] })).toMatchObject([
      { title: 'b', description: '' },
      { title: 'a' },
    ]);
    expect(await store.countByStatus()).toEqual(new Map([['New', 2]]));
    await store.update(1, { status: 'Completed' });
    await queryAt(url, `update tickets set status = '' where id = 1`);
    expect(await store.find(1)).toMatchObject({ status: 'New', version: 3 });
    const { changes } = await store.changes.read({ xact: 0n, seq: 0n }, 100);
    expect(changes.map(({ ticket }) => ticket?.status)).toEqual(['New', 'New', 'New', 'New']);
  });

  it('may have stored it before there was anything against it', async () => {
    const url = await postgres.createDatabase();
    await (await openPostgresStore({ postgresUrl: url, logger: silent })).close();
    await queryAt(
      url,
      `alter table tickets disable trigger tickets_settle; ${older.replace('null, ', "'', ")}; alter table tickets enable trigger tickets_settle`,
    );
    const store = await open(url);
    expect(await store.countByStatus()).toEqual(new Map([['New', 2]]));
    expect(await shapeOf(url)).toEqual(await shapeOf(fresh));
    const { changes } = await store.changes.read({ xact: 0n, seq: 0n }, 100);
    expect(changes.map(({ kind }) => kind)).toEqual(['CREATED', 'CREATED', 'UPDATED', 'UPDATED']);
  });
});

it('loads what pg_dump --data-only writes, which knows no schema but those it names', async () => {
  const url = await postgres.createDatabase();
  const store = await open(url);
  await queryAt(
    url,
    `
    select pg_catalog.set_config('search_path', '', false);
    insert into public.tickets (id, title, description, name, status) values (5, 'a', 'b', 'c', ''), (9, 'd', 'e', 'f', null);
    update public.tickets set status = 'Completed' where id = 9;
    select pg_catalog.setval('public.tickets_id_seq', 9, true)`,
  );
  expect(await store.list({})).toMatchObject([
    { id: 9, status: 'Completed', version: 2 },
    { id: 5, status: 'New' },
  ]);
  const unaware = await queryAt(
    url,
    `select proname from pg_proc join pg_language l on l.oid = prolang
    where pronamespace = 'public'::regnamespace and lanname = 'plpgsql' and proconfig is null`,
  );
  expect(unaware).toEqual([]);
});
