/** Opening a store: migrations, waiting, refusing. */
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../logger.ts';
import { startTestPostgres } from '../../testing/postgres.ts';
import { postgresOfFile } from '../../testing/postgres-of-file.ts';
import { startRelay } from '../../testing/relay.ts';
import { silent } from '../testing/service.ts';
import { connectForUpkeep } from './database.ts';
import { migrations } from './generated/migrations.ts';
import { openPostgresStore } from './postgres-store.ts';

const postgres = postgresOfFile();

async function query(postgresUrl: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(postgresUrl);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

it('migrates once, however many services start at the same time', async () => {
  const postgresUrl = await postgres.createDatabase();
  const stores = await Promise.all(
    Array.from({ length: 4 }, () => openPostgresStore({ postgresUrl, logger: silent })),
  );
  expect(await query(postgresUrl, 'select name from schema_migrations order by version')).toEqual(
    migrations.map(({ name }) => ({ name })),
  );
  for (const store of stores) await store.close();
});

it('makes the table of tickets with the columns that others read', async () => {
  const postgresUrl = await postgres.createDatabase();
  await (await openPostgresStore({ postgresUrl, logger: silent })).close();
  const columns = await query(
    postgresUrl,
    `select column_name || ' ' || data_type || case is_nullable when 'YES' then '' else ' not null' end as "column"
     from information_schema.columns where table_name = 'tickets' order by ordinal_position`,
  );
  expect(columns.map((row) => (row as { column: string }).column)).toEqual([
    'id integer not null',
    'title text not null',
    'description text not null',
    'status text not null',
    'name text not null',
    'request_id uuid',
    'version integer not null',
    'created_at timestamp with time zone not null',
    'updated_at timestamp with time zone not null',
    'priority text not null',
    'changed_by text',
    'tags ARRAY not null',
    'due_at timestamp with time zone',
    'assignee_id text',
    'search tsvector',
  ]);
});

it('refuses a database of a newer format, and leaves it as it is', async () => {
  const postgresUrl = await postgres.createDatabase();
  await query(
    postgresUrl,
    `create table schema_migrations (version integer primary key, name text not null, applied_at timestamptz not null default now());
     insert into schema_migrations values (99, 'of a time to come')`,
  );
  await expect(openPostgresStore({ postgresUrl, logger: silent })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    message: expect.stringContaining('its format is 99'),
  });
  expect(await query(postgresUrl, `select 1 from pg_tables where tablename = 'tickets'`)).toEqual([]);
});

it('refuses a wrong password at once, and names the setting', async () => {
  const url = new URL(await postgres.createDatabase());
  url.password = 'wrong';
  await expect(openPostgresStore({ postgresUrl: url.href, logger: silent })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'POSTGRES_URL',
  });
});

it('waits for a Postgres that does not answer yet, until it is told to stop, and logs that once', async () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const stopping = new AbortController();
  let looks = 0;
  const opening = openPostgresStore({
    postgresUrl: 'postgresql://desk:x@localhost/postgres?host=/nowhere/at/all',
    logger: createLogger({ name: 'test', level: 'info', destination }),
    signal: stopping.signal,
    onWaiting() {
      looks += 1;
      if (looks === 3) stopping.abort(new Error('told to stop'));
    },
  });
  await expect(opening).rejects.toThrow();
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['waiting for Postgres']);
});

it('ends the connection of an upkeep whose Postgres has gone silent, with nothing or with a statement under way', async () => {
  const overTcp = await startTestPostgres({ overTcp: true });
  onTestFinished(() => overTcp.stop());
  const url = new URL(await overTcp.createDatabase());
  const relay = await startRelay({ to: url.host });
  onTestFinished(() => relay.close());
  url.host = relay.address;
  const [idle, busy] = [await connectForUpkeep(url.href), await connectForUpkeep(url.href)];
  await relay.cut('silent');
  const asked = busy.query('select');
  asked.catch(() => undefined);
  await idle.end();
  await busy.end();
  await expect(asked).rejects.toThrow();
});
