/**
 * `npm run dev`: the app, built anew as sources change. A change of the renderer reloads the page (the main
 * process watches out/renderer); a change of anything else starts the app again.
 */
import { watch } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import * as vite from 'vite';
import { nodeBuildOptions, outDir, rendererBuildOptions, root } from './bundle.ts';
import { type Child, onStopSignal, startChild } from './child.ts';
import { writeGenerated } from './codegen.ts';
import { openWindow } from './desk-window.ts';
import { prepareWindow } from './prepare-window.ts';
import { say } from './terminal.ts';

const window = await openWindow(await prepareWindow(), [...process.argv.slice(2), root]);
const env = { ...window.env, TICKET_DESK_DEV: '1' };
let app: Child;
let isLeaving = false;

/** Runs the app until it ends by itself; one that was stopped for a restart is followed by the next. */
function run(): void {
  const current = startChild({ ...window, env });
  app = current;
  void current.exited.then((code) => {
    if (app === current) void leave(code);
  });
}

async function restart(): Promise<void> {
  const before = app;
  // No longer the app: its end is not the end of the session.
  app = { exited: Promise.resolve(0), stop: () => {} };
  before.stop('SIGTERM');
  await before.exited;
  if (!isLeaving) run();
}

async function leave(code: number): Promise<never> {
  isLeaving = true;
  await window.close();
  process.exit(code);
}

/** Writes what a build has changed, and starts the app again when that was anything. */
function restartOnChange(): esbuild.Plugin {
  const hashes = new Map<string, string>();
  return {
    name: 'restart-on-change',
    setup(build) {
      build.onEnd(async ({ outputFiles = [] }) => {
        const isFirst = hashes.size === 0;
        const changed = outputFiles.filter((file) => hashes.get(file.path) !== file.hash);
        for (const file of changed) {
          hashes.set(file.path, file.hash);
          await writeFile(file.path, file.contents);
        }
        if (isFirst || changed.length === 0) return;
        say('Changed: starting the app again');
        await restart();
      });
    },
  };
}

onStopSignal((signal) => {
  isLeaving = true;
  app.stop(signal);
});
run();

const nodeOptions = nodeBuildOptions(outDir);
const context = await esbuild.context({
  ...nodeOptions,
  write: false,
  plugins: [...(nodeOptions.plugins ?? []), restartOnChange()],
});
await context.watch();

const rendererOptions = await rendererBuildOptions(join(outDir, 'renderer'));
await vite.build({ ...rendererOptions, build: { ...rendererOptions.build, emptyOutDir: false, watch: {} } });

/** Generated code follows its sources; the two builds above then follow that. */
for (const folder of ['backend', 'renderer', 'proto']) {
  watch(join(root, folder), { recursive: true }, (_event, path) => {
    if (path && /\.(graphql|proto|sql)$|commands\.json$/.test(path)) {
      void writeGenerated().catch((error: Error) => say(`Code could not be generated: ${error.message}`));
    }
  });
}
