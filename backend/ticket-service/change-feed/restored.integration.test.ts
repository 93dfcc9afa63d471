/** The change feed of a database that was restored by other means than ours, such as pg_restore, which keep the numbers of transactions. */
import { beforeEach, expect, it } from 'vitest';
import { postgresOfFile } from '../../testing/postgres-of-file.ts';
import { queryAt } from '../../testing/test-database.ts';
import { startTestService } from '../testing/service.ts';

const postgres = postgresOfFile();
let postgresUrl: string;
beforeEach(async () => {
  postgresUrl = await postgres.createDatabase();
});

const create = (title: string) => ({ title, description: '', name: 'Ada' });

it('goes on from a dump of a Postgres that had counted more transactions', async () => {
  const before = await startTestService({ postgresUrl });
  await before.call('CreateTicket', create('Before'));
  await before.stop();
  await queryAt(
    postgresUrl,
    `update ticket_changes set xact = '1000000000'; update ticket_feed set pruned_through = '900000000'`,
  );
  const service = await startTestService({ postgresUrl });
  const watch = service.watch();
  await service.call('CreateTicket', create('After'));
  expect(await watch.next()).toMatchObject({ kind: 'CREATED', ticket: { title: 'After' } });
  // Else they would be told once more when this one has counted as many.
  expect(await queryAt(postgresUrl, 'select count(*)::integer as changes from ticket_changes')).toEqual([
    { changes: 1 },
  ]);
  await service.stop();
});

it.each([
  ['of this Postgres', '0'],
  ['of one that had counted more transactions', '900000000'],
])(
  'tells everybody to read anew once where a dump was restored behind the service, %s',
  async (_of, pruned) => {
    const service = await startTestService({ postgresUrl });
    const watch = service.watch();
    const { resumeToken } = await watch.nextOfAll();
    await queryAt(
      postgresUrl,
      `begin; create temporary table dumped as table ticket_feed; truncate ticket_feed;
     insert into ticket_feed select feed_id, '${pruned}' from dumped; commit`,
    );
    await service.call('CreateTicket', create('After'));
    expect(await watch.next()).toMatchObject({ kind: 'RESET' });
    expect(await service.watch(resumeToken).next()).toMatchObject({ kind: 'RESET' });
    await service.call('CreateTicket', create('Later'));
    const titles: (string | undefined)[] = [];
    while (!titles.includes('Later')) titles.push((await watch.next()).ticket?.title);
    expect(titles).not.toContain(undefined);
    await service.stop();
  },
);
