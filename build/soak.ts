/** `npm run soak -- --kills N [--seed S]`: kills parts of a desk N times while tickets are filed, then counts. */
import { parseArgs } from 'node:util';
import { makeDataDir, removeDataDir } from '../backend/testing/desk.ts';
import { runKillRounds } from '../backend/testing/kill-rounds.ts';
import { bundle, outDir } from './bundle.ts';
import { Problem, say } from './terminal.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string' } },
});
const rounds = wholeNumber('--kills', values.kills);
const seed = wholeNumber('--seed', values.seed ?? String(Date.now() % 2 ** 32));

await bundle();
const dataDir = await makeDataDir();
say(`${rounds} kills with seed ${seed} on ${dataDir}`);
const report = await runKillRounds({
  dataDir,
  rounds,
  seed,
  bundleDir: outDir,
  onRound: ({ number, parts, answered }) =>
    say(`${number}/${rounds} ${parts.join(' and ')}: ${answered} answered`),
});
console.log(JSON.stringify({ seed, ...report }));
const { lost, doubled, wrong } = report;
if (lost.length + doubled.length + wrong.length > 0) {
  throw new Problem(
    `${lost.length} lost, ${doubled.length} doubled, ${wrong.length} wrongly answered. The data is kept in ${dataDir}; repeat with --seed ${seed}`,
  );
}
await removeDataDir(dataDir);
say(`${report.answered} answered, each stored exactly once`);

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Problem(`${name} takes a whole number, not "${text}"`);
  return Number(text);
}
