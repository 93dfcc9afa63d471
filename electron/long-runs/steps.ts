/** What a long run did and how long each step of it took, for whoever reads its report. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../e2e/harness.ts';

export interface Steps {
  /** Does it, and tells how long that took. @throws what it throws, and names the step */
  step<Result>(name: string, act: () => Promise<Result>): Promise<Result>;
  /** Something that was found out. */
  note(text: string): void;
}

/** @param run names the report, test-results/long-runs/<run>.txt, which holds what was done so far */
export function stepsOf(run: string): Steps {
  const folder = join(repository, 'test-results', 'long-runs');
  const lines: string[] = [];
  let written: Promise<unknown> = mkdir(folder, { recursive: true });
  const tell = (line: string) => {
    console.info(`${run}: ${line}`);
    lines.push(line);
    const text = `${lines.join('\n')}\n`;
    written = written.then(() => writeFile(join(folder, `${run}.txt`), text));
  };
  return {
    async step(name, act) {
      const startedMs = performance.now();
      const tookS = () => ((performance.now() - startedMs) / 1000).toFixed(1);
      try {
        const result = await act();
        tell(`${name}: ${tookS()} s`);
        return result;
      } catch (thrown) {
        tell(`${name}: failed after ${tookS()} s`);
        throw thrown;
      } finally {
        await written;
      }
    },
    note: tell,
  };
}
