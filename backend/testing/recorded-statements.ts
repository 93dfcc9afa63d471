/** Which statements a call of a store runs, taken where they leave for Postgres. */
import pg from 'pg';

export interface Statement {
  text: string;
  values: unknown[];
  /** Where it was sent, by the settings of whose connections it is planned. */
  pool: pg.Pool;
}

/** The change feed's reads and the cache's lease, as services agree on it, run beside every call. */
const besideCalls = /held_back|pg_locks|pg_notify|advisory/;

/** In the order in which they were sent, by whatever pool of this process. */
export async function recordStatements(call: () => Promise<unknown>): Promise<Statement[]> {
  const pool = pg.Pool.prototype as { query(...given: unknown[]): unknown };
  const { query } = pool;
  const recorded: Statement[] = [];
  pool.query = function (this: pg.Pool, ...given: unknown[]) {
    const { text, values = [] } = given[0] as pg.QueryConfig;
    if (!besideCalls.test(text)) recorded.push({ text, values, pool: this });
    return query.apply(this, given);
  };
  try {
    await call();
  } finally {
    pool.query = query;
  }
  return recorded;
}
