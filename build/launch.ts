/**
 * `npm start`, `npm run serve` and the like, after the build: runs what was built to its end and tidies up. Bundled into
 * out/, so that what waits beside the app is plain Node and not the tools that built it.
 */
import { dirname, join } from 'node:path';
import { tidyTemporaryFolder } from '../backend/config/temporary-folder.ts';
import { runInForeground } from './child.ts';
import { openWindow, readPreparedElectron, withoutForeignSwitches } from './desk-window.ts';

const [script = '', program = '', ...args] = process.argv.slice(1);
const outDir = dirname(script);
tidyTemporaryFolder(process.env);

async function launchWindow(): Promise<number> {
  const window = await openWindow(readPreparedElectron(outDir), [...args, dirname(outDir)]);
  const code = await runInForeground(window);
  await window.close();
  return code;
}

const running =
  program === 'main'
    ? launchWindow()
    : runInForeground({
        command: process.execPath,
        args: [join(outDir, `${program}.cjs`), ...args],
        env: withoutForeignSwitches(process.env),
      });
running.then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.name === 'Problem' ? error.message : error);
    process.exitCode = 1;
  },
);
