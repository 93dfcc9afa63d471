/** Of a dependency only what runs goes into a package or an image: no text, types, maps, tests or native sources. */
import { statSync } from 'node:fs';
import { basename, extname } from 'node:path';

const runningFile = new Set(['.js', '.cjs', '.mjs', '.json', '.node', '.proto', '.wasm']);
const idleFolder = /^(tests?|__tests__|docs?|deps|examples?|\.github)$/;

/** For a file or folder inside a dependency, that is there. */
export function isRunningPart(path: string): boolean {
  const name = basename(path);
  if (statSync(path).isDirectory()) return !idleFolder.test(name);
  return runningFile.has(extname(name));
}
