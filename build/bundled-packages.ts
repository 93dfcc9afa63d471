/** Which npm packages went into the bundles, as the bundlers tell it: package.json names more than gets in. */
import { readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { Metafile } from 'esbuild';
import type { Plugin } from 'vite';

/** The folder of the package that a source file belongs to, from the repository's root; '' for our own. */
export function packageFolder(path: string): string {
  const folders = path.replaceAll('\\', '/').split('/');
  const last = folders.lastIndexOf('node_modules');
  if (last < 0) return '';
  const depth = folders[last + 1]?.startsWith('@') ? 3 : 2;
  return folders.slice(0, last + depth).join('/');
}

export function packagesOfMetafile({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs).map(packageFolder));
}

/** Adds what Vite takes in, before it makes the code smaller. */
export function collectPackages(root: string, into: Set<string>): Plugin {
  return {
    name: 'packages',
    generateBundle(_options, outputs) {
      for (const output of Object.values(outputs)) {
        if (output.type !== 'chunk') continue;
        for (const id of Object.keys(output.modules)) {
          const path = id.replace(/^\0/, '');
          into.add(packageFolder(isAbsolute(path) ? relative(root, path) : path));
        }
      }
    },
  };
}

const fileName = 'packages.json';

/** Writes the list into a folder of bundles: folders such as `node_modules/pg`, sorted. */
export function writePackages(folder: string, packages: Iterable<string>): void {
  const folders = [...new Set(packages)].filter((one) => one !== '').sort();
  writeFileSync(join(folder, fileName), `${JSON.stringify(folders, null, 1)}\n`);
}

export function readPackages(folder: string): string[] {
  return JSON.parse(readFileSync(join(folder, fileName), 'utf8'));
}
