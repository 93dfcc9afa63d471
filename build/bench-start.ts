/** The app as a person starts it from the clone, and packed where somebody packed one, beside an empty window. */
import { type StartTarget, startSubjects } from '../backend/bench/app-start.ts';
import { type Samples, takeTurns } from '../backend/bench/rounds.ts';
import { root } from './bundle.ts';
import { openWindow } from './desk-window.ts';
import { prepareWindow } from './prepare-window.ts';

/** The runtime, what it runs, and a display. */
export type Runtime = Pick<StartTarget, 'executablePath' | 'appDir' | 'env'>;

/** @throws Problem: there is no display, and no virtual one either */
export async function withRuntime<Result>(use: (runtime: Runtime) => Promise<Result>): Promise<Result> {
  const window = await openWindow(await prepareWindow(), []);
  const env: Record<string, string> = { LOG_LEVEL: 'warn' };
  for (const [name, value] of Object.entries(window.env)) if (value !== undefined) env[name] ??= value;
  try {
    return await use({ executablePath: window.command, appDir: root, env });
  } finally {
    await window.close();
  }
}

/** One more start of each is thrown away: it reads from the disk what those after it have in memory. */
export function measureStart(
  target: Omit<StartTarget, keyof Runtime>,
  options: { rounds: number },
): Promise<Samples> {
  return withRuntime(async (runtime) => {
    const { subjects, close } = await startSubjects({ ...runtime, ...target });
    try {
      await takeTurns(subjects, { rounds: 1 });
      return await takeTurns(subjects, options);
    } finally {
      await close();
    }
  });
}
