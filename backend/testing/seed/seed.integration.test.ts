/** What `npm run seed` makes, and what it leaves alone. */
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { withBuiltInDatabase } from '../../../build/built-in-database.ts';
import { openOutboxStore } from '../../proxy/outbox/store.ts';
import { connectForUpkeep } from '../../ticket-service/store/database.ts';
import { silent, startTestService } from '../../ticket-service/testing/service.ts';
import { makeDataDir, removeDataDir } from '../desk-process.ts';
import { postgresOfFile } from '../postgres-of-file.ts';
import { copyPreparedCluster } from '../prepared-cluster.ts';
import { queryAt } from '../test-database.ts';
import { seedDatabase } from './load.ts';
import { readPlan } from './plan.ts';

const plan = readPlan({ tickets: '3000', seed: '7' });
const postgres = postgresOfFile();
let seeded: string;

const seed = (postgresUrl: string, more: Partial<Parameters<typeof seedDatabase>[0]> = {}) =>
  seedDatabase({ postgresUrl, plan, logger: silent, ...more });

beforeAll(async () => {
  seeded = await postgres.createDatabase();
  expect(await seed(seeded)).toBe('seeded');
});

const tables = ['tickets', 'comments', 'ticket_history', 'agents', 'create_results'];

/** A digest of all rows of each table. */
async function digestsOf(database: string): Promise<unknown[]> {
  return await queryAt(
    database,
    `${tables
      .map((table) => `select '${table}', md5(string_agg(t::text, e'\\n' order by t::text)) from ${table} t`)
      .join(' union all ')} order by 1`,
  );
}

/** What a database consists of beside its rows. */
function schemaOf(database: string): Promise<unknown[]> {
  return queryAt(
    database,
    `select indexname as name, indexdef as definition from pg_indexes where schemaname = 'public'
     union all select tgname, tgenabled::text || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1, 2`,
  );
}

describe('a seeded database', () => {
  it('has the same rows for the same seed, and others for another', async () => {
    const [again, other] = [await postgres.createDatabase(), await postgres.createDatabase()];
    await seed(again);
    await seed(other, { plan: { ...plan, seed: 8 } });
    expect(await digestsOf(again)).toEqual(await digestsOf(seeded));
    expect(await digestsOf(other)).not.toEqual(await digestsOf(seeded));
  });

  it('has the indexes and triggers of one that nobody has seeded', async () => {
    const plain = await postgres.createDatabase();
    await (await startTestService({ postgresUrl: plain })).stop();
    expect(await schemaOf(seeded)).toEqual(await schemaOf(plain));
  });

  it('is like a helpdesk in use', async () => {
    const [found] = await queryAt<Record<string, number>>(
      seeded,
      `select count(*)::integer as tickets, avg((status = 'Completed')::integer)::float as completed,
              (select count(*) from comments)::float / count(*) as comments,
              count(distinct assignee_id)::integer as assignees, count(distinct name)::integer as requesters,
              count(*) filter (where title ~ '[^\\x00-\\xff]')::integer as "otherLetters",
              count(*) filter (where updated_at > '${plan.until.toISOString()}')::integer as late
       from tickets`,
    );
    expect(found?.tickets).toBe(plan.tickets);
    expect(found?.completed).toBeGreaterThan(0.87);
    expect(found?.completed).toBeLessThan(0.93);
    expect(found?.comments).toBeGreaterThan(0.4);
    expect(found?.comments).toBeLessThan(0.6);
    expect(found?.assignees).toBe(40);
    expect(found?.requesters).toBeGreaterThan(50);
    expect(found?.otherLetters).toBeGreaterThan(100);
    expect(found?.late).toBe(0);
  });

  it('tells in the history of each ticket how it came to be as it is', async () => {
    const wrong = await queryAt(
      seeded,
      `select id from tickets
       where version <> (select max(version) from ticket_history where ticket_id = tickets.id)
          or updated_at <> (select max(at) from ticket_history where ticket_id = tickets.id)
          or status <> coalesce((select "to" from ticket_history where ticket_id = tickets.id and field = 'status'
                                 order by ticket_history.id desc limit 1), 'New')
          or (select count(*) from comments where ticket_id = tickets.id)
             <> (select count(*) from ticket_history where ticket_id = tickets.id and field = 'COMMENTED')
       union all
       select id from (select id, created_at < lag(created_at) over (order by id) as early from tickets) t where early`,
    );
    expect(wrong).toEqual([]);
  });

  it('has the words of each ticket as the database makes them', async () => {
    const wrong = await queryAt(
      seeded,
      `select id from tickets where search is distinct from
         whole_vector(id, title, name, tags, description, status, null, null)`,
    );
    expect(wrong).toEqual([]);
  });

  it('is counted, searched and written to by a ticket service as any other', async () => {
    const database = await postgres.createDatabase();
    await seed(database);
    const service = await startTestService({ postgresUrl: database });
    try {
      const { counts } = await service.call('CountTickets', {});
      const stored = await queryAt<{ status: string; count: number }>(
        database,
        'select status, count(*)::integer as count from tickets group by status',
      );
      expect(new Map(counts.map(({ status, count }) => [status, count]))).toEqual(
        new Map(stored.map(({ status, count }) => [status, count])),
      );
      const [wanted] = await queryAt<{ id: number; code: string }>(
        database,
        `select id, substring(description from '[A-Z]{2}-[0-9]{5,}') as code from tickets
         where description ~ '[A-Z]{2}-[0-9]{5,}' order by id limit 1`,
      );
      const { tickets } = await service.call('ListTickets', { text: wanted?.code ?? '', pageSize: 10 });
      expect(tickets.map(({ id }) => id)).toContain(wanted?.id);
      const { id } = await service.call('CreateTicket', { title: 'Printer', description: '', name: 'Ada' });
      expect(id).toBe(plan.tickets + 1);
      const { changes } = await service.call('ListTicketHistory', { ticketId: id });
      expect(changes.map(({ field }) => field)).toEqual(['CREATED']);
    } finally {
      await service.stop();
    }
  });
});

describe('nothing is changed', () => {
  const hasMark = async (database: string) =>
    (await queryAt<{ mark: string | null }>(database, `select to_regclass('ticket_seed')::text as mark`))[0]
      ?.mark;

  it('when the same seed has filled the database before', async () => {
    const before = await digestsOf(seeded);
    expect(await seed(seeded)).toBe('present');
    expect(await digestsOf(seeded)).toEqual(before);
  });

  it('when another seed has filled it', async () => {
    const before = await digestsOf(seeded);
    await expect(seed(seeded, { plan: { ...plan, tickets: 3001 } })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('3000 tickets of seed 7 until 2026-11-01'),
    });
    expect(await digestsOf(seeded)).toEqual(before);
  });

  it('when it holds tickets that no seed made, or remembers one that was deleted', async () => {
    const database = await postgres.createDatabase();
    const service = await startTestService({ postgresUrl: database });
    const { id } = await service.call('CreateTicket', { title: 'Printer', description: '', name: 'Ada' });
    await service.stop();
    await expect(seed(database)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('table tickets is not empty'),
    });
    await queryAt(database, `delete from tickets where id = ${id}`);
    await expect(seed(database)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await hasMark(database)).toBeNull();
  });

  it('that it does not reach, or may not write to, in words that say what to do', async () => {
    const database = await postgres.createDatabase();
    await queryAt(database, "create role guest login password 'guest'");
    const at = (change: (url: URL) => void) => {
      const url = new URL(database);
      change(url);
      return seed(url.href).catch(({ message }: Error) => message);
    };
    const refused = 'Postgres refuses the connection. Check user, password and database in POSTGRES_URL.';
    expect(await at((url) => Object.assign(url, { username: 'nobody-here', password: 'wrong' }))).toBe(
      refused,
    );
    expect(await at((url) => Object.assign(url, { pathname: '/none' }))).toBe(refused);
    for (const host of ['127.0.0.1:1', 'localhost:1', 'nowhere.invalid:5432']) {
      expect(await at((url) => Object.assign(url, { host, search: '' }))).toMatch(
        /^Postgres can't be reached: .{10,}\. Check host and port in POSTGRES_URL, and that it runs\.$/,
      );
    }
    expect(await at((url) => Object.assign(url, { username: 'guest', password: 'guest' }))).toMatch(
      /^The database can't be used as it is\. Postgres says: permission denied .* Make the role in POSTGRES_URL the owner/,
    );
  });

  it('while a ticket service runs on it', async () => {
    const database = await postgres.createDatabase();
    const service = await startTestService({ postgresUrl: database });
    await expect(seed(database)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Stop it'),
    });
    await service.stop();
    expect(await seed(database)).toBe('seeded');
  });

  it('unless the connections of the service are about to end', async () => {
    const database = await postgres.createDatabase();
    const ending = await connectForUpkeep(database);
    const seeding = seed(database);
    await vi.waitFor(
      async () =>
        expect(
          await queryAt(
            database,
            `select from pg_stat_activity where query like 'select from pg_stat_act%limit 1'`,
          ),
        ).toHaveLength(1),
      { interval: 5 },
    );
    await ending.end();
    expect(await seeding).toBe('seeded');
  });

  it('when it is stopped half-way, and the next one begins anew', async () => {
    const database = await postgres.createDatabase();
    const stopping = new AbortController();
    const { signal } = stopping;
    await expect(seed(database, { signal, onRows: () => stopping.abort() })).rejects.toThrow();
    expect(await hasMark(database)).toBeNull();
    expect(await queryAt(database, 'select from tickets')).toEqual([]);
    expect(await seed(database)).toBe('seeded');
    expect(await digestsOf(database)).toEqual(await digestsOf(seeded));
  });
});

describe('the built-in desk', () => {
  it('is seeded in its data folder, and refused while a desk has that open', async () => {
    const dataDir = await makeDataDir();
    try {
      await copyPreparedCluster(dataDir);
      const fill = () =>
        withBuiltInDatabase({ dataDir, logger: silent, onProgress: () => {} }, (url) => seed(url));
      const outbox = await openOutboxStore({ folder: path.join(dataDir, 'outbox'), logger: silent });
      await expect(fill()).rejects.toMatchObject({ code: 'CONFLICT' });
      await outbox.close();
      expect(await fill()).toBe('seeded');
      expect(await fill()).toBe('present');
    } finally {
      await removeDataDir(dataDir);
    }
  });
});

it.each([
  [{ tickets: '0' }, '--tickets'],
  [{ tickets: 'many' }, '--tickets'],
  [{ tickets: '10', seed: '-1' }, '--seed'],
  [{ tickets: '10', until: '2026-02-30' }, '--until'],
])('of %j it says that %s is wrong', (given, option) => {
  expect(() => readPlan(given)).toThrow(option);
});
