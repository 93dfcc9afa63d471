/** Watching over real gRPC on a real Postgres. */
import pg from 'pg';
import { beforeEach, expect, it, vi } from 'vitest';
import { memoryCache } from '../../adapters/cache-memory.ts';
import { postgresOfFile } from '../../testing/postgres-of-file.ts';
import { openPostgresStore } from '../store/postgres-store.ts';
import { silent, startTestService, type TestService, type TestWatch } from '../testing/service.ts';

const postgres = postgresOfFile();
let postgresUrl: string;
let desk: TestService;
let sql: pg.Client;

beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
  desk = await startTestService({ postgresUrl });
  sql = await openSql();
  return async () => {
    await sql.end().catch(() => {});
    await desk.stop();
  };
});

async function openSql(): Promise<pg.Client> {
  const client = new pg.Client(postgresUrl);
  client.on('error', () => {});
  await client.connect();
  return client;
}

const fields = { title: 'Old', description: '', name: 'Ada' };
const rename = (id: number, title: string) => desk.call('UpdateTicket', { id, title });

/** The titles of the next changes, or their kinds where there is no ticket. */
async function take(watch: TestWatch, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) {
    const { kind, ticket } = await watch.next();
    taken.push(ticket?.title ?? kind);
  }
  return taken;
}

it('begins with a heartbeat, then tells of every change with the ticket as it is', async () => {
  const watch = desk.watch();
  expect(await watch.nextOfAll()).toMatchObject({ kind: 'HEARTBEAT', ticket: null });
  const { id } = await desk.call('CreateTicket', fields);
  const created = await watch.next();
  expect(created).toMatchObject({ kind: 'CREATED', id, ticket: { ...fields, id, version: 1 } });
  await rename(id, 'New');
  expect(await watch.next()).toMatchObject({ kind: 'UPDATED', id, ticket: { title: 'New', version: 2 } });
  await desk.call('DeleteTicket', { id });
  expect(await watch.next()).toMatchObject({ kind: 'DELETED', id, ticket: null });
  await desk.call('RestoreTicket', { id });
  expect(await watch.next()).toMatchObject({ kind: 'CREATED', id, ticket: { title: 'New', version: 4 } });
});

it('tells a watcher of one service what was written through another', async () => {
  const other = await startTestService({ postgresUrl });
  const watch = other.watch();
  await watch.nextOfAll();
  const startedAt = performance.now();
  await desk.call('CreateTicket', fields);
  expect(await take(watch, 1)).toEqual(['Old']);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  await other.stop();
});

it('skips no transaction that commits after a later one', async () => {
  const watch = desk.watch();
  const early = (await desk.call('CreateTicket', fields)).id;
  const late = (await desk.call('CreateTicket', fields)).id;
  expect(await take(watch, 2)).toEqual(['Old', 'Old']);
  const { changes } = desk.store;
  const start = await changes.now();

  await sql.query('begin');
  await sql.query(`update tickets set title = 'Early', version = version + 1 where id = $1`, [early]);
  await rename(late, 'Late');
  // The late one is there, and must not be told, or the early one would lie behind the watcher's place.
  expect(await changes.read(start, 10)).toEqual({ changes: [], heldBack: true, lost: false });
  expect(await changes.now()).toEqual(start);
  await sql.query('commit');

  expect(await take(watch, 2)).toEqual(['Early', 'Late']);
  expect((await changes.read(start, 10)).changes.map(({ ticket }) => ticket?.title)).toEqual([
    'Early',
    'Late',
  ]);
});

it('goes on after a token with what was missed, each once and in order', async () => {
  const first = desk.watch();
  const { id } = await desk.call('CreateTicket', fields);
  expect(await take(first, 1)).toEqual(['Old']);
  await rename(id, 'One');
  const { resumeToken } = await first.next();
  first.cancel();
  await desk.call('CreateTicket', { ...fields, title: 'Two' });
  await desk.call('CreateTicket', { ...fields, title: 'Three' });
  const second = desk.watch(resumeToken);
  expect((await second.nextOfAll()).kind).toBe('HEARTBEAT');
  expect(await take(second, 2)).toEqual(['Two', 'Three']);
  await desk.call('CreateTicket', { ...fields, title: 'Four' });
  expect(await take(second, 1)).toEqual(['Four']);
});

it('loses and doubles nothing where missed changes meet new ones', async () => {
  const watch = desk.watch();
  const { resumeToken } = await watch.nextOfAll();
  watch.cancel();
  const all: string[] = [];
  const resumed: TestWatch[] = [];
  for (let round = 0; round < 30; round += 1) {
    all.push(`T${round}`);
    const created = desk.call('CreateTicket', { ...fields, title: `T${round}` });
    if (round % 5 === 0) resumed.push(desk.watch(resumeToken));
    await created;
  }
  for (const each of resumed) expect(await take(each, 30)).toEqual(all);
});

it('resumes on another service of the same database', async () => {
  const watch = desk.watch();
  const { resumeToken } = await watch.nextOfAll();
  await desk.call('CreateTicket', fields);
  const other = await startTestService({ postgresUrl });
  expect(await take(other.watch(resumeToken), 1)).toEqual(['Old']);
  await other.stop();
});

it('says RESET to a token older than what is kept, and of another database', async () => {
  const live = desk.watch();
  const { resumeToken } = await live.nextOfAll();
  await desk.call('CreateTicket', fields);
  expect(await take(live, 1)).toEqual(['Old']);
  await sql.query(`update ticket_changes set at = now() - interval '8 days'`);
  await desk.store.prune(new AbortController().signal);
  const watch = desk.watch(resumeToken);
  const { kind, resumeToken: newToken } = await watch.next();
  expect(kind).toBe('RESET');
  await desk.call('CreateTicket', { ...fields, title: 'After' });
  expect(await take(watch, 1)).toEqual(['After']);
  expect(await take(desk.watch(newToken), 1)).toEqual(['After']);

  const elsewhere = await startTestService({ postgresUrl: await postgres.createDatabase() });
  const foreign = elsewhere.watch(newToken);
  expect(await take(foreign, 1)).toEqual(['RESET']);
  await elsewhere.stop();
});

it('keeps young changes and young deletions when it prunes, and forgets old ones', async () => {
  const { id: old } = await desk.call('CreateTicket', fields);
  const { id: young } = await desk.call('CreateTicket', fields);
  for (const id of [old, young]) await desk.call('DeleteTicket', { id });
  await sql.query(`update deleted_tickets set deleted_at = now() - interval '31 days' where id = $1`, [old]);
  await sql.query(`update ticket_changes set at = now() - interval '8 days' where ticket_id = $1`, [old]);
  await desk.store.prune(new AbortController().signal);
  const { rows } = await sql.query('select distinct ticket_id as id from ticket_changes');
  expect(rows).toEqual([{ id: young }]);
  expect((await desk.call('RestoreTicket', { id: old })).success).toBe(false);
  expect((await desk.call('RestoreTicket', { id: young })).success).toBe(true);
});

it('says RESET to a reader who is too slow, and does not keep what it can not send', async () => {
  const watch = desk.watch();
  await watch.nextOfAll();
  watch.pause();
  // Far more than the transport takes in: 3,000 changes of 8 KB each.
  await sql.query(`
    insert into tickets (title, description, name, status, version, created_at, updated_at)
    select 'T' || n, repeat('x', 8000), 'N', 'New', 1, now(), now() from generate_series(1, 3000) n`);
  const quick = desk.watch();
  await quick.nextOfAll();
  await desk.call('CreateTicket', { ...fields, title: 'Last' });
  while ((await take(quick, 1))[0] !== 'Last');
  watch.resume();
  const seen = new Set<string>();
  while (!seen.has('Last')) seen.add((await take(watch, 1))[0] ?? '');
  expect(seen).toContain('RESET');
  expect(seen.size).toBeLessThan(2_500);
});

it('recovers by itself when Postgres is killed: calls, watches and health', async () => {
  const watch = desk.watch();
  const { id } = await desk.call('CreateTicket', fields);
  expect(await take(watch, 1)).toEqual(['Old']);
  await postgres.kill();
  await vi.waitFor(async () => expect(await desk.call('HealthCheck', {})).toEqual({ success: true }), 20_000);
  await rename(id, 'After');
  expect(await take(watch, 1)).toEqual(['After']);
});

it('refuses calls while Postgres is away as UNAVAILABLE, for the caller to try again', async () => {
  const name = new URL(postgresUrl).pathname.slice(1);
  const admin = new pg.Client(Object.assign(new URL(postgresUrl), { pathname: '/postgres' }).href);
  await admin.connect();
  // Connections break in the middle of calls, and new ones are refused.
  const calls = Promise.allSettled(Array.from({ length: 40 }, () => desk.call('CreateTicket', fields)));
  await admin.query(`alter database ${name} allow_connections false`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  for (const outcome of await calls) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 14 });
  }
  await expect(desk.call('CreateTicket', fields)).rejects.toMatchObject({ code: 14 });
  expect(await desk.call('HealthCheck', {})).toEqual({ success: false });

  await admin.query(`alter database ${name} allow_connections true`);
  await admin.end();
  await desk.call('CreateTicket', fields);
});

it('a write whose service was killed before it told the cache is noticed all the same', async () => {
  const { id } = await desk.call('CreateTicket', fields);
  const read = async () => [
    (await desk.call('GetTicketList', { id })).tickets,
    (await desk.call('GetTicketList', {})).tickets,
  ];
  await read();
  // Straight into the database, as by a service that dies right after its commit.
  await desk.store.update(id, { title: 'New' });
  const renamed = [expect.objectContaining({ title: 'New' })];
  await vi.waitFor(async () => expect(await read()).toEqual([renamed, renamed]), 5_000);
  await desk.store.delete(id);
  await vi.waitFor(async () => expect(await read()).toEqual([[], []]), 5_000);
});

it('a service that starts drops what the one before it had no time to drop', async () => {
  const cache = memoryCache({ maxEntries: 100 });
  const keep = { ...cache, close: async () => {} };
  const first = await startTestService({ postgresUrl, cache: keep });
  const { id } = await first.call('CreateTicket', fields);
  await first.stop();
  const store = await openPostgresStore({ postgresUrl, logger: silent });
  await store.update(id, { title: 'New' });
  await store.close();
  const second = await startTestService({ postgresUrl, cache: keep });
  expect((await second.call('GetTicketList', { id })).tickets).toMatchObject([{ title: 'New' }]);
  await second.stop();
});
