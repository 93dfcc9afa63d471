/**
 * The desk under load beside the database alone, on the same Postgres in the same round: createTicket and
 * tickets(id) through GraphQL, outbox, gRPC and store, against one INSERT and one SELECT by `pg`.
 */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { until } from '../testing/desk.ts';
import { type GraphqlCaller, graphqlCaller } from './graphql-client.ts';
import { type LoadFigures, load } from './load.ts';
import type { Subject } from './rounds.ts';

const createTicket = `mutation ($input: NewTicket!) { createTicket(input: $input) { success } }`;
const ticketById = `query ($id: Int!) { tickets(input: { id: $id }) { id title description status name } }`;
const description =
  'It prints one page, then stops and blinks. Turning it off and on helps for a page or two.';

export interface ThroughputTarget {
  graphqlUrl: string;
  /** Connected to the desk's own Postgres. */
  pool: Pool;
  /** Ids that exist. */
  ids: readonly number[];
}

/** Four subjects a number of clients: what the desk does, and the bare statement beside it. */
export function throughputSubjects(
  target: ThroughputTarget,
  options: { clients: number; calls: number },
): { subjects: Subject<LoadFigures>[]; close(): void } {
  const caller = graphqlCaller(target.graphqlUrl, options.clients);
  const id = (index: number) => target.ids[(index * 7919) % target.ids.length] as number;
  const title = (index: number) => `Printer ${index} prints blank pages`;
  const calls: Record<string, (index: number) => Promise<unknown>> = {
    createTicket: (index) => create(caller, title(index)),
    'bare insert': (index) =>
      target.pool.query(
        `insert into tickets (title, description, status, name, request_id, version, created_at, updated_at)
         values ($1, $2, 'New', 'Ada', $3, 1, now(), now())`,
        [title(index), description, randomUUID()],
      ),
    'tickets(id)': (index) => caller.call(ticketById, { id: id(index) }),
    'bare select': (index) => target.pool.query(`select * from tickets where id = $1`, [id(index)]),
  };
  const subjects = Object.entries(calls).map(([name, call]) => ({
    name,
    measure: async () => {
      const figures = await load(async (index) => void (await call(index)), options);
      if (name === 'createTicket') await untilOutboxIsEmpty(caller);
      return figures;
    },
  }));
  return { subjects, close: () => caller.close() };
}

async function create(caller: GraphqlCaller, title: string): Promise<void> {
  await caller.call(createTicket, { input: { title, description, name: 'Ada' } });
}

/** What still drains would weigh on the next subject. */
async function untilOutboxIsEmpty(caller: GraphqlCaller): Promise<void> {
  await until(async () => {
    const { outbox } = await caller.call<{ outbox: { waiting: number } }>('{ outbox { waiting } }', {});
    return outbox.waiting === 0;
  });
}
