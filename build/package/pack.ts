/** Makes the unpacked app by electron-builder, from the runtime that is at hand. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type AfterPackContext, build, type Configuration } from 'electron-builder';
import { bundle, root } from '../bundle.ts';
import { ensureElectron } from '../electron-runtime.ts';
import { say } from '../terminal.ts';
import { writeIcons } from './icons.ts';
import { stage, stageDir } from './stage.ts';

export interface PackOptions {
  /** Leaves the one fuse on through which the end-to-end tests drive the app. Such an app never ships. */
  isInspectable: boolean;
}

export interface PackedApp {
  /** Absolute path of the folder that holds the executable. */
  folder: string;
  executable: string;
  version: string;
  /** For tests only: it holds the older runtime, or can be inspected. */
  isForTests: boolean;
}

/** The executable's name on this system, as electron-builder.yml has it. */
function executableName(): string {
  if (process.platform === 'darwin') return 'Ticket Desk.app/Contents/MacOS/Ticket Desk';
  return process.platform === 'win32' ? 'Ticket Desk.exe' : 'ticket-desk';
}

function unpackedName(): string {
  const arch = process.arch === 'x64' ? '' : `-${process.arch}`;
  if (process.platform === 'darwin') return `mac${arch}`;
  return `${process.platform === 'win32' ? 'win' : 'linux'}${arch}-unpacked`;
}

/** Takes out what a runtime brings for running apps that are not packed. */
function cleanRuntime({ appOutDir, packager }: AfterPackContext): Promise<void> {
  const resources =
    packager.platform.nodeName === 'darwin'
      ? join(appOutDir, 'Electron.app/Contents/Resources')
      : join(appOutDir, 'resources');
  for (const name of readdirSync(resources)) {
    if (!name.endsWith('.icns') && !name.endsWith('.lproj'))
      rmSync(join(resources, name), { recursive: true });
  }
  // The other one's start snapshot (115 MB), which the fuses leave unread; and the mark of npm's installer.
  for (const name of ['browser_v8_context_snapshot.bin', 'version']) {
    rmSync(join(appOutDir, name), { force: true });
  }
  return Promise.resolve();
}

/** The runtime's own word for its version: the fallback's differs from what package.json names. */
function electronVersion(isFallback: boolean, executable: string): string {
  if (isFallback) return /electron-([\d.]+)-/.exec(basename(dirname(executable)))?.[1] ?? '';
  return JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')).version;
}

/**
 * Builds, lays out and packs the app into dist/.
 * @throws Problem that says what to do.
 */
export async function packApp({ isInspectable }: PackOptions): Promise<PackedApp> {
  await bundle();
  const { executable, isFallback } = await ensureElectron();
  if (isFallback) {
    say(
      '*** This package holds an older Electron from the npm registry. It is for tests and never ships. ***',
    );
  }
  stage({ platform: process.platform, arch: process.arch });
  await writeIcons(join(stageDir, 'icons'));
  const output = join(root, isInspectable ? 'dist/inspectable' : 'dist');
  const config: Configuration = {
    electronDist: process.platform === 'darwin' ? join(executable, '../../../..') : dirname(executable),
    electronVersion: electronVersion(isFallback, executable),
    directories: { output },
    // The layout is complete: nothing is to be installed, rebuilt or looked for.
    beforeBuild: async () => false,
    afterExtract: cleanRuntime,
    ...(isInspectable && { electronFuses: { enableNodeCliInspectArguments: true } }),
  };
  await build({ projectDir: root, dir: true, publish: 'never', config });
  const folder = join(output, unpackedName());
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    folder,
    executable: join(folder, executableName()),
    version,
    isForTests: isFallback || isInspectable,
  };
}
