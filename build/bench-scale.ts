/**
 * `npm run bench -- scale [--tickets 100000,1000000] [--rounds N] [--json FILE] [--data FOLDER]
 * [--only TEXT]`: the built-in desk on seeded databases of several sizes and an empty one, side by side in each round.
 * With a folder the databases stay in it and are used again; with a text only what has it in its name is asked.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { median, medianRatio, type Samples, takeTurns } from '../backend/bench/rounds.ts';
import {
  indexSizes,
  type Measured,
  openScaleDesk,
  type ScaleDesk,
  scaleSubjects,
  storedSubject,
  subjectName,
} from '../backend/bench/scale.ts';
import { createLogger } from '../backend/logger.ts';
import { seedDatabase } from '../backend/testing/seed/load.ts';
import { readPlan } from '../backend/testing/seed/plan.ts';
import { withBuiltInDatabase } from './built-in-database.ts';
import { bundle, outDir } from './bundle.ts';
import { Problem, say, startProgress } from './terminal.ts';

interface ScaleOptions {
  /** Sizes, the smallest first, with commas between them. */
  tickets: string;
  rounds: number;
  json?: string | undefined;
  data?: string | undefined;
  /** In the name of what is asked. */
  only?: string | undefined;
}

/** What is aimed at: of the largest size beside the smallest, and of creates stored beside an empty database. */
const goals = { growth: 1.5, stored: 0.8 };

interface Row {
  what: string;
  clients: number;
  /** By size, in milliseconds; bare: the statements alone. */
  p50: Record<string, number>;
  p95: Record<string, number>;
  bare: Record<string, number>;
  /** Calls that failed, of all sizes and rounds. */
  failed: number;
  /** p50 of the largest size beside the smallest, the median over rounds. */
  growth: number;
}

export async function benchScale(options: ScaleOptions): Promise<void> {
  const sizes = options.tickets.split(',').map((tickets) => readPlan({ tickets }).tickets);
  await bundle();
  const folder = options.data ? resolve(options.data) : await mkdtemp(join(tmpdir(), 'scale-'));
  const desks: ScaleDesk[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const tickets of sizes) await seedFolder(join(folder, String(tickets)), tickets);
    for (const tickets of sizes)
      desks.push(await openScaleDesk({ tickets, dataDir: join(folder, String(tickets)), bundleDir: outDir }));
    const indexes = Object.fromEntries(
      await Promise.all(desks.map(async (desk) => [desk.tickets, await indexSizes(desk)] as const)),
    );
    const rows = await measureRows(desks, options);
    const stored = await measureStored(desks, { rounds: options.rounds, folder });
    print(rows, stored, indexes);
    if (options.json) {
      const machine = { node: process.version, cores: cpus().length, memoryBytes: totalmem() };
      const report = { rounds: options.rounds, sizes, goals, machine, rows, stored, indexes };
      await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    }
  } finally {
    for (const desk of desks) await desk.close();
    if (!options.data) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export async function seedFolder(dataDir: string, tickets: number): Promise<void> {
  const startedMs = performance.now();
  const logger = createLogger({ name: 'seed', level: 'warn' });
  const plan = readPlan({ tickets: String(tickets) });
  const outcome = await withBuiltInDatabase(
    { dataDir, logger, onProgress: () => {} },
    (postgresUrl, signal) =>
      seedDatabase({ postgresUrl, plan, logger, signal, onRows: startProgress(`${tickets} tickets`) }),
  );
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  say(`${tickets} tickets ${outcome === 'seeded' ? `in ${seconds} s` : 'were there already'}`);
}

/** Of each thing that is asked both sizes take turns, so that a noisy minute falls on both. */
async function measureRows(desks: readonly ScaleDesk[], { rounds, only = '' }: ScaleOptions): Promise<Row[]> {
  const bySize: Measured[][] = [];
  // One after the other: which statements a call sends is seen by what this process sends meanwhile.
  for (const desk of desks) bySize.push(await scaleSubjects(desk));
  const rows: Row[] = [];
  for (const [index, { what, clients }] of (bySize[0] ?? []).entries()) {
    if (!what.includes(only)) continue;
    const subjects = bySize.flatMap((measured) => measured[index]?.subjects ?? []);
    await takeTurns(subjects, { rounds: 1 });
    const row = rowOf(await takeTurns(subjects, { rounds }), { what, clients, sizes: desks.map(sizeOf) });
    say(`${row.what}, ${clients}: ${Object.values(row.p50).map(short).join(' / ')} ms, ${short(row.growth)}`);
    rows.push(row);
  }
  return rows;
}

const sizeOf = ({ tickets }: ScaleDesk) => tickets;

function rowOf(samples: Samples, of: { what: string; clients: number; sizes: readonly number[] }): Row {
  const { what, clients, sizes } = of;
  const name = (tickets: number, isBare = false) => subjectName(what, clients, tickets, isBare);
  const bySize = (figure: string, isBare = false) =>
    Object.fromEntries(
      sizes.flatMap((tickets) => {
        const values = samples[name(tickets, isBare)]?.[figure];
        return values ? [[tickets, median(values)]] : [];
      }),
    );
  const [smallest = 0] = sizes;
  const growth = medianRatio(
    samples,
    { figure: 'p50Ms', name: name(sizes.at(-1) ?? 0) },
    { figure: 'p50Ms', name: name(smallest) },
  );
  const failed = Object.values(samples).flatMap(({ failed = [] }) => failed);
  return {
    what,
    clients,
    p50: bySize('p50Ms'),
    p95: bySize('p95Ms'),
    bare: bySize('p50Ms', true),
    failed: failed.reduce((sum, count) => sum + count, 0),
    growth,
  };
}

interface Stored {
  perSecond: number;
  emptyPerSecond: number;
  ratio: number;
}

/** The largest desk beside one that is empty. */
async function measureStored(
  desks: readonly ScaleDesk[],
  { rounds, folder }: { rounds: number; folder: string },
): Promise<Stored> {
  const largest = desks.at(-1) as ScaleDesk;
  const dataDir = join(folder, 'empty');
  await rm(dataDir, { recursive: true, force: true });
  const empty = await openScaleDesk({ tickets: 0, dataDir, bundleDir: outDir });
  try {
    const subjects = [storedSubject(largest), storedSubject(empty)];
    await takeTurns(subjects, { rounds: 1 });
    const samples = await takeTurns(subjects, { rounds });
    const [own, other] = subjects.map(({ name }) => ({ figure: 'storedPerSecond', name }));
    const of = (subject = own) => median(samples[subject?.name ?? '']?.storedPerSecond ?? []);
    if (!own || !other) throw new Problem('nothing was measured');
    return { perSecond: of(own), emptyPerSecond: of(other), ratio: medianRatio(samples, own, other) };
  } finally {
    await empty.close();
  }
}

const short = (value: number | undefined) => (value === undefined ? '' : value.toFixed(value < 10 ? 2 : 0));

function print(rows: readonly Row[], stored: Stored, indexes: Record<string, Record<string, number>>): void {
  console.table(
    rows.map(({ what, clients, p50, p95, bare, failed, growth }) => ({
      what,
      clients,
      ...Object.fromEntries(
        Object.keys(p50).flatMap((size) => [
          [`${size} p50`, short(p50[size])],
          [`${size} p95`, short(p95[size])],
          [`${size} bare`, short(bare[size])],
        ]),
      ),
      growth: short(growth),
      goal: growth <= goals.growth ? 'reached' : 'missed',
      ...(failed > 0 && { failed }),
    })),
  );
  console.log(
    `creates stored a second: ${short(stored.perSecond)} beside ${short(stored.emptyPerSecond)} of an empty desk, ${short(stored.ratio)} (goal ${goals.stored})`,
  );
  for (const [size, ofSize] of Object.entries(indexes)) {
    const total = Object.values(ofSize).reduce((sum, bytes) => sum + bytes, 0);
    const mib = (bytes: number) => `${short(bytes / 2 ** 20)} MiB`;
    const list = Object.entries(ofSize).map(([name, bytes]) => `${name} ${mib(bytes)}`);
    console.log(`indexes at ${size} tickets, ${mib(total)}: ${list.join(', ')}`);
  }
}
