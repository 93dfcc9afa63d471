/** Databases for tests, and questions to them past everything else. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestPostgres {
  /** Makes an empty database and answers its address. */
  createDatabase(): Promise<string>;
  /** Kills it with SIGKILL; it is started again by itself at once. Resolves once it serves again. */
  kill(): Promise<void>;
  /** Leaves nothing of it. */
  stop(): Promise<void>;
}

/** Makes an empty database on the server at this address. */
export async function createDatabase(url: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await queryAt(url, `create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

/** Whose database may be stopped as soon as it has ended: pg resolves before its connections are closed. */
export function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
  // What breaks in the middle of a question fails the question.
  pool.on('error', () => {});
  return pool;
}

/** Asks on a connection of its own. */
export async function queryAt<Row extends pg.QueryResultRow>(
  address: string | pg.ClientConfig,
  sql: string,
): Promise<Row[]> {
  const client = new pg.Client(address);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
