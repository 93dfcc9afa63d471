/** A desk on its built-in service is broken while people work on it. */
import { hashedLine } from '../secrets.ts';
import { queryDatabase, startDesk, until } from '../testing/desk-process.ts';
import { testToken } from '../testing/graphql.ts';
import { seededRandom } from '../testing/random.ts';
import { createJumpingClock, deskFaults, type SmallDisk } from './faults.ts';
import { readAll } from './final-reads.ts';
import { History } from './history.ts';
import { startPeople } from './people.ts';
import { emptyOutbox, planRounds, runRounds, type SoakReport, verdict } from './rounds.ts';
import { waysInto } from './ways-in.ts';

export interface SoakOptions {
  dataDir: string;
  /** What the data folder is on, where that can be filled. */
  disk?: SmallDisk | undefined;
  /** A folder of its own, for what the run needs beside the desk. */
  folder: string;
  rounds: number;
  seed: number;
  /** Where the programs are; bundled for this process when left out. */
  bundleDir?: string;
  onRound?: (text: string) => void;
}

export async function runDeskRounds(options: SoakOptions): Promise<SoakReport> {
  const { dataDir, disk, folder, seed, onRound } = options;
  const clock = await createJumpingClock(folder);
  const start = () =>
    startDesk({
      dataDir,
      nodeArgs: clock.nodeArgs,
      env: { API_TOKENS: hashedLine(testToken, { name: 'soak', lastDay: undefined }) },
      ...(options.bundleDir && { bundleDir: options.bundleDir }),
    });
  let desk = await start();
  const history = new History();
  const people = startPeople({ desk: () => desk, history, random: seededRandom(seed) });
  const faults = deskFaults({
    clock,
    disk,
    desk: () => desk,
    async start() {
      desk = await start();
    },
  });
  try {
    const late = await runRounds({
      rounds: planRounds(faults, seed, options.rounds),
      history,
      people,
      onRound,
      calm: async () => {},
      drained: async () => {},
      async mended(random) {
        // Both parts behind the desk have to run for the next to be broken.
        await until(
          async () => desk.pidOf('postgres') !== undefined && desk.pidOf('ticket-service') !== undefined,
        );
        // Mostly while tickets are being stored, sometimes while the parts still find each other.
        if (random.below(4) > 0) await desk.healthy();
      },
    });
    await people.stop();
    await emptyOutbox(desk);
    const ways = waysInto(() => desk);
    return verdict(history, await readAll((sql) => queryDatabase(dataDir, sql), { desk, ways }), { late });
  } finally {
    await people.stop();
    await desk.stop();
  }
}
