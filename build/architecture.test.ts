import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What stands in `code` and looks like a path of this repository. */
function pathsIn(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8');
  const isPath = /^\.?[a-z][\w.-]*(\/[\w.-]+)*\/?$/i;
  const inCode = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] as string);
  const inDiagram = text.match(/\b(backend|electron|renderer|proto|build)\/[\w./-]*\w/g) ?? [];
  return [...new Set([...inCode.filter((code) => isPath.test(code) && code.includes('/')), ...inDiagram])];
}

describe('ARCHITECTURE.md', () => {
  it('names only paths that exist', () => {
    const paths = pathsIn('ARCHITECTURE.md');
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('README.md', () => {
  it('links only to files that exist', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] as string);
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((link) => !existsSync(join(root, dirname('README.md'), link)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const named = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/npm run ([\w-]+)/g)].map(
      (match) => match[1],
    );
    expect([...new Set(named)].filter((name) => !((name as string) in scripts))).toEqual([]);
  });
});
