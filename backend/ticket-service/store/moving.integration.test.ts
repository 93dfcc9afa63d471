/** docs/moving.md, command by command, by the clients of Postgres in the image of its server. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GenericContainer, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTeamPostgres } from '../../testing/postgres.ts';
import { images, wayOf } from '../../testing/service-choice.ts';
import { queryAt, type TestPostgres } from '../../testing/test-database.ts';
import { silent } from '../testing/service.ts';
import { openPostgresStore } from './postgres-store.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../../docs/moving.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text);
const hasContainers = (await wayOf('postgres')).kind === 'container';

let postgres: TestPostgres;
let clients: StartedTestContainer;
beforeAll(async () => {
  if (!hasContainers) return;
  postgres = await startTeamPostgres();
  clients = await new GenericContainer(images.postgres)
    .withNetworkMode('host')
    .withAutoCleanup(false)
    .withCommand(['sleep', 'infinity'])
    .start();
});
afterAll(async () => {
  await clients?.stop();
  await postgres?.stop();
});

/** The block that has these words. @returns what it printed */
async function run(words: string, databases: { old: string; new?: string }): Promise<string> {
  const [block, ...others] = blocks.filter((text) => text.includes(words));
  expect([words, others]).toEqual([words, []]);
  const { exitCode, output } = await clients.exec(['bash', '-euo', 'pipefail', '-c', `cd /tmp\n${block}`], {
    env: { OLD: databases.old, NEW: databases.new ?? '' },
  });
  expect(exitCode, output).toBe(0);
  done.add(block ?? '');
  return output;
}
const done = new Set<string>();

async function older(): Promise<string> {
  const url = await postgres.createDatabase();
  await queryAt(
    url,
    `create table tickets (id serial primary key, title text, description text, name text, status text);
     insert into tickets (title, description, name, status)
     select 'Ticket ' || n, e'Two\\nlines, \\\\ and \\t', 'Ada', (array['', 'Completed', null])[1 + n % 3]
     from generate_series(1, 30) n;
     delete from tickets where id in (7, 30)`,
  );
  return url;
}

async function start(postgresUrl: string): Promise<void> {
  await (await openPostgresStore({ postgresUrl, logger: silent })).close();
}
async function fresh(): Promise<string> {
  const url = await postgres.createDatabase();
  await start(url);
  return url;
}

const rows = (url: string, status = 'status') =>
  queryAt(url, `select id, title, description, name, ${status} as status from tickets order by id`);
const settled = "coalesce(nullif(status, ''), 'New')";

/** Of the same words as one that is there. */
async function fileAgain(postgresUrl: string): Promise<unknown> {
  const store = await openPostgresStore({ postgresUrl, logger: silent });
  const [ticket] = await store.list({});
  const requestId = '0198c5a7-3b1e-7c4d-8a2f-5e6d7c8b9a01';
  const outcome = await store.create([
    { title: '', description: '', name: '', ...ticket, requestId, createdAt: new Date().toISOString() },
  ]);
  await store.close();
  return outcome;
}

it.skipIf(!hasContainers)('moves to the same tables, and back to what they were', async () => {
  const old = await older();
  await queryAt(old, `update tickets set status = 'open' where id = 1`);
  expect(await run('\\d tickets', { old })).toContain('open');
  await run("where status = 'open'", { old });
  const before = await rows(old, settled);
  const things = `select relname, attname from pg_class join pg_attribute on attrelid = pg_class.oid
    where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped order by 1, 2`;
  const found = await queryAt(old, things);
  await start(old);
  expect(await rows(old)).toEqual(before);
  await run('drop trigger', { old });
  expect(await queryAt(old, things)).toEqual(found);
  expect(
    await queryAt(
      old,
      `select proname from pg_proc join pg_language l on l.oid = prolang
    where pronamespace = 'public'::regnamespace and lanname in ('sql', 'plpgsql')`,
    ),
  ).toEqual([]);
  expect(await rows(old)).toEqual(before);
  // And once more.
  await start(old);
  expect(await fileAgain(old)).toMatchObject([{ state: 'created', ticket: { id: 31 } }]);
});

it
  .skipIf(!hasContainers)
  .each(['--data-only', 'from tickets order by id) to \'tickets.copy\'"\npsql "$NEW" --quiet'])(
  'moves to another database by %s',
  async (words) => {
    const [old, target] = [await older(), await fresh()];
    await run(words, { old, new: target });
    expect(await rows(target)).toEqual(await rows(old, settled));
    const compared = await run('group by 1 order by 1', { old, new: target });
    expect(compared.match(/Completed\s*\|\s*(\d+)/g)).toHaveLength(2);
    expect(await fileAgain(target)).toMatchObject([{ state: 'created', ticket: { id: expect.any(Number) } }]);
    await run('delete from tickets', { old, new: target });
    expect(await rows(old)).toEqual(await rows(target));
    await queryAt(old, `insert into tickets (title) values ('goes on')`);
  },
);

it.skipIf(!hasContainers)('has no command that was not tried', () => {
  expect(blocks.filter((block) => !done.has(block))).toEqual([]);
});
