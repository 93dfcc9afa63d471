/**
 * `npm run bench -- [--json FILE] [--rounds N]`: the desk beside the bare thing in the same run, as ratios.
 * A figure alone says more of the machine than of the desk; the ratio within a round says what the desk costs.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startSubjects } from '../backend/bench/app-start.ts';
import { median, medianRatio, type Samples, takeTurns } from '../backend/bench/rounds.ts';
import { throughputSubjects } from '../backend/bench/throughput.ts';
import {
  databaseAddress,
  makeDataDir,
  queryDatabase,
  removeDataDir,
  startDesk,
} from '../backend/testing/desk.ts';
import { outDir, root } from './bundle.ts';
import { prepareWindow } from './desk-window.ts';
import { Problem, say } from './terminal.ts';

const seededTickets = 10_000;
const newestTitle = `Seeded ticket ${seededTickets}`;

interface Comparison {
  figure: string;
  subject: string;
  baseline: string;
  median: number;
  baselineMedian: number;
  /** Median over rounds of subject / baseline. */
  ratio: number;
}

/** Makes the data folder of a desk in use. */
async function seed(dataDir: string): Promise<void> {
  const desk = await startDesk({ dataDir, bundleDir: outDir });
  await desk.healthy();
  await queryDatabase(
    dataDir,
    `insert into tickets (title, description, status, name, request_id, version, created_at, updated_at)
     select 'Seeded ticket ' || n, 'What happened, in a sentence or two. Number ' || n,
            (array['New', 'In Progress', 'On Hold', 'Completed'])[1 + n % 4], 'Requester ' || n % 97,
            gen_random_uuid(), 1, at, at
     from generate_series(1, ${seededTickets}) n,
            lateral (select now() - (${seededTickets} - n) * interval '1 minute' as at) filed
      order by n`,
  );
  // Filed long ago, so that the start does not look at ten thousand changes of this minute.
  await queryDatabase(dataDir, `update ticket_changes set at = now() - interval '1 day'`);
  await queryDatabase(dataDir, 'vacuum analyze');
  await desk.stop();
}

async function throughput(dataDir: string, rounds: number): Promise<Comparison[]> {
  const desk = await startDesk({ dataDir, bundleDir: outDir, env: { LOG_LEVEL: 'warn' } });
  const pool = new pg.Pool({ ...(await databaseAddress(dataDir)), max: 16 });
  const comparisons: Comparison[] = [];
  try {
    await desk.healthy();
    const ids = (await pool.query<{ id: number }>('select id from tickets')).rows.map((row) => row.id);
    for (const clients of [1, 64]) {
      say(`createTicket and tickets(id) at ${clients} client${clients === 1 ? '' : 's'} …`);
      const target = { graphqlUrl: new URL('/graphql', desk.url).href, pool, ids };
      const { subjects, close } = throughputSubjects(target, { clients, calls: clients === 1 ? 500 : 3000 });
      // One round warms both sides up and is thrown away.
      await takeTurns(subjects, { rounds: 1 });
      const samples = await takeTurns(subjects, { rounds });
      close();
      for (const [subject, baseline] of [
        ['createTicket', 'bare insert'],
        ['tickets(id)', 'bare select'],
      ] as const) {
        for (const figure of ['p50Ms', 'p95Ms', 'perSecond']) {
          comparisons.push(
            compare(samples, { figure, subject, baseline, label: `${clients} clients, ${figure}` }),
          );
        }
      }
    }
  } finally {
    await pool.end();
    await desk.stop();
  }
  return comparisons;
}

async function appStart(userData: string, rounds: number): Promise<Comparison[]> {
  const window = await prepareWindow();
  const env = Object.fromEntries(
    Object.entries({ ...window.env, LOG_LEVEL: 'warn' }).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
  const { subjects, close } = await startSubjects({
    executablePath: window.command,
    appDir: root,
    userData,
    env,
    newestTitle,
  });
  try {
    say(`start to the first list of ${seededTickets.toLocaleString('en')} tickets, beside an empty window …`);
    await takeTurns(subjects, { rounds: 1 });
    const samples = await takeTurns(subjects, { rounds });
    return ['startMs', 'memoryMib'].map((figure) =>
      compare(samples, { figure, subject: 'desk', baseline: 'empty window', label: figure }),
    );
  } finally {
    await close();
    await window.close();
  }
}

function compare(
  samples: Samples,
  { figure, subject, baseline, label }: { figure: string; subject: string; baseline: string; label: string },
): Comparison {
  const of = (name: string) => median(samples[name]?.[figure] ?? []);
  return {
    figure: label,
    subject,
    baseline,
    median: of(subject),
    baselineMedian: of(baseline),
    ratio: medianRatio(samples, figure, subject, baseline),
  };
}

const { values } = parseArgs({
  options: { json: { type: 'string' }, rounds: { type: 'string', default: '5' } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Problem(`--rounds takes a whole number from 1, not "${values.rounds}"`);

const userData = await makeDataDir();
const dataDir = join(userData, 'desk');
try {
  await seed(dataDir);
  // The app comes first: the load below adds tickets.
  const comparisons = [...(await appStart(userData, rounds)), ...(await throughput(dataDir, rounds))];
  console.table(
    comparisons.map((row) => ({
      ...row,
      median: Number(row.median.toFixed(2)),
      baselineMedian: Number(row.baselineMedian.toFixed(2)),
      ratio: Number(row.ratio.toFixed(2)),
    })),
  );
  const report = {
    rounds,
    seededTickets,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    comparisons,
  };
  if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  await removeDataDir(dataDir);
  await removeDataDir(userData);
}
