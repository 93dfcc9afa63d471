/** Pages of tickets while others file. */
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import type { TicketOrder } from '../domain/ticket.ts';
import { postgresOfFile } from '../testing/postgres-of-file.ts';
import { startTestService, type TestService } from './testing/service.ts';

const postgres = postgresOfFile();

async function startWith(tickets: string): Promise<{ service: TestService; sql: pg.Client }> {
  const postgresUrl = await postgres.createDatabase();
  const service = await startTestService({ postgresUrl });
  const sql = new pg.Client(postgresUrl);
  await sql.connect();
  await sql.query(
    `insert into tickets (title, description, name, status, version, created_at, updated_at) ${tickets}`,
  );
  onTestFinished(async () => {
    await sql.end();
    await service.stop();
  });
  return { service, sql };
}

async function walk(
  service: TestService,
  request: { order?: TicketOrder; statuses?: string[]; text?: string; pageSize: number },
  between: () => Promise<unknown> = async () => {},
): Promise<number[]> {
  const ids: number[] = [];
  let pageToken = '';
  for (;;) {
    const page = await service.call('ListTickets', { ...request, pageToken });
    expect(page.cursors).toHaveLength(page.tickets.length);
    ids.push(...page.tickets.map(({ id }) => id));
    if (!page.hasNextPage) return ids;
    pageToken = page.cursors.at(-1) ?? '';
    await between();
  }
}

/** Many of one microsecond, and many a microsecond apart, which a JS Date could not tell apart. */
const closeTogether = `
  select 'T' || n, '', 'N', (array['New', 'On Hold', 'Completed'])[1 + n % 3], 1,
         '2026-01-01T00:00:00Z'::timestamptz + (n / 3) * interval '1 microsecond',
         '2026-02-01T00:00:00Z'::timestamptz + (n % 40) * interval '1 microsecond'
  from generate_series(1, 240) n`;

it('shows each ticket once, whatever is filed meanwhile, in each order', async () => {
  const { service } = await startWith(closeTogether);
  const createMore = () =>
    service.call('CreateTicket', { title: 'Later', name: 'N', createdAt: '2025-06-01T00:00:00Z' });
  for (const order of ['CREATED_DESC', 'CREATED_ASC', 'UPDATED_DESC', 'UPDATED_ASC'] as const) {
    const ids = await walk(service, { order, pageSize: 17 }, createMore);
    expect(new Set(ids).size).toBe(ids.length);
    const firstOnes = ids.filter((id) => id <= 240);
    expect(firstOnes).toHaveLength(240);
  }
});

it('keeps to the order and the filter across pages', async () => {
  const { service, sql } = await startWith(closeTogether);
  const expected = async (order: string, where = 'true') =>
    (await sql.query(`select id from tickets where ${where} order by ${order}`)).rows.map(({ id }) => id);
  expect(await walk(service, { pageSize: 7 })).toEqual(await expected('created_at desc, id desc'));
  expect(await walk(service, { order: 'UPDATED_ASC', pageSize: 100 })).toEqual(
    await expected('updated_at, id'),
  );
  const two = await walk(service, { statuses: ['New', 'Completed'], pageSize: 9 });
  expect(two).toEqual(await expected('created_at desc, id desc', `status in ('New', 'Completed')`));
  const text = await walk(service, { statuses: ['New'], text: 't1', pageSize: 3, order: 'CREATED_ASC' });
  expect(text).toEqual(await expected('created_at, id', `status = 'New' and title ilike '%t1%'`));
  expect(await walk(service, { text: 'nowhere', pageSize: 3 })).toEqual([]);
});

it('reads a page deep among many tickets as fast as the first one', async () => {
  const { service, sql } = await startWith(closeTogether);
  await sql.query('alter table tickets disable trigger user');
  await sql.query(`
    insert into tickets (title, description, name, status, version, created_at, updated_at)
    select 'Ticket', '', 'Name', case when n % 1000 = 0 then 'New' else 'Completed' end, 1,
           '2026-01-01T00:00:00Z'::timestamptz - n * interval '1 minute', now()
    from generate_series(1, 30000) n`);
  await sql.query('analyze tickets');
  const after = Buffer.from(JSON.stringify(['CREATED_DESC', '2025-12-12T00:00:00.000000Z', 1])).toString(
    'base64url',
  );
  for (const filter of [{}, { statuses: ['New', 'Completed'] }]) {
    const read = async (from: string | undefined) => {
      const startedAt = performance.now();
      await service.store.page({ filter, pageSize: 20, after: from, order: 'CREATED_DESC' });
      return performance.now() - startedAt;
    };
    const [first, deep]: [number[], number[]] = [[], []];
    // In turn, so that what else the machine does meets both.
    for (let round = 0; round < 15; round += 1) {
      first.push(await read(undefined));
      deep.push(await read(after));
    }
    expect(median(deep)).toBeLessThan(3 * median(first) + 3);
  }
});

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}
