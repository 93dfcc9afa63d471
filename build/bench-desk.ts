/** The tickets of the desk that the benchmark measures, as of a desk that has been in use. */
import { queryDatabase, startDesk } from '../backend/testing/desk-process.ts';
import { outDir } from './bundle.ts';

export const seededTickets = 10_000;
/** The title of the last one that was filed. */
export const newestTitle = `Seeded ticket ${seededTickets}`;

export const seedStatement = `
  insert into tickets (title, description, status, name, request_id, version, created_at, updated_at)
  select 'Seeded ticket ' || n, 'What happened, in a sentence or two. Number ' || n,
         (array['New', 'In Progress', 'On Hold', 'Completed'])[1 + n % 4], 'Requester ' || n % 97,
         gen_random_uuid(), 1, at, at
  from generate_series(1, ${seededTickets}) n,
       lateral (select now() - (${seededTickets} - n) * interval '1 minute' as at) filed
  order by n`;

/** Makes the data folder of a desk in use. @param statement makes its tickets */
export async function seedDesk(dataDir: string, statement = seedStatement): Promise<void> {
  const desk = await startDesk({ dataDir, bundleDir: outDir });
  await desk.healthy();
  await queryDatabase(dataDir, statement);
  // Filed long ago, so that the start does not look at all of them as changes of this minute.
  await queryDatabase(dataDir, `update ticket_changes set at = now() - interval '1 day'`);
  await queryDatabase(dataDir, 'vacuum analyze');
  await desk.stop();
}
