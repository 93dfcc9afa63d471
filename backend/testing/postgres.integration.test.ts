/** Both kinds of Postgres for tests are alike: empty databases, and rows that outlive a kill. */
import { expect, it, onTestFinished } from 'vitest';
import { startTeamPostgres, startTestPostgres } from './postgres.ts';
import { queryAt } from './test-database.ts';

it.each([
  ['the desk’s own', () => startTestPostgres()],
  ['a team’s', startTeamPostgres],
])('%s Postgres serves again after a kill, with what was committed', async (_, start) => {
  const postgres = await start();
  onTestFinished(() => postgres.stop());
  const [one, other] = await Promise.all([postgres.createDatabase(), postgres.createDatabase()]);
  await queryAt(one, 'create table kept as select 1 as value');
  await postgres.kill();
  expect(await queryAt(one, 'select value from kept')).toEqual([{ value: 1 }]);
  expect(await queryAt(other, `select to_regclass('kept') as kept`)).toEqual([{ kept: null }]);
});

it('a team’s Postgres is reached by TCP', async () => {
  const postgres = await startTeamPostgres();
  onTestFinished(() => postgres.stop());
  expect(new URL(await postgres.createDatabase())).toMatchObject({
    hostname: '127.0.0.1',
    protocol: 'postgresql:',
  });
});
