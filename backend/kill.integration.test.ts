/** A desk on its built-in service, broken at random moments under every kind of write. `npm run soak -- --kills N` runs as many rounds as asked. */
import { expect, it } from 'vitest';
import { runDeskRounds } from './soak/desk-run.ts';
import { mountSmallDisk } from './soak/faults.ts';
import { inWords } from './soak/rounds.ts';
import { makeDataDir, removeDataDir } from './testing/desk-process.ts';

/** Each fault once. */
const rounds = 13;
// KILL_SEED repeats what a failed run did.
const seed = Number(process.env.KILL_SEED ?? Date.now() % 2 ** 32);

it(`loses nothing that was answered and doubles nothing over ${rounds} faults (KILL_SEED=${seed})`, async (context) => {
  const [dataDir, folder] = await Promise.all([makeDataDir(), makeDataDir()]);
  const disk = mountSmallDisk(dataDir);
  context.onTestFinished(async () => {
    disk?.remove();
    await Promise.all([removeDataDir(dataDir), removeDataDir(folder)]);
  });
  const report = await runDeskRounds({ dataDir, disk, folder, rounds, seed });
  const { done, complaints } = inWords(report);
  console.log(seed, done);
  expect(complaints).toEqual([]);
  const { create, update, status, comment, bulk, undo } = report.history.done();
  expect(create).toBeGreaterThan(rounds);
  expect(update + status + comment, done).toBeGreaterThan(rounds);
  expect(bulk + undo, done).toBeGreaterThan(1);
  const killed = report.history.breakages.filter(({ what }) => what === 'killed').map(({ lane }) => lane);
  expect(killed).toEqual(expect.arrayContaining(['desk', 'ticket-service', 'postgres']));
}, 300_000);
