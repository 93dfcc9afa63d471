import { expect, test } from 'vitest';
import { textProblems } from './tracked-files.ts';

test('a registry’s name is refused wherever it stands', () => {
  const host = ['registry', 'npmjs', 'org'].join('.');
  expect(textProblems('README.md', `a\nhttps://${host}/x\n`)).toEqual([
    expect.stringMatching(/^README.md:2 names a package registry/),
  ]);
});

test('a path of one machine is refused', () => {
  expect(textProblems('build/a.ts', `const cache = '${'/root'}/.cache';\n`)).toHaveLength(1);
  expect(textProblems('build/a.ts', "const route = '/works/of/art';\n")).toEqual([]);
});

test('a download address in the lock file is refused', () => {
  expect(textProblems('package-lock.json', '  "resolved": "x"\n')).toHaveLength(1);
});

test('a conflict that was committed unsolved is refused', () => {
  expect(textProblems('README.md', `${'<'.repeat(7)} HEAD\nmine\n=======\ntheirs\n`)).toHaveLength(1);
  expect(textProblems('README.md', `theirs\n${'>'.repeat(7)} other\n`)).toHaveLength(1);
});

test('a file of 400 lines passes and one of 401 does not', () => {
  expect(textProblems('backend/a.ts', 'x\n'.repeat(400))).toEqual([]);
  expect(textProblems('backend/a.ts', 'x\n'.repeat(401))).toEqual([expect.stringContaining('401 lines')]);
  // A contract is one file, which others take over whole.
  expect(textProblems('proto/ticket_service.proto', 'x\n'.repeat(401))).toEqual([]);
});
