/** Makes the unpacked app by electron-builder, from the runtime that is at hand, and what is made of it. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type AfterPackContext, build, type Configuration } from 'electron-builder';
import { judge } from '../budgets.ts';
import { bundle, outDir, root } from '../bundle.ts';
import { readPackages } from '../bundled-packages.ts';
import { copySevenZip } from '../electron-fallback.ts';
import { ensureElectron } from '../electron-runtime.ts';
import { Problem, say } from '../terminal.ts';
import { releaseFuses } from './fuses.ts';
import { writeIcons } from './icons.ts';
import { electronTerms, licencePage, ownNotices } from './licences-page.ts';
import { isFeedFile } from './publish.ts';
import { sizesByPart } from './report.ts';
import { stage, stageDir, stagedPackages } from './stage.ts';
import { splitTargets } from './targets.ts';

export interface PackOptions {
  /** What to make of the unpacked app, by electron-builder's names; nothing for that alone. */
  targets: string[];
  /** Refuses the older runtime. */
  isRelease?: boolean;
  /** Leaves the one fuse on through which the end-to-end tests drive the app. Such an app never ships. */
  isInspectable: boolean;
  /** Where the app looks for updates, as readFeedAddress() answers it; without one it looks for none. */
  feed?: string | null;
}

export interface PackedApp {
  /** Absolute path of the folder that holds the unpacked app. */
  folder: string;
  executable: string;
  /** Where app.asar is, and what lies beside it. */
  resources: string;
  version: string;
  /** For tests only: it holds the older runtime, or can be inspected. */
  isForTests: boolean;
  /** The installers that were made. */
  files: string[];
}

interface Layout {
  /** In the output folder, as electron-builder names it. */
  folder: string;
  executable: string;
  resources: string;
}

function layout(): Layout {
  const arch = process.arch === 'x64' ? '' : `-${process.arch}`;
  if (process.platform === 'darwin') {
    const contents = 'Ticket Desk.app/Contents';
    return {
      folder: `mac${arch}`,
      executable: `${contents}/MacOS/Ticket Desk`,
      resources: `${contents}/Resources`,
    };
  }
  return process.platform === 'win32'
    ? { folder: `win${arch}-unpacked`, executable: 'Ticket Desk.exe', resources: 'resources' }
    : { folder: `linux${arch}-unpacked`, executable: 'ticket-desk', resources: 'resources' };
}

/** Where `npm run package -- --dir` puts the program. */
export function unpackedExecutable(): string {
  const { folder, executable } = layout();
  return join(root, 'dist', folder, executable);
}

/** Takes out what a runtime brings for running apps that are not packed. */
async function cleanRuntime({ appOutDir }: AfterPackContext): Promise<void> {
  const resources = process.platform === 'darwin' ? 'Electron.app/Contents/Resources' : 'resources';
  for (const name of readdirSync(join(appOutDir, resources))) {
    if (/\.(icns|lproj)$/.test(name)) continue;
    rmSync(join(appOutDir, resources, name), { recursive: true });
  }
  // The other one's start snapshot (115 MB), which the fuses leave unread; and the mark of npm's installer.
  for (const name of ['browser_v8_context_snapshot.bin', 'version']) {
    rmSync(join(appOutDir, name), { force: true });
  }
}

/** Puts all terms into one page; Chromium's own, a part of it now, goes. */
function writeLicences(appOutDir: string, resources: string): void {
  // On macOS electron-builder moves them into the app, as what lies beside that is in no installer.
  const folder = process.platform === 'darwin' ? resources : appOutDir;
  const { electron, chromium } = electronTerms(folder);
  const notices = ownNotices([...readPackages(outDir), ...stagedPackages()]);
  writeFileSync(join(resources, 'licences.html'), licencePage(notices, electron, chromium));
  rmSync(join(folder, 'LICENSES.chromium.html'));
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills it in.
const nameForTests = '${name}-${version}-${os}-${arch}-for-tests.${ext}';

/** @throws Problem: names each part that has outgrown its budget */
function keepBudgets(appOutDir: string): void {
  const over = judge(sizesByPart(appOutDir)).filter(({ isKept }) => !isKept);
  if (over.length === 0) return;
  const remedy = 'Take out what came in, or, if it is worth that, raise the budget in build/budgets.ts.';
  throw new Problem([...over.map(({ line }) => line), remedy].join('\n'));
}

/** The size of each part beside its budget, and of all of them, as lines for the person. */
export function sizeReport({ folder }: PackedApp): string[] {
  const sizes = sizesByPart(folder);
  const total = Object.values(sizes).reduce((sum, one) => sum + one, 0);
  return [...judge(sizes).map(({ line }) => line), `all of it, unpacked: ${total.toFixed(2)} MB`];
}

/** The runtime's own word for its version: the fallback's differs from what package.json names. */
function electronVersion(isFallback: boolean, executable: string): string {
  if (isFallback) return /electron-([\d.]+)-/.exec(basename(dirname(executable)))?.[1] ?? '';
  return JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')).version;
}

/** A secret that is not set arrives as an empty text, which electron-builder would take for a certificate. */
function dropEmptySecrets(): void {
  for (const name of ['CSC_LINK', 'CSC_KEY_PASSWORD', 'WIN_CSC_LINK', 'WIN_CSC_KEY_PASSWORD']) {
    if (process.env[name] === '') delete process.env[name];
  }
}

/** The feed of an earlier build: it would be taken for this one's, and completed. */
function removeFeedFiles(output: string): void {
  if (!existsSync(output)) return;
  for (const name of readdirSync(output).filter(isFeedFile)) rmSync(join(output, name));
}

/** @returns the paths of what was made */
async function runBuilder(
  config: Configuration,
  targets: string[],
  at: { folder: string; resources: string },
) {
  const platform = { darwin: 'mac', win32: 'win' }[process.platform as string] ?? 'linux';
  dropEmptySecrets();
  // Without this it would fetch its own 7-Zip.
  process.env.ELECTRON_BUILDER_7ZIP_PATH ??= await copySevenZip(stageDir);
  // Its own choice, 9, takes ten times as long and saves 1 %.
  process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL ??= '5';
  const run = (names: string[], prepackaged: string | null = null) =>
    build({ projectDir: root, publish: 'never', config, prepackaged, [platform]: names });

  const [marking, others] = splitTargets(targets);
  if (marking.length === 0) return run(['dir', ...others]);
  const made = await run(['dir', ...marking]);
  for (const name of ['package-type', 'apparmor-profile']) rmSync(join(at.resources, name), { force: true });
  return others.length === 0 ? made : [...made, ...(await run(others, at.folder))];
}

/**
 * Builds, lays out and packs the app into dist/.
 * @throws Problem that says what to do.
 */
export async function packApp({ targets, isInspectable, isRelease, feed }: PackOptions): Promise<PackedApp> {
  await bundle();
  const { executable, isFallback } = await ensureElectron();
  if (isFallback && isRelease) {
    throw new Problem(
      'A release holds the Electron that package.json names, and that could not be downloaded.',
    );
  }
  if (isFallback) {
    say(
      '*** This package holds an older Electron from the npm registry. It is for tests and never ships. ***',
    );
  }
  stage({ platform: process.platform, arch: process.arch });
  await writeIcons(join(stageDir, 'icons'));

  const output = join(root, isInspectable ? 'dist/inspectable' : 'dist');
  const paths = layout();
  const folder = join(output, paths.folder);
  const resources = join(folder, paths.resources);
  const config: Configuration = {
    electronDist: process.platform === 'darwin' ? join(executable, '../../../..') : dirname(executable),
    electronVersion: electronVersion(isFallback, executable),
    directories: { output },
    // Written beside the archive as app-update.yml. Unless it is null, GitHub is guessed from what surrounds a build.
    publish: feed ? { provider: 'generic', url: feed } : null,
    // The layout is complete: nothing is to be installed, rebuilt or looked for.
    beforeBuild: async () => false,
    afterExtract: cleanRuntime,
    async afterPack({ appOutDir }) {
      writeLicences(appOutDir, resources);
      keepBudgets(appOutDir);
    },
    ...(isFallback && { artifactName: nameForTests }),
    electronFuses: {
      ...releaseFuses,
      enableNodeCliInspectArguments: isInspectable,
      // Flipping breaks the signature that macOS on Arm demands of every program; where there are keys, they sign later.
      resetAdHocDarwinSignature: process.platform === 'darwin',
    },
  };
  rmSync(folder, { recursive: true, force: true });
  removeFeedFiles(output);
  const files = await runBuilder(config, targets, { folder, resources });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    folder,
    executable: join(folder, paths.executable),
    resources,
    version,
    isForTests: isFallback || isInspectable,
    files,
  };
}
