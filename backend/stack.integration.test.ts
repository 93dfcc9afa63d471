/**
 * A team's stack with three ticket services on the channel: every part killed and stopped, every link broken, messages delivered again,
 * under every kind of write and read. `npm run soak -- --stack --kills N` runs as many rounds as asked.
 */
import { expect, it } from 'vitest';
import { mountSmallDisk } from './soak/faults.ts';
import { inWords, planTest } from './soak/rounds.ts';
import { runStackRounds } from './soak/stack-run.ts';
import { makeDataDir, removeDataDir } from './testing/desk-process.ts';

// FAULT_SEED repeats what a failed run did.
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 2 ** 32);

it(`loses, doubles and holds up nothing, and reads nothing old, whatever breaks (FAULT_SEED=${seed})`, async (context) => {
  const [dataDir, folder] = await Promise.all([makeDataDir(), makeDataDir()]);
  const disk = mountSmallDisk(dataDir);
  context.onTestFinished(async () => {
    disk?.remove();
    await Promise.all([removeDataDir(dataDir), removeDataDir(folder)]);
  });
  const passed: string[] = [];
  const report = await runStackRounds({
    dataDir,
    disk,
    folder,
    seed,
    rounds: 0,
    plan: (faults) => planTest(faults, seed),
    onRound: (text) => passed.push(text),
  });
  const { done, complaints } = inWords(report);
  console.log(seed, done);
  expect(complaints, passed.join('\n')).toEqual([]);
  const { create, update, comment, status, delete: deletes, read, bulk, undo } = report.history.done();
  expect(Math.min(create, update, comment + status, deletes, read), done).toBeGreaterThan(passed.length);
  expect(bulk + undo, done).toBeGreaterThan(1);
}, 900_000);
