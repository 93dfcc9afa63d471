/**
 * `npm run check`: everything that can be known of the code without starting the desk. Runs every step, with a
 * line and its time each, shows what the failing ones wrote, and ends with the count. `-- --no-tests` leaves out the
 * unit tests, for who runs `npm test` besides.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './bundle.ts';
import { problemsStep, type Step, supplySteps } from './supply/supply-steps.ts';
import { trackedFileProblems } from './tracked-files.ts';

const run = promisify(execFile);

/** A tool from node_modules, run by this Node. */
function tool(name: string, script: string, ...args: string[]): Step {
  const env = { ...process.env, NO_COLOR: '1' };
  return {
    name,
    run: () =>
      run(process.execPath, [join(root, script), ...args], { cwd: root, env, maxBuffer: 2 ** 26 }).then(
        () => ({ ok: true, output: '' }),
        (failed) => ({ ok: false, output: `${failed.stdout}${failed.stderr}` }),
      ),
  };
}

function arrows(name: string, config: string): Step {
  const cruise = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';
  const folders = ['electron', 'renderer', 'backend', 'proto', 'build'];
  return tool(name, cruise, ...folders, '--config', config, '--output-type', 'err-long');
}

const steps: Step[] = [
  tool('generated code is what its sources make', 'build/run.mjs', 'codegen', '--check'),
  tool('the picture of the topology is what its source makes', 'build/run.mjs', 'topology', '--check'),
  tool('format and lint', 'node_modules/@biomejs/biome/bin/biome', 'ci', '.', '--colors=off'),
  tool('types', 'node_modules/typescript/bin/tsc', '--project', '.', '--noEmit'),
  arrows('arrows and cycles', '.dependency-cruiser.cjs'),
  arrows('cycles of folders', '.dependency-cruiser.folders.cjs'),
  tool('unused code', 'node_modules/knip/bin/knip.js', '--no-progress'),
  problemsStep('length and text of files', () => trackedFileProblems(root)),
  ...supplySteps,
];
if (!process.argv.includes('--no-tests')) {
  steps.push(
    tool(
      'unit tests',
      'node_modules/vitest/vitest.mjs',
      ...['run', '--project', 'unit', '--project', 'components', '--reporter', 'dot'],
    ),
  );
}

let failedCount = 0;
for (const step of steps) {
  const started = performance.now();
  const { ok, output, note } = await step.run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s)`);
  if (note) console.log(`       ${note}`);
  if (ok) continue;
  failedCount += 1;
  console.log(`${output.trim()}\n`);
}
process.exitCode = failedCount > 0 ? 1 : 0;
console.log(`${steps.length - failedCount} passed, ${failedCount} failed`);
