/**
 * The desk under load beside the bare parts that it stands on, in the same round: createTicket and tickets(id)
 * through GraphQL, outbox, queue, gRPC, cache and store, against one INSERT and one SELECT by `pg` and, where the
 * desk has them, one publish by nsqjs and one GET by ioredis; and against the least that such a call can be made of, one part after the other.
 */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { until } from '../testing/desk-process.ts';
import { type GraphqlCaller, graphqlCaller } from './graphql-client.ts';
import type { LeastParts } from './least-parts.ts';
import { type LoadFigures, load } from './load.ts';
import type { Subject } from './rounds.ts';

export const createTicket = 'mutation ($input: NewTicket!) { createTicket(input: $input) { success } }';
const ticketById = `query ($id: Int!) { tickets(input: { id: $id }) { id title description status name } }`;
const nothing = '{ __typename }';

export const newTicket = (index: number) => ({
  title: `Printer ${index} prints blank pages`,
  description: 'It prints one page, then stops and blinks. Turning it off and on helps for a page or two.',
  name: 'Ada',
});
const bareInsert = `
  insert into tickets (title, description, status, name, request_id, version, created_at, updated_at)
  values ($1, $2, 'New', $3, $4, 1, now(), now())`;
/** What a create comes to in the end. */
export const insertTicket = (pool: Pool, index: number) =>
  pool.query(bareInsert, [...Object.values(newTicket(index)), randomUUID()]);

/** What the desk stands on, each by its own client library. */
export interface BareParts {
  pool: Pool;
  /** Reads one value of a ticket's size. */
  get?(): Promise<unknown>;
  publish?(body: Buffer): Promise<void>;
}

export interface ThroughputTarget {
  graphqlUrl: string;
  parts: BareParts & Pick<LeastParts, 'append' | 'unary'>;
  /** Ids that exist. */
  ids: readonly number[];
}

/** What the desk does, and the bare parts beside it. */
export function throughputSubjects(
  target: ThroughputTarget,
  options: { clients: number; calls: number },
): { subjects: Subject<LoadFigures>[]; close(): void } {
  const caller = graphqlCaller(target.graphqlUrl, options.clients);
  const { pool, get, publish, append, unary } = target.parts;
  const id = (index: number) => target.ids[(index * 7919) % target.ids.length] as number;
  const select = (index: number) => pool.query(`select * from tickets where id = $1`, [id(index)]);
  const calls: Record<string, (index: number) => Promise<unknown>> = {
    createTicket: (index) => caller.call(createTicket, { input: newTicket(index) }),
    'bare insert': (index) => insertTicket(pool, index),
    ...(publish && { 'bare publish': (index) => publish(bytesOf(newTicket(index))) }),
    'tickets(id)': (index) => caller.call(ticketById, { id: id(index) }),
    'bare select': select,
    ...(get && { 'bare GET': get }),
    'least create': async (index) => {
      await caller.call(nothing, {});
      await append(bytesOf(newTicket(index)));
    },
    'least read': async (index) => {
      await caller.call(nothing, {});
      await unary(bytesOf(newTicket(index)));
      await select(index);
    },
  };
  const subjects = Object.entries(calls).map(([name, call]) => ({
    name,
    async measure() {
      const startedAt = performance.now();
      const figures = await load(async (index) => void (await call(index)), options);
      if (name !== 'createTicket') return figures;
      // What still drains would weigh on the next subject.
      await untilOutboxIsEmpty(caller);
      const seconds = (performance.now() - startedAt) / 1000;
      return { ...figures, storedPerSecond: options.calls / seconds };
    },
  }));
  return { subjects, close: () => caller.close() };
}

const bytesOf = (value: object) => Buffer.from(JSON.stringify(value));

export async function untilOutboxIsEmpty(caller: GraphqlCaller): Promise<void> {
  await until(async () => {
    const { outbox } = await caller.call<{ outbox: { waiting: number } }>('{ outbox { waiting } }', {});
    return outbox.waiting === 0;
  });
}
