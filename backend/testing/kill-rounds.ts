/**
 * Files tickets and writes to them without a pause while parts of the desk are killed, and counts what became of them. A seed
 * repeats what is killed and after how long; what the machine makes of it differs from run to run.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { type BulkVerdict, startBulkRounds } from './bulk-rounds.ts';
import { type DeskPart, queryDatabase, startDesk, type TestDesk, until } from './desk-process.ts';
import { compare, type Filing, isOutboxEmpty, type StoredRow, startFiling } from './filing.ts';
import { judgeWrites, type WritesVerdict } from './judge-writes.ts';
import { seededRandom } from './random.ts';

export interface KillOptions {
  dataDir: string;
  rounds: number;
  seed: number;
  /** Where serve.cjs is; bundled for this process when left out. */
  bundleDir?: string;
  onRound?: (round: { number: number; parts: readonly DeskPart[]; answered: number }) => void;
}

export interface KillReport extends WritesVerdict, BulkVerdict {
  kills: Record<DeskPart, number>;
  /** Creates that the desk answered with success. */
  answered: number;
  /** Tickets in the database at the end. */
  stored: number;
  /** Request ids that were answered and are not stored. */
  lost: string[];
  /** Request ids, or titles, that were stored more than once. */
  doubled: string[];
  /** Answers that were neither success nor a refusal that may pass. */
  wrong: string[];
}

/** The longest that a round waits before it kills. */
const longestMs = 250;
const choices: readonly [readonly DeskPart[], ...(readonly DeskPart[])[]] = [
  ['desk'],
  ['desk'],
  ['ticket-service'],
  ['postgres'],
  ['ticket-service', 'postgres'],
];

export async function runKillRounds(options: KillOptions): Promise<KillReport> {
  const { dataDir, rounds, onRound } = options;
  const random = seededRandom(options.seed);
  const bundleDir = options.bundleDir && { bundleDir: options.bundleDir };
  const kills: Record<DeskPart, number> = { desk: 0, 'ticket-service': 0, postgres: 0 };
  let desk = await startDesk({ dataDir, ...bundleDir });
  const filing = startFiling(() => desk);
  const bulk = startBulkRounds(() => desk);
  try {
    for (let number = 1; number <= rounds; number += 1) {
      await delay(random.below(longestMs));
      // Each choice once, however few the rounds are.
      const parts = choices[number - 1] ?? random.pick(choices);
      for (const part of parts) kills[part] += 1;
      await Promise.all(parts.map((part) => desk.kill(part)));
      if (parts.includes('desk')) desk = await startDesk({ dataDir, ...bundleDir });
      await running(desk);
      // Mostly while tickets are being stored, sometimes while the parts still find each other.
      if (random.below(4) > 0) await desk.healthy();
      onRound?.({ number, parts, answered: filing.answered.size });
    }
    await Promise.all([filing.stop(), bulk.stop()]);
    await until(() => isOutboxEmpty(desk), { timeoutMs: 60_000, everyMs: 100 });
    const query = <Row extends pg.QueryResultRow>(sql: string) => queryDatabase<Row>(dataDir, sql);
    const verdict = { ...(await judgeWrites(filing, { desk, query })), ...(await bulk.judge(query)) };
    return { kills, ...(await count(dataDir, filing)), ...verdict, wrong: filing.wrong };
  } finally {
    await Promise.all([filing.stop(), bulk.stop()]);
    await desk.stop();
  }
}

/** Resolves once both parts behind the desk run, which is what the next kill needs. */
async function running(desk: TestDesk): Promise<void> {
  await until(async () => desk.pidOf('postgres') !== undefined && desk.pidOf('ticket-service') !== undefined);
}

async function count(
  dataDir: string,
  filing: Filing,
): Promise<Pick<KillReport, 'answered' | 'stored' | 'lost' | 'doubled'>> {
  const rows = await queryDatabase<StoredRow>(dataDir, 'select request_id, title from tickets');
  return { answered: filing.answered.size, stored: rows.length, ...compare(filing, rows) };
}
