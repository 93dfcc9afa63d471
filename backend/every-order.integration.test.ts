/** Every declared order by GraphQL, in both directions and from both ends: as the page, which has the same rule, expects it. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SortDirection, sortNames } from '../proto/ticket-fields.ts';
import { comparing, sortKeyOf } from '../proto/ticket-order.ts';
import { type RealDesk, startRealDesk } from './proxy/testing/real-proxy.ts';

let desk: RealDesk;

beforeAll(async () => {
  desk = await startRealDesk();
  const sql = new pg.Client(desk.postgresUrl);
  await sql.connect();
  await sql.query(`
    insert into agents (id, name, last_seen_at) values ('agent-1', 'Bo', now()), ('agent-2', 'Ada', now());
    insert into tickets
      (title, description, name, status, priority, assignee_id, due_at, version, created_at, updated_at)
    select 'Ticket', '', (array['Cy', 'Ada', 'bo'])[1 + n % 3], (array['New', 'Completed'])[1 + n % 2],
           (array['Normal', 'Urgent'])[1 + n % 2], (array['agent-1', 'agent-2', null])[1 + n % 3],
           case when n % 2 = 0 then '2026-05-01Z'::timestamptz + n * interval '1 day' end,
           1, '2026-01-01Z'::timestamptz + n % 3 * interval '1 day', '2026-02-01Z'::timestamptz - n * interval '1 day'
    from generate_series(1, 8) n`);
  await sql.end();
});
afterAll(() => desk.stop());

describe('every order', () => {
  it.each(sortNames)('by %s has both directions, and goes on over pages', async (by) => {
    const page = async (direction: string, after: string | null) => {
      const { data } = await desk.ask(
        `query ($order: TicketSort, $after: String) {
          ticketPage(order: $order, first: 3, after: $after) {
            edges { node { id } }
            pageInfo { hasNextPage endCursor }
          }
        }`,
        { order: { by, direction }, after },
      );
      return data.ticketPage;
    };
    const all = async (direction: string) => {
      const ids: number[] = [];
      let at = await page(direction, null);
      for (;;) {
        ids.push(...at.edges.map(({ node }: { node: { id: number } }) => node.id));
        if (!at.pageInfo.hasNextPage) return ids;
        at = await page(direction, at.pageInfo.endCursor);
      }
    };
    const fromTheEnd = async (direction: string) => {
      const query = `query ($order: TicketSort, $before: String) {
        ticketPage(order: $order, last: 3, before: $before) {
          edges { node { id } }
          pageInfo { hasNextPage hasPreviousPage startCursor }
        }
      }`;
      const ids: number[] = [];
      for (let before: string | null = null; ; ) {
        const { data } = await desk.ask(query, { order: { by, direction }, before });
        const { edges, pageInfo } = data.ticketPage;
        expect(pageInfo.hasNextPage).toBe(before !== null);
        ids.unshift(...edges.map(({ node }: { node: { id: number } }) => node.id));
        if (!pageInfo.hasPreviousPage) return ids;
        before = pageInfo.startCursor;
      }
    };
    const ascending = await all('ASC');
    expect(await fromTheEnd('ASC')).toEqual(ascending);
    const tickets = await desk.service.store.list({});
    const sorted = (direction: SortDirection) => {
      const order = `${by}_${direction}` as const;
      const places = tickets.map((ticket) => ({ id: ticket.id, sortKey: sortKeyOf(order, ticket) }));
      return places.sort(comparing(order)).map(({ id }) => id);
    };
    expect(ascending).toEqual(sorted('ASC'));
    expect(await all('DESC')).toEqual(sorted('DESC'));
  });
});
