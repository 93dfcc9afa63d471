import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { root } from './bundle.ts';

let launcher: ChildProcess | undefined;
afterEach(() => launcher?.kill('SIGKILL'));

/** A process that runs `program` by runInForeground and takes over its exit code. */
async function launch(program: string): Promise<ChildProcess> {
  const script = `
    import { runInForeground } from './build/child.ts';
    process.exitCode = await runInForeground({ command: process.execPath, args: ['-e', ${JSON.stringify(program)}] });`;
  launcher = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The program's first line, which comes through the output that it shares with its launcher.
  if (launcher.stdout) await once(launcher.stdout, 'data');
  return launcher;
}

const untilStopped = 'setInterval(() => {}, 1000); console.log("up");';

test('a signal to stop is passed on, and the exit code comes back', async () => {
  const child = await launch(`process.on('SIGTERM', () => process.exit(7)); ${untilStopped}`);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([7, null]);
});

test('the exit code of a program that was killed names the signal', async () => {
  const child = await launch(`console.log('up'); process.kill(process.pid, 'SIGKILL');`);
  expect(await once(child, 'exit')).toEqual([137, null]);
});

test.runIf(process.platform === 'linux')(
  'a program does not outlive a launcher that was killed',
  async () => {
    const child = await launch(untilStopped);
    child.kill('SIGKILL');
    // The output closes when the last process that shares it has ended.
    await once(child, 'close');
  },
);
