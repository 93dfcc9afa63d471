import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FieldName, fieldNames, fieldOf } from '../proto/ticket-fields.ts';
import { trackedFiles } from './tracked-files.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** What stands in `code` and looks like a path of this repository. */
function pathsIn(document: string): string[] {
  const text = read(document);
  const isPath = /^\.?[a-z][\w.-]*(\/[\w.-]+)*\/?$/i;
  const inCode = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] as string);
  const inDiagram = text.match(/\b(backend|electron|renderer|proto|build)\/[\w./-]*\w/g) ?? [];
  return [...new Set([...inCode.filter((code) => isPath.test(code) && code.includes('/')), ...inDiagram])];
}

describe('ARCHITECTURE.md', () => {
  it('names only paths that exist', () => {
    const paths = pathsIn('ARCHITECTURE.md');
    expect(paths.length).toBeGreaterThan(40);
    // The build makes `out`, which a fresh clone has not.
    const tracked = paths.filter((path) => !path.startsWith('out/'));
    expect(tracked.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('what CONTRIBUTING.md says of adding a field', () => {
  const [, steps = ''] = /^## Add a field to a ticket\n\n(.+?)\n\n/ms.exec(read('CONTRIBUTING.md')) ?? [];
  const named = [...steps.matchAll(/`([^`\n]+\/[^`\n]+)`/g)].map(([, path = '']) => path);
  /** The field that was declared last of a kind that there was before: by it the steps are held to the truth. */
  const newest = fieldNames.findLast((name, at) =>
    fieldNames.slice(0, at).some((other) => fieldOf(other).kind === fieldOf(name).kind),
  ) as FieldName;
  const words = [newest, fieldOf(newest).filter, fieldOf(newest).sort].filter((word) => word !== undefined);
  const mention = new RegExp(`\\b(?:${words.join('|')})(?:_ASC|_DESC)?\\b`, 'i');
  const product = trackedFiles(root).filter(
    (file) =>
      /^(?:backend|docs|electron|proto|renderer)\//.test(file) &&
      !/\.test\.tsx?$|\/(?:testing|e2e|long-runs|bench)\/|\.contract\.ts$/.test(file),
  );
  const touched = product.filter((file) => mention.test(read(file)));

  it('names every place that knows the newest one, and no place that need not', () => {
    const isIn = (file: string, place: string) => file === place || file.startsWith(`${place}/`);
    expect(touched.filter((file) => !named.some((place) => isIn(file, place)))).toEqual([]);
    expect(named.filter((place) => !touched.some((file) => isIn(file, place)))).toEqual([]);
  });

  it('is at most 22 files', () => {
    expect(touched.length).toBeLessThanOrEqual(22);
  });
});

describe('README.md', () => {
  it('links only to files that exist', () => {
    const text = read('README.md');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] as string);
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((link) => !existsSync(join(root, dirname('README.md'), link)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...read('README.md').matchAll(/npm run ([\w-]+)/g)].map((match) => match[1]);
    expect([...new Set(named)].filter((name) => !((name as string) in scripts))).toEqual([]);
  });
});
