/**
 * `npm run bench -- [--json FILE] [--rounds N] [app] [packed] [list] [desk] [conversation] [bulk] [transfer] [team]`, or alone
 * `scale …` (build/bench-scale.ts) or `budgets` (build/bench-budgets.ts): the desk beside the bare thing in the same run, as ratios; the app's start, from the clone and as it is packed, scrolling through a long list, the desk on one machine under load, tickets
 * with many comments on a small desk and a large one, a bulk change, an export and an import, a team's stack under load. What is packed is the unpacked folder of `npm run package -- --dir`.
 * A figure alone says more of the machine than of the desk; the ratio within a round says what the desk costs.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { bulkSubjects } from '../backend/bench/bulk.ts';
import { conversationSubjects, seedConversations } from '../backend/bench/conversation.ts';
import { openLeastParts } from '../backend/bench/least-parts.ts';
import { scrollSubjects, seedList } from '../backend/bench/list-scroll.ts';
import { median, medianRatio, type Samples, takeTurns } from '../backend/bench/rounds.ts';
import { openScaleDesk, type ScaleDesk } from '../backend/bench/scale.ts';
import { startTeam } from '../backend/bench/team.ts';
import { type ThroughputTarget, throughputSubjects } from '../backend/bench/throughput.ts';
import { transferSubjects } from '../backend/bench/transfer.ts';
import {
  databaseAddress,
  makeDataDir,
  queryDatabase,
  removeDataDir,
  startDesk,
} from '../backend/testing/desk-process.ts';
import { openPool } from '../backend/testing/test-database.ts';
import { newestTitle, seedDesk, seededTickets, seedStatement } from './bench-desk.ts';
import { seedFolder } from './bench-scale.ts';
import { measureStart, withRuntime } from './bench-start.ts';
import { bundle, outDir } from './bundle.ts';
import { demandServices } from './services.ts';
import { Problem, say } from './terminal.ts';

interface Comparison {
  figure: string;
  subject: string;
  baseline: string;
  median: number;
  baselineMedian: number;
  /** Median over rounds of subject / baseline. */
  ratio: number;
}

interface Load {
  /** What runs: the first word of its figures. */
  name: string;
  target: ThroughputTarget;
  /** Subject, the bare part beside it, and at how many clients. */
  comparisons: readonly { subject: string; baselines: readonly string[]; clients: readonly number[] }[];
}

/** What one call is made of at the least, which is of one client. */
const ofLeastParts: Load['comparisons'] = [
  { subject: 'createTicket', baselines: ['least create'], clients: [1] },
  { subject: 'tickets(id)', baselines: ['least read'], clients: [1] },
];

async function measureLoad({ name, target, comparisons }: Load, rounds: number): Promise<Comparison[]> {
  const found: Comparison[] = [];
  for (const clients of new Set(comparisons.flatMap((one) => one.clients))) {
    say(`${name}: ${clients} client${clients === 1 ? '' : 's'} …`);
    const ofClients = comparisons.filter((one) => one.clients.includes(clients));
    const names = new Set(ofClients.flatMap(({ subject, baselines }) => [subject, ...baselines]));
    const load = throughputSubjects(target, { clients, calls: clients === 1 ? 500 : 4000 });
    const subjects = load.subjects.filter((one) => names.has(one.name));
    // One round warms all sides up and is thrown away.
    await takeTurns(subjects, { rounds: 1 });
    const samples = await takeTurns(subjects, { rounds });
    load.close();
    for (const { subject, baselines } of ofClients) {
      for (const figure of ['p50Ms', 'p95Ms', 'perSecond', 'storedPerSecond']) {
        if (!samples[subject]?.[figure]) continue;
        const part = `${name}, ${clients} clients`;
        for (const baseline of baselines) found.push(compare(samples, { part, figure, subject, baseline }));
      }
    }
  }
  return found;
}

async function desk(dataDir: string, rounds: number): Promise<Comparison[]> {
  const desk = await startDesk({ dataDir, bundleDir: outDir, env: { LOG_LEVEL: 'warn' } });
  const pool = openPool({ ...(await databaseAddress(dataDir)), max: 16 });
  const least = await openLeastParts();
  try {
    await desk.healthy();
    const target = {
      graphqlUrl: new URL('/graphql', desk.url).href,
      parts: { ...least, pool },
      ids: await idsIn(pool),
    };
    const comparisons = [
      { subject: 'createTicket', baselines: ['bare insert'], clients: [1, 64] },
      { subject: 'tickets(id)', baselines: ['bare select'], clients: [1, 32, 64] },
      ...ofLeastParts,
    ];
    return await measureLoad({ name: 'desk', target, comparisons }, rounds);
  } finally {
    await least.close();
    await pool.end();
    await desk.stop();
  }
}

async function team(rounds: number): Promise<Comparison[]> {
  await demandServices();
  const { graphqlUrl, parts, stop } = await startTeam({ bundleDir: outDir });
  const least = await openLeastParts();
  try {
    await parts.pool.query(seedStatement);
    await parts.pool.query('vacuum analyze');
    const target = { graphqlUrl, parts: { ...parts, ...least }, ids: await idsIn(parts.pool) };
    const comparisons = [
      { subject: 'createTicket', baselines: ['bare insert', 'bare publish'], clients: [1, 64] },
      { subject: 'tickets(id)', baselines: ['bare select', 'bare GET'], clients: [1, 32] },
      ...ofLeastParts,
    ];
    return await measureLoad({ name: 'team', target, comparisons }, rounds);
  } finally {
    await least.close();
    await stop();
  }
}

/** How many tickets a small desk has, and a large one. */
const deskSizes = { small: 1_000, large: 100_000 };

/** Both desks at once, so that what grows with the database shows within a round. */
async function conversation(rounds: number): Promise<Comparison[]> {
  const opened: Awaited<ReturnType<typeof openConversation>>[] = [];
  try {
    for (const size of ['small', 'large'] as const) opened.push(await openConversation(size));
    const subjects = opened.flatMap((one) => one.subjects);
    say('conversations: small and large …');
    await takeTurns(subjects, { rounds: 1 });
    const samples = await takeTurns(subjects, { rounds });
    const p50 = (subject: string, baseline: string) =>
      compare(samples, { part: 'conversation', figure: 'p50Ms', subject, baseline });
    const reads = ['open a ticket', 'read 200 comments'];
    return [
      ...['small', 'large'].flatMap((size) => [
        ...reads.map((name) => p50(`${name}, ${size}`, `bare: ${name}, ${size}`)),
        p50(`addComment, ${size}`, `createTicket, ${size}`),
      ]),
      ...[...reads, 'addComment', 'createTicket', 'updateTicket'].map((name) =>
        p50(`${name}, large`, `${name}, small`),
      ),
    ];
  } finally {
    for (const one of opened) await one.close();
  }
}

async function openConversation(size: keyof typeof deskSizes) {
  const tickets = deskSizes[size];
  say(`filling a desk with ${tickets.toLocaleString('en')} tickets and their comments …`);
  const folder = await makeDataDir();
  const desk = await startDesk({ dataDir: folder, bundleDir: outDir, env: { LOG_LEVEL: 'warn' } });
  await desk.healthy();
  await queryDatabase(folder, seedConversations(tickets));
  await queryDatabase(folder, 'vacuum analyze');
  const pool = openPool({ ...(await databaseAddress(folder)), max: 1 });
  const target = { graphqlUrl: new URL('/graphql', desk.url).href, pool };
  const { subjects, close } = conversationSubjects(target, { label: size, calls: 200 });
  return {
    subjects,
    async close() {
      close();
      await pool.end();
      await desk.stop();
      await removeDataDir(folder);
    },
  };
}

/** How many the desk has of which some are changed, or all go out and in. */
const bulkTickets = 100_000;

/** @param use is given a desk of that many tickets, which is gone afterwards */
async function onLargeDesk<Result>(use: (desk: ScaleDesk) => Promise<Result>): Promise<Result> {
  const dataDir = await makeDataDir();
  try {
    await seedFolder(dataDir, bulkTickets);
    const desk = await openScaleDesk({ tickets: bulkTickets, dataDir, bundleDir: outDir });
    return await use(desk).finally(() => desk.close());
  } finally {
    await removeDataDir(dataDir);
  }
}

const bulk = (rounds: number) =>
  onLargeDesk(async (desk): Promise<Comparison[]> => {
    const subjects = await bulkSubjects(desk);
    say('a bulk change of 10,000 tickets, and reads meanwhile …');
    await takeTurns(subjects, { rounds: 1 });
    const samples = await takeTurns(subjects, { rounds });
    const beside = (figure: string, subject: string, baseline: string) =>
      compare(samples, { part: 'bulk', figure, subject, baseline });
    return [
      beside('ms', 'bulk change', 'one UPDATE'),
      ...['p50Ms', 'p95Ms'].map((figure) => beside(figure, 'reads during a bulk change', 'reads')),
    ];
  });

const transfer = (rounds: number) =>
  onLargeDesk(async (desk): Promise<Comparison[]> => {
    const { subjects, close } = await transferSubjects(desk, { bundleDir: outDir });
    say(`${bulkTickets} tickets out and in …`);
    const samples = await takeTurns(subjects, { rounds });
    await close();
    const beside = (subject: string, baseline: string) =>
      compare(samples, { part: 'transfer', figure: 'ms', subject, baseline });
    return [beside('export', 'COPY out'), beside('import', 'COPY in')];
  });

async function idsIn(pool: pg.Pool): Promise<number[]> {
  return (await pool.query<{ id: number }>('select id from tickets')).rows.map(({ id }) => id);
}

/** The packed app; undefined where nobody packed one. @throws Problem when it is asked for by name. */
async function findPacked(): Promise<string | undefined> {
  const { unpackedExecutable } = await import('./package/pack.ts');
  const executable = unpackedExecutable();
  if (existsSync(executable)) return executable;
  if (positionals.includes('packed'))
    throw new Problem('There is no packed app. Run: npm run package -- --dir');
  say('without the packed app, as there is none (npm run package -- --dir makes it)');
  return undefined;
}

async function appStart(userData: string, rounds: number): Promise<Comparison[]> {
  const packedPath = wanted('packed') ? await findPacked() : undefined;
  say(`start to the list of ${seededTickets.toLocaleString('en')} tickets, beside an empty window …`);
  const samples = await measureStart({ userData, newestTitle, packedPath }, { rounds });
  const measured = Object.keys(samples).filter((name) => name !== 'empty window');
  return measured.flatMap((subject) =>
    ['startMs', 'liveMs', 'memoryMib'].map((figure) =>
      compare(samples, { figure, subject, baseline: 'empty window' }),
    ),
  );
}

/** How many the list has that is scrolled through. */
const listRows = 100_000;

async function list(rounds: number): Promise<Comparison[]> {
  const userData = await makeDataDir();
  const folder = join(userData, 'desk');
  await seedDesk(folder, seedList(listRows, newestTitle));
  try {
    return await withRuntime(async (runtime) => {
      const { subjects, close } = await scrollSubjects({ ...runtime, userData, newestTitle, rows: listRows });
      say(`a list of ${listRows.toLocaleString('en')} tickets from end to end, beside one of plain divs …`);
      const samples = await takeTurns(subjects, { rounds }).finally(close);
      return ['p50Ms', 'p95Ms', 'heapMib', 'heapGrowth'].map((figure) =>
        compare(samples, { part: 'list', figure, subject: 'desk', baseline: 'plain divs' }),
      );
    });
  } finally {
    await removeDataDir(folder);
    await removeDataDir(userData);
  }
}

function compare(
  samples: Samples,
  { part, figure, subject, baseline }: { part?: string; figure: string; subject: string; baseline: string },
): Comparison {
  // Of a bare part, answered is stored.
  const baseFigure = samples[baseline]?.[figure] ? figure : 'perSecond';
  return {
    figure: part === undefined ? figure : `${part}, ${figure}`,
    subject,
    baseline,
    median: median(samples[subject]?.[figure] ?? []),
    baselineMedian: median(samples[baseline]?.[baseFigure] ?? []),
    ratio: medianRatio(samples, { figure, name: subject }, { figure: baseFigure, name: baseline }),
  };
}

/** What takes long, or fails when it finds too much, runs by itself. */
const alone: Record<string, () => Promise<void>> = {
  scale: async () => (await import('./bench-scale.ts')).benchScale({ ...values, rounds }),
  budgets: async () => (await import('./bench-budgets.ts')).keepBudgets(rounds),
};
const partNames = ['app', 'packed', 'list', 'desk', 'conversation', 'bulk', 'transfer', 'team'];
const known = [...partNames, ...Object.keys(alone)];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    tickets: { type: 'string', default: '100000,1000000' },
    data: { type: 'string' },
    only: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Problem(`--rounds takes a whole number from 1, not "${values.rounds}"`);
const unknown = positionals.find((part) => !known.includes(part));
if (unknown) throw new Problem(`There is no part "${unknown}": leave it out, or name ${known.join(', ')}`);
const wanted = (part: string) => positionals.length === 0 || positionals.includes(part);
const single = positionals.find((part) => alone[part]);
if (single) {
  if (positionals.length > 1) throw new Problem(`${single} is measured alone: name no other part beside it`);
  await alone[single]?.();
  process.exit();
}

await bundle();
const userData = await makeDataDir();
const dataDir = join(userData, 'desk');
const comparisons: Comparison[] = [];
try {
  const wantsApp = wanted('app') || wanted('packed');
  if (wantsApp || wanted('desk')) await seedDesk(dataDir);
  // The app comes first: the load below adds tickets.
  if (wantsApp) comparisons.push(...(await appStart(userData, rounds)));
  if (wanted('list')) comparisons.push(...(await list(rounds)));
  if (wanted('desk')) comparisons.push(...(await desk(dataDir, rounds)));
  if (wanted('conversation')) comparisons.push(...(await conversation(rounds)));
  if (wanted('bulk')) comparisons.push(...(await bulk(rounds)));
  if (wanted('transfer')) comparisons.push(...(await transfer(rounds)));
  if (wanted('team')) comparisons.push(...(await team(rounds)));
} finally {
  await removeDataDir(dataDir);
  await removeDataDir(userData);
}
console.table(
  comparisons.map((row) => ({
    ...row,
    median: Number(row.median.toFixed(2)),
    baselineMedian: Number(row.baselineMedian.toFixed(2)),
    ratio: Number(row.ratio.toFixed(2)),
  })),
);
if (values.json) {
  const machine = { node: process.version, platform: `${process.platform} ${process.arch}` };
  await writeFile(
    values.json,
    `${JSON.stringify({ rounds, seededTickets, ...machine, comparisons }, null, 2)}\n`,
  );
}
