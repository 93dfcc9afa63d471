/** The pool of connections: time limits, retries, and errors as the rest of the service knows them. */
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../logger.ts';
import { atMost } from '../../pause.ts';
import { isAborted, toStoreError } from './postgres-errors.ts';

const connectMs = 3_000;
const statementMs = 5_000;
/** More than the statement's, for a server that does not answer at all. */
const queryMs = 8_000;
const lockMs = 4_000;
const maxConnections = 10;
/** For a connection of the pool to be free, or made. */
const poolMs = 10_000;
/** For a connection to be ended from both sides. */
const farewellMs = 1_000;
/** Of silence on a connection, before its other side is asked whether it is there at all. */
const keepAliveMs = 10_000;
const maxAttempts = 5;

/**
 * Whatever the planner expects, no statement of ours is to look at every row; and it compiles none and starts no other
 * processes for it, which it would when it expects much. What it thinks that reads cost is set to what was measured: an
 * index of words names a ticket at no less than a third of the price of looking at one.
 */
export const planning = [
  'enable_seqscan=off',
  'jit=off',
  'max_parallel_workers_per_gather=0',
  'random_page_cost=1.5',
  'cpu_index_tuple_cost=0.1',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

export interface Database {
  /**
   * Runs one statement, which is a transaction of its own, and again when Postgres undid it for another's sake.
   * @param name prepares it under this name, once a connection; for statements whose plan does not hang on their values
   * @throws DeskError UNAVAILABLE, DEADLINE_EXCEEDED
   */
  query<Row extends pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<Row[]>;
  /**
   * Runs several as one transaction, and all of them again when Postgres undid it for another's sake.
   * @throws DeskError UNAVAILABLE, DEADLINE_EXCEEDED
   */
  transaction<Result>(work: (query: Query) => Promise<Result>): Promise<Result>;
  connections(): Connections;
  close(): Promise<void>;
}

/** Runs one statement of a transaction. */
export type Query = <Row extends pg.QueryResultRow>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** How much of the pool is in use. */
export interface Connections {
  total: number;
  idle: number;
  /** Calls that wait for one. */
  waiting: number;
}

/** An adopted table may keep its ids as bigint, in the range of integer; pg gives those as text unless told. */
export const types: pg.CustomTypesConfig = {
  getTypeParser: (id, format) =>
    id === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(id, format),
};

/** How every connection of the service is made. */
export function connectionConfig(postgresUrl: string): pg.ClientConfig {
  return {
    connectionString: postgresUrl,
    application_name: 'ticket-desk',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    types,
  };
}

/**
 * A connection for work on all that is there, which takes as long as it takes: without the time limits of requests,
 * be they set for the database or the role. The caller ends it.
 * @param signal cuts off what runs on it; whatever that did is committed, or as if it had not been done
 * @throws what pg tells when it can't be made
 */
export async function connectForUpkeep(postgresUrl: string, signal?: AbortSignal): Promise<pg.Client> {
  const socket = new Socket();
  const client = new pg.Client({ ...connectionConfig(postgresUrl), stream: () => socket });
  const bid = client.end.bind(client);
  // A Postgres that is silent never bids farewell.
  const end = () => atMost(farewellMs, bid()).finally(() => socket.destroy());
  Object.assign(client, { end });
  // A break is also told to the query that runs, if one does.
  client.on('error', () => {});
  await client.connect();
  const stop = () => void end();
  signal?.addEventListener('abort', stop, { once: true });
  client.once('end', () => signal?.removeEventListener('abort', stop));
  if (signal?.aborted) stop();
  await client.query(
    `select set_config(name, '0', false) from pg_settings
     where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`,
  );
  return client;
}

export function openDatabase(options: { postgresUrl: string; logger: Logger }): Database {
  const { logger } = options;
  const pool = new pg.Pool({
    ...connectionConfig(options.postgresUrl),
    max: maxConnections,
    connectionTimeoutMillis: poolMs,
    statement_timeout: statementMs,
    query_timeout: queryMs,
    options: planning,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: queryMs,
  });
  // An idle connection that breaks leaves the pool by itself.
  pool.on('error', (err) => logger.warn({ err }, 'a connection to the database broke'));
  // One that breaks between two statements of a transaction fails the next; unheard, its error would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));

  async function again<Result>(run: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run();
      } catch (thrown) {
        if (!isAborted(thrown) || attempt === maxAttempts) throw toStoreError(thrown);
        await delay(Math.random() * 20 * attempt);
      }
    }
  }

  return {
    query: <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = [], name?: string) =>
      again(async () => (await pool.query<Row>({ text, values: [...values], ...(name && { name }) })).rows),
    transaction: (work) => again(() => inTransaction(pool, work)),
    connections: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}

async function inTransaction<Result>(
  pool: pg.Pool,
  work: (query: Query) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(
      async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
        (await client.query<Row>({ text, values: [...values] })).rows,
    );
    await client.query('commit');
    client.release();
    return result;
  } catch (thrown) {
    // What is not committed ends with its connection, whatever state that is in.
    client.release(true);
    throw thrown;
  }
}
