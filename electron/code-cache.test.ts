import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { expect, onTestFinished, test, vi } from 'vitest';
import { testFolder } from '../backend/testing/test-folder.ts';
import { codeCache } from './code-cache.ts';

interface Bundle {
  answer(): string;
}

function makeBundle() {
  const folder = testFolder();
  const kept = join(folder, 'cache', 'app');
  const bundle = join(folder, 'app.cjs');
  return {
    kept,
    write: (answer: string) => writeFileSync(bundle, `exports.answer = () => '${answer}';`),
    async runAndKeep(): Promise<string> {
      const cache = codeCache(kept);
      const answer = (cache.run(bundle) as Bundle).answer();
      await cache.keep();
      return answer;
    },
  };
}

/** Of each bundle that is run: undefined where nothing was kept of it, else whether V8 refused that. */
function watchScripts() {
  const spy = vi.spyOn(Script.prototype, 'runInThisContext');
  onTestFinished(() => spy.mockRestore());
  return () => spy.mock.contexts.map((context) => (context as Script).cachedDataRejected);
}

test('runs what was compiled at an earlier start', async () => {
  const rejected = watchScripts();
  const { kept, write, runAndKeep } = makeBundle();
  write('one');
  expect(await runAndKeep()).toBe('one');
  const { mtimeMs } = statSync(kept);
  expect(await runAndKeep()).toBe('one');
  expect(rejected()).toEqual([undefined, false]);
  expect(statSync(kept).mtimeMs).toBe(mtimeMs);
});

test('runs a bundle that has changed, if only in its letters, and keeps that', async () => {
  const rejected = watchScripts();
  const { write, runAndKeep } = makeBundle();
  write('one');
  await runAndKeep();
  write('two');
  expect(await runAndKeep()).toBe('two');
  expect(await runAndKeep()).toBe('two');
  expect(rejected().slice(1)).toEqual([undefined, false]);
});

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['cut off', (bytes) => bytes.subarray(0, bytes.length - 20)],
  ['changed in one byte', (bytes) => bytes.with(bytes.length - 40, 255 - (bytes.at(-40) ?? 0)) as Buffer],
  ['empty', () => Buffer.alloc(0)],
])('passes over a file that is %s, and writes it again', async (_, spoilt) => {
  const { kept, write, runAndKeep } = makeBundle();
  write('one');
  await runAndKeep();
  const bytes = readFileSync(kept);
  writeFileSync(kept, spoilt(bytes));
  const rejected = watchScripts();
  expect(await runAndKeep()).toBe('one');
  expect(rejected()).toEqual([undefined]);
  await runAndKeep();
  expect(rejected()).toEqual([undefined, false]);
});

test('runs bundles that require each other once, and others as Node does', async () => {
  const folder = testFolder();
  writeFileSync(
    join(folder, 'part.cjs'),
    "exports.from = __filename; exports.whole = () => require('./whole.cjs').name; exports.count = (globalThis.parts = (globalThis.parts ?? 0) + 1);",
  );
  writeFileSync(
    join(folder, 'whole.cjs'),
    "exports.name = 'whole'; exports.part = require('./part.cjs'); exports.again = require('./part.cjs'); exports.join = require('node:path').join;",
  );
  const whole = codeCache(join(folder, 'kept')).run(join(folder, 'whole.cjs')) as Record<string, unknown> & {
    part: { whole(): string; from: string; count: number };
  };
  expect(whole.part.whole()).toBe('whole');
  expect(whole).toMatchObject({ again: whole.part, join });
  expect(whole.part).toMatchObject({ from: join(folder, 'part.cjs'), count: 1 });
});
