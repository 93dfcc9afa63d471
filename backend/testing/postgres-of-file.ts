/** A Postgres for the tests of one file, started before them and stopped after them. */
import { afterAll, beforeAll } from 'vitest';
import { startTestPostgres, type TestPostgres } from './postgres.ts';

export function postgresOfFile(): Omit<TestPostgres, 'stop'> {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());
  return { createDatabase: () => postgres.createDatabase(), kill: () => postgres.kill() };
}
