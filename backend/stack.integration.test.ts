/**
 * Promises 1 to 5 and 8 on a team's stack, with three ticket services on the channel: every part killed, every link
 * broken, while tickets are filed, changed, deleted, commented on and read. `npm run soak -- --stack --kills N` runs as many rounds as
 * asked.
 */
import { expect, it } from 'vitest';
import { makeDataDir, removeDataDir } from './testing/desk-process.ts';
import { everyKindOfRound, runFaultRounds } from './testing/fault-rounds.ts';

// FAULT_SEED repeats what a failed run did.
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 2 ** 32);
const drainWithinMs = 5_000;

it(`loses, doubles and holds up nothing, and reads nothing old, whatever breaks (FAULT_SEED=${seed})`, async (context) => {
  const dataDir = await makeDataDir();
  context.onTestFinished(() => removeDataDir(dataDir));
  const passed: string[] = [];
  const rounds = everyKindOfRound(seed);
  const report = await runFaultRounds({ dataDir, rounds, seed, onRound: (text) => passed.push(text) });
  console.log(JSON.stringify({ seed, ...report }));
  expect(report, passed.join('\n')).toMatchObject({
    lost: [],
    doubled: [],
    unwritten: [],
    writtenTwice: [],
    disordered: [],
    untold: [],
    mistold: [],
    undone: [],
    stale: [],
    wrong: [],
    leftInQueue: 0,
  });
  expect(report.slowestDrainMs, report.slowestDrainAfter).toBeLessThanOrEqual(drainWithinMs);
  expect(report.bulks).toBeGreaterThan(1);
  expect(
    Math.min(report.answered, report.written, report.updates, report.deletes, report.reads),
  ).toBeGreaterThan(rounds.length);
}, 900_000);
