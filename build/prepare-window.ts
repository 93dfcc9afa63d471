/** The first half of `npm start`: builds the app and brings whatever its window lacks; build/launch.ts is the second. */
import { writeFileSync } from 'node:fs';
import { bundle, outDir } from './bundle.ts';
import { preparedElectronPath } from './desk-window.ts';
import { ensureElectron } from './electron-runtime.ts';
import { checkSandbox, ensureSystem, hasDisplay } from './system.ts';

/** @returns the Electron to start it with. @throws Problem that says what to do. */
export async function prepareWindow(): Promise<string> {
  await bundle();
  const { executable } = await ensureElectron();
  await ensureSystem({ electronExecutable: executable, virtualDisplay: !hasDisplay() });
  checkSandbox(executable);
  return executable;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(preparedElectronPath(outDir), await prepareWindow());
}
