/** Promises 1 to 3 and 8, with kill -9 at random moments. `npm run soak -- --kills N` runs as many as asked. */
import { expect, it } from 'vitest';
import { makeDataDir, removeDataDir } from './testing/desk-process.ts';
import { runKillRounds } from './testing/kill-rounds.ts';

const rounds = 10;
// KILL_SEED repeats what a failed run did.
const seed = Number(process.env.KILL_SEED ?? Date.now() % 2 ** 32);

it(`loses nothing that was answered and doubles nothing over ${rounds} kills (KILL_SEED=${seed})`, async (context) => {
  const dataDir = await makeDataDir();
  context.onTestFinished(() => removeDataDir(dataDir));
  const report = await runKillRounds({ dataDir, rounds, seed });
  console.log(JSON.stringify({ seed, ...report }));
  expect(report).toMatchObject({
    lost: [],
    doubled: [],
    unwritten: [],
    writtenTwice: [],
    disordered: [],
    untold: [],
    mistold: [],
    wrong: [],
  });
  expect(report.stored).toBe(report.answered);
  expect(report.written).toBeGreaterThan(rounds);
  expect(report.bulks).toBeGreaterThan(1);
  expect(Math.min(...Object.values(report.kills))).toBeGreaterThan(0);
}, 300_000);
