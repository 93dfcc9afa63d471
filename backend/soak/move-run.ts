/** Moves a helpdesk in use to another ticket service by a process of its own, which is killed again and again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { tiedToParent } from '../../build/child.ts';
import type { MoveStatus } from '../../proto/desktop-bridge.ts';
import { startTestPostgres } from '../testing/postgres.ts';
import { type Random, seededRandom } from '../testing/random.ts';
import { seedDatabase } from '../testing/seed/load.ts';
import { readPlan } from '../testing/seed/plan.ts';
import { queryAt } from '../testing/test-database.ts';
import { silent, startTestService } from '../ticket-service/testing/service.ts';
import type { Complaint } from './check.ts';
import { checkMove } from './check-move.ts';
import { readAll } from './final-reads.ts';
import type { History } from './history.ts';

const program = path.join(import.meta.dirname, 'move-program.ts');
/** A process is killed within so many of its steps. */
const stepsBelow = 3;
/** Enough steps, of 100 tickets each, that it is not over before the last kill. */
const ticketsOf = (kills: number) => 500 + 100 * kills + 20;

export interface MoveOptions {
  /** For the move, and the databases. */
  folder: string;
  kills: number;
  seed: number;
  history: History;
}

/** @returns what must not have happened */
export async function runMoveKills({ folder, kills, seed, history }: MoveOptions): Promise<Complaint[]> {
  const random = seededRandom(seed);
  const postgres = await startTestPostgres();
  const [fromUrl, toUrl] = [await postgres.createDatabase(), await postgres.createDatabase()];
  const plan = readPlan({ tickets: String(ticketsOf(kills)), seed: String(seed), until: '2026-11-28' });
  await seedDatabase({ postgresUrl: fromUrl, plan, logger: silent });
  const [from, to] = [
    await startTestService({ postgresUrl: fromUrl }),
    await startTestService({ postgresUrl: toUrl }),
  ];
  try {
    const answer = await history.run({ by: 'desk', kind: 'move up' }, async () => {
      for (let killed = 0; ; killed += 1) {
        const killAfter = killed < kills ? 1 + random.below(stepsBelow) : Infinity;
        const fromMs = history.nowMs();
        const status = await moveFor([path.join(folder, 'move'), from.address, to.address], {
          killAfter,
          random,
        });
        if (status?.state === 'DONE') {
          const isSame = status.different.length === 0 && status.refused.count === 0;
          return { state: isSame ? 'STORED' : 'WRONG', told: JSON.stringify(status) };
        }
        history.breakages.push({ lane: 'move up', what: 'killed', fromMs, toMs: history.nowMs() });
      }
    });
    const held = await Promise.all([fromUrl, toUrl].map((url) => readAll((sql) => queryAt(url, sql))));
    const [sent, stored] = held;
    const told: Complaint[] =
      answer?.state === 'STORED' ? [] : [{ rule: 'mistold', words: `the move: ${answer?.told}` }];
    return sent && stored ? [...told, ...checkMove(sent, stored)] : told;
  } finally {
    await Promise.all([from.stop(), to.stop()]);
    await postgres.stop();
  }
}

/** Runs the process until it is done, or has told so many steps and is killed at some moment of the next. @returns what it told last */
async function moveFor(
  args: string[],
  { killAfter, random }: { killAfter: number; random: Random },
): Promise<MoveStatus | undefined> {
  const child = spawn(...tiedToParent(process.execPath, ['--import', 'tsx', program, ...args]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let last: MoveStatus | undefined;
  let steps = 0;
  for await (const line of createInterface(child.stdout)) {
    last = JSON.parse(line) ?? undefined;
    steps += 1;
    if (last?.state === 'DONE') break;
    if (steps === killAfter) setTimeout(() => child.kill('SIGKILL'), random.below(50));
  }
  child.kill('SIGKILL');
  await exited;
  return last;
}
