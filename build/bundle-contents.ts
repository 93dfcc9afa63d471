/**
 * Which npm packages went into the bundles, and how much of each: for the licences and the size report of a package.
 * Told by the bundlers themselves, as package.json names more than gets in.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { Metafile } from 'esbuild';
import type { Plugin } from 'vite';

/** Bytes in a bundle by the folder of the package that they come from, such as `node_modules/pg`; '' is the desk itself. */
export type PackageBytes = Record<string, number>;
/** By the bundle's name in out/: `main.cjs`, or `renderer` for all of it. */
export type BundleContents = Record<string, PackageBytes>;

/** The folder of the package that a source file belongs to, from the repository's root; '' for our own. */
export function packageFolder(path: string): string {
  const folders = path.replaceAll('\\', '/').split('/');
  const last = folders.lastIndexOf('node_modules');
  if (last < 0) return '';
  const depth = folders[last + 1]?.startsWith('@') ? 3 : 2;
  return folders.slice(0, last + depth).join('/');
}

/** Adds up esbuild's own account, by bundle. */
export function contentsOfMetafile({ outputs }: Metafile): BundleContents {
  const contents: BundleContents = {};
  for (const [output, { inputs }] of Object.entries(outputs)) {
    const bytes: PackageBytes = {};
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = packageFolder(path);
      bytes[folder] = (bytes[folder] ?? 0) + bytesInOutput;
    }
    contents[output.slice(output.lastIndexOf('/') + 1)] = bytes;
  }
  return contents;
}

/** Collects the same from Vite, before it makes the code smaller; style sheets count with their whole length. */
export function collectContents(root: string, into: PackageBytes): Plugin {
  const add = (path: string, length: number) => {
    const folder = packageFolder(isAbsolute(path) ? relative(root, path) : path);
    into[folder] = (into[folder] ?? 0) + length;
  };
  return {
    name: 'contents',
    generateBundle(_options, outputs) {
      for (const output of Object.values(outputs)) {
        if (output.type !== 'chunk') continue;
        for (const [id, { renderedLength }] of Object.entries(output.modules)) {
          const path = id.replace(/^\0/, '').replace(/\?.*$/, '');
          add(path, path.endsWith('.css') ? readFileSync(path).length : renderedLength);
        }
      }
    },
  };
}

const contentsName = 'contents.json';

/** Adds to the account in a folder of bundles. */
export function writeContents(folder: string, contents: BundleContents): void {
  writeFileSync(join(folder, contentsName), `${JSON.stringify(contents, null, 1)}\n`);
}

export function readContents(folder: string): BundleContents {
  return JSON.parse(readFileSync(join(folder, contentsName), 'utf8'));
}
