/** The pool of connections on a real Postgres that ends them. */
import { expect, it, onTestFinished } from 'vitest';
import { postgresOfFile } from '../../testing/postgres-of-file.ts';
import { queryAt } from '../../testing/test-database.ts';
import { silent } from '../testing/service.ts';
import { openDatabase } from './database.ts';

const postgres = postgresOfFile();

async function open() {
  const postgresUrl = await postgres.createDatabase();
  const database = openDatabase({ postgresUrl, logger: silent });
  onTestFinished(() => database.close());
  /** Resolves once it has ended. */
  const end = (pid = 0) => queryAt(postgresUrl, `select pg_terminate_backend(${pid}, 30000)`);
  return { database, end };
}

// What nobody hears ends the process, and vitest tells of it beside the test.
it('a connection that ends between two statements of a transaction fails it, and not the process', async () => {
  const { database, end } = await open();
  const broken = database.transaction(async (query) => {
    const [own] = await query<{ pid: number }>('select pg_backend_pid() as pid');
    await end(own?.pid);
    await query('select 1');
  });
  await expect(broken).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await database.transaction((query) => query('select 1 as one'))).toEqual([{ one: 1 }]);
});
