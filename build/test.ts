/**
 * `npm test`: brings what the tests need, runs all of them with one runner, and says what it could not run and
 * why. Arguments after `--` go to vitest: `npm test -- backend/proxy`. Its last line is the count.
 * `npm test -- build/acceptance` tries the commands, packages and the stack on Docker as they are used, and
 * `npm test -- electron/long-runs` a window with 100,000 tickets; by itself it leaves both out.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, root } from './bundle.ts';
import { runInForeground } from './child.ts';
import { startTestDisplays, type VirtualDisplay } from './display.ts';
import { ensureElectron } from './electron-runtime.ts';
import { filesThatNeed, prepareServices, sweepServices } from './services.ts';
import { checkSandbox, ensureChromium, ensureSystem, findCommand, hasDisplay } from './system.ts';
import { Problem, say } from './terminal.ts';
import { countLine, countTests, type JsonReport } from './test-report.ts';

/** What this machine lacks: which tests that leaves out, and why. */
interface Gap {
  tests: string;
  reason: string;
}

const gaps: Gap[] = [];
const asked = process.argv.slice(2);
/** Those of vitest.config.ts that run by themselves. */
const ordinary = ['unit', 'components', 'integration', 'e2e'];
/** Those that run alone, and when their folder is asked for. */
const apart = { acceptance: 'build/acceptance', 'long-runs': 'electron/long-runs' };
const wanted = Object.entries(apart).find(([, folder]) =>
  asked.some((argument) => argument.startsWith(folder)),
);
const projects = wanted ? [wanted[0]] : ordinary;
const isAcceptance = projects.includes('acceptance');

/** Runs one step of the set-up; a step that can't be done leaves out `tests` and is told at the end. */
async function attempt<T>(tests: string, step: () => Promise<T>): Promise<T | null> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    gaps.push({ tests, reason: error.message });
    return null;
  }
}

interface Surroundings {
  env: NodeJS.ProcessEnv;
  /** Test files that can't run here. */
  leftOut: string[];
  /** How each service came. */
  services: string[];
  display: Pick<VirtualDisplay, 'stop'> | null;
}

/** The variables by which tests find what they need; a test whose variable is absent skips itself. */
async function prepare(): Promise<Surroundings> {
  const windowTests = 'the desktop window (electron/e2e)';
  const electron = await attempt(windowTests, async () => {
    const { executable } = await ensureElectron();
    await ensureSystem({ electronExecutable: executable, virtualDisplay: !hasDisplay() });
    checkSandbox(executable);
    return { ELECTRON_PATH: executable };
  });
  const needsDisplay = !hasDisplay() && findCommand('Xvfb') !== null;
  const display = needsDisplay ? await attempt(windowTests, startTestDisplays) : null;
  if (isAcceptance) {
    return { env: { ...process.env, ...electron, ...display?.env }, display, leftOut: [], services: [] };
  }
  const chromium = await attempt('the web face in a browser', ensureChromium);
  const services = await prepareServices();
  for (const { name, title, reason } of services.missing) {
    gaps.push({ tests: `with ${title} (${filesThatNeed([name]).join(', ')})`, reason });
  }
  const env = {
    ...process.env,
    ...electron,
    ...(chromium && { CHROMIUM_PATH: chromium }),
    ...display?.env,
    ...services.env,
  };
  const leftOut = filesThatNeed(services.missing.map(({ name }) => name));
  return { env, display, leftOut, services: services.lines };
}

function readReport(path: string): JsonReport {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  throw new Problem('vitest ended without a report: see its output above.\n0 passed, 1 failed');
}

const roomBytes = 8 * 2 ** 30;

/**
 * Where the tests keep their files. The ordinary ones make and remove hundreds of databases of a thousand files each,
 * 3 GB at once, which a file system in memory does in half the processor's time, where there is room.
 */
function placeOfFiles(): string {
  const memory = '/dev/shm';
  if (projects !== ordinary || process.env.TMPDIR || !existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return Math.min(bavail * bsize, freemem()) > roomBytes ? memory : tmpdir();
}

await bundle();
const { env, display, leftOut, services } = await prepare();
const work = mkdtempSync(join(placeOfFiles(), 'ticket-desk-test-'));
// A database runs as another user where the tests run as root.
chmodSync(work, 0o755);
const reportPath = join(work, 'report.json');
try {
  const code = await runInForeground({
    command: process.execPath,
    args: [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`],
      ...projects.map((name) => `--project=${name}`),
      ...(env.ELECTRON_PATH ? [] : ['--project=!e2e']),
      ...leftOut.map((path) => `--exclude=${path}`),
      ...asked,
    ],
    env: { ...env, TMPDIR: work },
  });
  const count = countTests(readReport(reportPath), code);
  for (const line of services) say(line);
  for (const failure of count.failures) say(`failed: ${failure}`);
  for (const name of count.skippedNames) say(`skipped: ${name}`);
  for (const gap of gaps) say(`could not run ${gap.tests}: ${gap.reason}`);
  // Where everything is meant to be there, a thing that is missing is a failure.
  if (process.env.CI === 'true') count.failed += gaps.length;
  process.exitCode = count.failed > 0 ? 1 : 0;
  console.log(countLine(count));
} finally {
  rmSync(work, { recursive: true, force: true });
  await sweepServices();
  await display?.stop();
}
