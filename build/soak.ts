/**
 * `npm run soak -- [--kills N] [--seed S] [--stack] [--report FILE]`: breaks parts of a desk N times while people work on it with every
 * kind of write, then judges what was answered by what is there. With --stack: of a team's stack, and the links in it.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runDeskRounds } from '../backend/soak/desk-run.ts';
import { mountSmallDisk } from '../backend/soak/faults.ts';
import { runMoveKills } from '../backend/soak/move-run.ts';
import { renderReport } from '../backend/soak/report.ts';
import { inWords, type SoakReport } from '../backend/soak/rounds.ts';
import { runStackRounds } from '../backend/soak/stack-run.ts';
import { makeDataDir, removeDataDir } from '../backend/testing/desk-process.ts';
import { bundle, outDir } from './bundle.ts';
import { demandServices, sweepServices } from './services.ts';
import { Problem, say } from './terminal.ts';

/** For so many rounds on the desk one more in which a move is killed. */
const roundsOfMove = 20;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string' },
    stack: { type: 'boolean', default: false },
    report: { type: 'string' },
  },
});
const rounds = wholeNumber('--kills', values.kills);
const seed = wholeNumber('--seed', values.seed ?? String(Date.now() % 2 ** 32));
const again = `npm run soak -- ${values.stack ? '--stack ' : ''}--kills ${rounds} --seed ${seed}`;

await bundle();
const [dataDir, folder] = await Promise.all([makeDataDir(), makeDataDir()]);
say(`${rounds} rounds with seed ${seed} on ${dataDir}`);
const disk = mountSmallDisk(dataDir);
const options = { dataDir, disk, folder, rounds, seed, bundleDir: outDir, onRound: say };
const report = await (values.stack ? soakStack() : soakDesk());
const { done, complaints } = inWords(report);
say(done);
if (values.report !== undefined) {
  const title = values.stack ? "A team's stack, broken" : 'A desk, broken';
  await writeFile(values.report, renderReport(report, { title, again }));
  say(`The report is ${values.report}.`);
}
if (complaints.length > 0) {
  const { history, final } = report;
  const file = path.join(folder, 'operations.json');
  await writeFile(file, JSON.stringify({ operations: history.operations, final }));
  const kept = `The data is kept in ${dataDir}, what was asked and answered in ${file}`;
  throw new Problem(`${complaints.join('\n')}\n${kept}; repeat with: ${again}`);
}
disk?.remove();
await Promise.all([removeDataDir(dataDir), removeDataDir(folder)]);
say('Each that was answered is there once, nothing was read old, and each count was right.');
// Left to end by itself, Node 20 was seen to turn for ever in the closing of handles.
process.exit();

async function soakDesk(): Promise<SoakReport> {
  const report = await runDeskRounds(options);
  const kills = Math.ceil(rounds / roundsOfMove);
  say(`A desk is moved to a team's server; the process is killed up to ${kills} times.`);
  const { history, complaints } = report;
  complaints.push(...(await runMoveKills({ folder, kills, seed, history })));
  return report;
}

async function soakStack(): Promise<SoakReport> {
  await demandServices();
  try {
    return await runStackRounds(options);
  } finally {
    await sweepServices();
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Problem(`${name} takes a whole number, not "${text}"`);
  return Number(text);
}
