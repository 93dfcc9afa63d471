/**
 * Gathers what Docker builds the stack from when there is no clone: the compose file and, ready to run, what each
 * image holds. `npm run bundle` fills out/docker with it; the app starts the stack from there, and takes it along
 * when it is packaged.
 */
import { cpSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The sources that go along as they are. */
export const contextSources = [
  'docker-compose.yml',
  'build/Dockerfile',
  'build/make-secrets.mjs',
  'package.json',
];

interface ImageContent {
  /** From out/. */
  bundles: string[];
  /** What the bundles leave in node_modules, with all that these need in turn. */
  packages: string[];
  /** What bundled packages read beside themselves. */
  files: string[];
}

const contents: Record<string, ImageContent> = {
  'ticket-service': {
    bundles: ['ticket-service.cjs', 'health-check.cjs'],
    packages: [],
    files: ['node_modules/grpc-health-check/proto', 'node_modules/@grpc/reflection/build/proto/grpc'],
  },
  proxy: {
    bundles: ['proxy.cjs', 'renderer', 'health-check.cjs', 'token.cjs'],
    packages: ['classic-level'],
    files: [],
  },
};

const runningFile = new Set(['.js', '.cjs', '.mjs', '.json', '.node', '.proto', '.wasm']);
const idleFolder = /^(tests?|__tests__|docs?|deps|examples?|\.github)$/;

/** Of a dependency only what runs goes into an image or a package: no text, types, maps, tests or native sources. */
export function isRunningPart(path: string): boolean {
  const name = basename(path);
  if (statSync(path).isDirectory()) return !idleFolder.test(name);
  return runningFile.has(extname(name));
}

/** What runs, without native code for a system that no image has. */
function isForImages(path: string): boolean {
  if (basename(dirname(path)) === 'prebuilds') return basename(path).startsWith('linux-');
  return isRunningPart(path);
}

/** These packages and all that they depend on. */
export function withDependencies(names: string[], found = new Set<string>()): Set<string> {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
    ) as { dependencies?: Record<string, string> };
    withDependencies(Object.keys(dependencies), found);
  }
  return found;
}

/** @param built where the bundles are */
export function writeDockerContext(folder: string, built: string): void {
  for (const path of contextSources) cpSync(join(root, path), join(folder, path));
  for (const [image, { bundles, packages, files }] of Object.entries(contents)) {
    const target = join(folder, 'ready', image);
    for (const name of bundles) cpSync(join(built, name), join(target, 'out', name), { recursive: true });
    const packageFolders = [...withDependencies(packages)].map((name) => join('node_modules', name));
    for (const path of [...packageFolders, ...files]) {
      cpSync(join(root, path), join(target, path), { recursive: true, filter: isForImages });
    }
  }
}
