/** An import and a move to a team's server whose process is killed with kill -9, again and again: nothing doubled, nothing lost. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { check } from './soak/check.ts';
import { readAll } from './soak/final-reads.ts';
import { History } from './soak/history.ts';
import { importTitles, titlesOf } from './soak/jobs.ts';
import { runMoveKills } from './soak/move-run.ts';
import { makeDataDir, removeDataDir, until } from './testing/desk-process.ts';
import { askGraphql, type GraphqlServer } from './testing/graphql.ts';
import { startTestPostgres } from './testing/postgres.ts';
import { spawnProgram } from './testing/program.ts';
import { seededRandom } from './testing/random.ts';
import { queryAt } from './testing/test-database.ts';
import { startTestService } from './ticket-service/testing/service.ts';

const seed = Number(process.env.KILL_SEED ?? Date.now() % 2 ** 32);

async function makeFolder(): Promise<string> {
  const folder = await makeDataDir();
  onTestFinished(() => removeDataDir(folder));
  return folder;
}

it(`goes on with a move where it was (KILL_SEED=${seed})`, async () => {
  const history = new History();
  const complaints = await runMoveKills({
    folder: await makeFolder(),
    kills: 4,
    seed,
    history,
  });
  expect(complaints).toEqual([]);
  expect(history.breakages).toHaveLength(4);
}, 60_000);

it(`goes on with an import where it was (KILL_SEED=${seed})`, async () => {
  const random = seededRandom(seed);
  const postgres = await startTestPostgres();
  const postgresUrl = await postgres.createDatabase();
  const service = await startTestService({ postgresUrl });
  const env = { DATA_DIR: await makeFolder(), PORT: '0', GRPC_ADDRESS: service.address };
  const start = async () => {
    const { child, log } = await spawnProgram({ program: 'proxy', env });
    const url = await log.ready;
    return { child, log, url, graphql: askGraphql.bind(undefined, url) as GraphqlServer['graphql'] };
  };
  let proxy = await start();
  onTestFinished(async () => {
    proxy.child.kill();
    await proxy.log.closed;
    await service.stop();
    await postgres.stop();
  });
  const history = new History();
  const titles = titlesOf('import', 5_500);
  const imported = history.run({ by: 'proxy', kind: 'import', texts: titles }, () =>
    importTitles(() => proxy, randomUUID(), titles),
  );
  let atRow = 0;
  for (let killed = 0; killed < 4; killed += 1) {
    await until(async () => {
      const { data } = await proxy.graphql<{ imports: { rows: number; state: string }[] }>(
        '{ imports { rows state } }',
      );
      const [{ rows, state } = { rows: 0, state: '' }] = data?.imports ?? [];
      if (state !== 'RUNNING' || rows < atRow) return false;
      atRow = rows + 1;
      return true;
    });
    await delay(random.below(100));
    proxy.child.kill('SIGKILL');
    await proxy.log.exited;
    proxy = await start();
  }
  await imported;
  const final = await readAll((sql) => queryAt(postgresUrl, sql), { desk: proxy });
  expect(check(history.operations, final)).toEqual([]);
  expect(final.tickets).toHaveLength(titles.length);
}, 60_000);
