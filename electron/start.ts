/**
 * What Electron runs first, in the app and in the process of its ticket service: a bundle, by way of the code cache.
 * Arguments, of the latter: the bundle's name, and the folder of the cache.
 */
import '../backend/tidy-environment.ts';
import { join } from 'node:path';
import { app } from 'electron';
import { codeCache, codeFolder } from './code-cache.ts';
import { ownFolderProblem } from './own-folder.ts';

/** By then the desk is open, and what that takes has been compiled. */
const keepAfterMs = 10_000;

const [bundle = 'main.cjs', folder = ofTheApp()] = process.type === 'utility' ? process.argv.slice(2) : [];
const file = join(__dirname, bundle);
if (process.platform === 'darwin' || folder === undefined) {
  // The keychain there gives a team's token to what is signed alone, and who may write the cache could run in it.
  require(file);
} else {
  const cache = codeCache(join(folder, bundle));
  cache.run(file);
  // Where it can't be written, the next start takes as long as this one.
  setTimeout(() => void cache.keep().catch(() => {}), keepAfterMs).unref();
}

/** Undefined where the app has no folder of its own, of which main.ts tells. */
function ofTheApp(): string | undefined {
  return ownFolderProblem(app) === null ? codeFolder(app) : undefined;
}
