/**
 * The packages that package-lock.json names, for every system; `npm ls` and tools that check licences see those alone
 * that are installed on this one.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LockedPackage {
  name: string;
  version: string;
  /** Where it lies, from the project's root; another name there stands for it. */
  folders: string[];
  /** An SPDX expression; null when neither the lock file nor the installed package tells. */
  licence: string | null;
  /** Whether it, or what it becomes in a bundle, reaches the person's computer. */
  ships: boolean;
  hasInstallScript: boolean;
}

interface LockEntry {
  name?: string;
  version?: string;
  license?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
}

/** Development dependencies that ship all the same: the packer puts the runtime in. */
const shipsThoughDev = new Set(['electron']);

/** Before npm 2 a package could list its licences as objects; the lock file leaves those out. */
function installedLicence(folder: string): string | null {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return null;
  const { license, licenses } = JSON.parse(readFileSync(path, 'utf8'));
  const named = (Array.isArray(licenses) ? licenses : [license]).map((one) => one?.type ?? one);
  return named.every((one) => typeof one === 'string') ? named.join(' OR ') : null;
}

/** Reads the lock file of the project in `root`; each name and version once. */
export function lockedPackages(root: string): LockedPackage[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Map<string, LockedPackage>();
  for (const [path, entry] of Object.entries(packages as Record<string, LockEntry>)) {
    if (path === '') continue;
    const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const key = `${name}@${entry.version}`;
    const ships = !entry.dev || shipsThoughDev.has(name);
    const known = found.get(key);
    if (known) {
      known.ships ||= ships;
      known.folders.push(path);
      continue;
    }
    found.set(key, {
      name,
      version: entry.version ?? '',
      folders: [path],
      licence: entry.license ?? installedLicence(join(root, path)),
      ships,
      hasInstallScript: entry.hasInstallScript ?? false,
    });
  }
  return [...found.values()];
}
