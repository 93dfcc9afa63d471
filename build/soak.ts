/**
 * `npm run soak -- --kills N [--seed S]`: kills parts of a desk N times while tickets are filed and written to, then counts.
 * With --stack: parts of a team's stack are killed, and the links between them broken, N times in all.
 */
import { parseArgs } from 'node:util';
import type { BulkVerdict } from '../backend/testing/bulk-rounds.ts';
import { makeDataDir, removeDataDir } from '../backend/testing/desk-process.ts';
import { randomRounds, runFaultRounds } from '../backend/testing/fault-rounds.ts';
import type { WritesVerdict } from '../backend/testing/judge-writes.ts';
import { runKillRounds } from '../backend/testing/kill-rounds.ts';
import { bundle, outDir } from './bundle.ts';
import { prepareServices, sweepServices } from './services.ts';
import { Problem, say } from './terminal.ts';

const drainWithinMs = 5_000;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string' },
    stack: { type: 'boolean', default: false },
  },
});
const rounds = wholeNumber('--kills', values.kills);
const seed = wholeNumber('--seed', values.seed ?? String(Date.now() % 2 ** 32));

await bundle();
const dataDir = await makeDataDir();
say(`${rounds} rounds with seed ${seed} on ${dataDir}`);
const { answered, complaints } = await (values.stack ? soakStack() : soakDesk());
if (complaints.length > 0) {
  throw new Problem(
    `${complaints.join(', ')}. The data is kept in ${dataDir}; repeat with ${values.stack ? '--stack ' : ''}--kills ${rounds} --seed ${seed}`,
  );
}
await removeDataDir(dataDir);
say(`${answered} answered, each stored exactly once`);

interface Verdict {
  answered: number;
  /** What must not have happened, in words. */
  complaints: string[];
}

async function soakDesk(): Promise<Verdict> {
  const report = await runKillRounds({
    dataDir,
    rounds,
    seed,
    bundleDir: outDir,
    onRound: ({ number, parts, answered: soFar }) =>
      say(`${number}/${rounds} ${parts.join(' and ')}: ${soFar} answered`),
  });
  console.log(JSON.stringify({ seed, ...report }));
  const { lost, doubled, wrong } = report;
  const complaints = counted({ lost, doubled, ...ofWrites(report), 'wrongly answered': wrong });
  return { answered: report.answered + report.written, complaints };
}

async function soakStack(): Promise<Verdict> {
  const services = await prepareServices();
  const [missing] = services.missing;
  if (missing) throw new Problem(`${missing.title} can't be had: ${missing.reason}.`);
  Object.assign(process.env, services.env);
  try {
    const planned = randomRounds(seed, rounds);
    const report = await runFaultRounds({ dataDir, rounds: planned, seed, bundleDir: outDir, onRound: say });
    console.log(JSON.stringify({ seed, ...report }));
    const { lost, doubled, undone, stale, wrong, leftInQueue, slowestDrainMs } = report;
    const complaints = counted({
      lost,
      doubled,
      ...ofWrites(report),
      undone,
      'read old': stale,
      'wrongly answered': wrong,
    });
    if (leftInQueue > 0) complaints.push(`${leftInQueue} left in the queue`);
    if (slowestDrainMs > drainWithinMs) {
      complaints.push(`drained only after ${Math.round(slowestDrainMs)} ms (${report.slowestDrainAfter})`);
    }
    return { answered: report.answered + report.written, complaints };
  } finally {
    await sweepServices();
  }
}

function ofWrites(report: WritesVerdict & BulkVerdict): Record<string, string[]> {
  const { unwritten, writtenTwice, disordered, untold, mistold } = report;
  return {
    'comments or changes lost': unwritten,
    'comments or changes doubled': writtenTwice,
    'comments or changes out of order': disordered,
    'versions or values not in the history': untold,
    'bulk changes told otherwise than made': mistold,
  };
}

function counted(lists: Record<string, string[]>): string[] {
  return Object.entries(lists).flatMap(([what, list]) => (list.length > 0 ? [`${list.length} ${what}`] : []));
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Problem(`${name} takes a whole number, not "${text}"`);
  return Number(text);
}
