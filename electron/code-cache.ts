/**
 * Runs the bundles with what V8 compiled of them at an earlier start: loading them takes a third less then. Chromium does
 * the same with the page's scripts, and Node with `module.enableCompileCache`, which Electron 33's Node does not have.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { Script } from 'node:vm';
import type { App } from 'electron';
import { writeWholeFile } from '../backend/whole-file.ts';

/** Of all processes of the app; it may be deleted at any time. */
export const codeFolder = (app: Pick<App, 'getPath'>) => join(app.getPath('userData'), 'code-cache');

interface Compiled {
  /** The digest of the source: V8 itself compares its length alone. */
  of: string;
  code: Buffer;
}

export interface CodeCache {
  /** As `require` of a bundle and of the bundles that it requires. @param file absolute path */
  run(file: string): unknown;
  /** Writes what was run, with the functions that were compiled since. Does nothing where all of it was there. */
  keep(): Promise<void>;
}

const digest = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('base64');

/** @param file of one process alone */
export function codeCache(file: string): CodeCache {
  const kept = readKept(file);
  const scripts = new Map<string, { of: string; script: Script }>();
  const modules = new Map<string, { exports: unknown }>();
  let isWhole = true;

  function compile(path: string) {
    const source = readFileSync(path, 'utf8');
    const of = digest(source);
    const before = kept.get(basename(path));
    const cachedData = before?.of === of ? before.code : undefined;
    const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
      filename: path,
      cachedData,
    });
    // V8 refuses what another version of it compiled, or one with other switches.
    if (!cachedData || script.cachedDataRejected) isWhole = false;
    scripts.set(basename(path), { of, script });
    return script.runInThisContext();
  }

  function run(path: string): unknown {
    const known = modules.get(path);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(path, module);
    const requireOther = createRequire(path);
    const requireFrom = (id: string) =>
      id.startsWith('./') || id.startsWith('../') ? run(join(dirname(path), id)) : requireOther(id);
    compile(path).call(module.exports, module.exports, requireFrom, module, path, dirname(path));
    return module.exports;
  }

  return {
    run,
    async keep() {
      if (isWhole) return;
      isWhole = true;
      const compiled = new Map<string, Compiled>();
      for (const [name, { of, script }] of scripts)
        compiled.set(name, { of, code: script.createCachedData() });
      const bytes = serialize(compiled);
      mkdirSync(dirname(file), { recursive: true });
      await writeWholeFile(file, [digest(bytes), bytes]);
    },
  };
}

/** Empty where there is nothing, or not what was written: V8 would run whatever it is given. */
function readKept(file: string): Map<string, Compiled> {
  try {
    const bytes = readFileSync(file);
    const length = digest('').length;
    const content = bytes.subarray(length);
    if (bytes.toString('latin1', 0, length) === digest(content)) return deserialize(content);
  } catch {
    // It is written again.
  }
  return new Map();
}
