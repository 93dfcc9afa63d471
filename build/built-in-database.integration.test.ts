/** A command on the built-in database that is stopped in the middle of its work. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDataDir, removeDataDir } from '../backend/testing/desk-process.ts';
import { root } from './bundle.ts';

test('what is stopped leaves no Postgres behind', async () => {
  const dataDir = await makeDataDir();
  onTestFinished(() => removeDataDir(dataDir));
  const script = `
    import { once } from 'node:events';
    import { createLogger } from './backend/logger.ts';
    import { withBuiltInDatabase } from './build/built-in-database.ts';
    const logger = createLogger({ name: 'test', level: 'silent' });
    const options = { dataDir: ${JSON.stringify(dataDir)}, logger, onProgress() {} };
    await withBuiltInDatabase(options, async (url, signal) => {
      console.log('at work');
      setInterval(() => {}, 1000);
      await once(signal, 'abort');
      throw new Error('called off');
    }).catch(({ message }) => console.log(message));
    process.exit(3);`;
  const command = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void command.kill('SIGKILL'));
  const [first] = await once(command.stdout, 'data');
  expect(String(first)).toBe('at work\n');
  const postmaster = path.join(dataDir, 'postgres', 'postmaster.pid');
  expect(existsSync(postmaster)).toBe(true);
  const told = once(command.stdout, 'data');
  const ended = once(command, 'exit');
  command.kill('SIGINT');
  expect(String(await told)).toBe('Stopped.\n');
  expect(await ended).toEqual([3, null]);
  expect(existsSync(postmaster)).toBe(false);
});
