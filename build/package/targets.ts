/** Which installers can be made here, and for each other one why not: electron-builder stops at the first that can't. */
import { findCommand } from '../system.ts';
import { Problem } from '../terminal.ts';

export interface Machine {
  platform: NodeJS.Platform;
  /** Whether electron-builder can fetch its tools. */
  canDownload: boolean;
  /** Programs that are on the PATH, of those in `toolsLookedFor`. */
  tools: ReadonlySet<string>;
}

export interface TargetPlan {
  /** By electron-builder's names. */
  targets: string[];
  /** The deb is made by build/package/deb.ts: no download, and the one that the clean-machine test installs. */
  isDebByDpkg: boolean;
  leftOut: { target: string; reason: string }[];
}

interface Target {
  name: string;
  platform: NodeJS.Platform;
  /** What electron-builder fetches for it. */
  download?: string;
  /** A program that does instead of the download. */
  insteadOfDownload?: string;
  /** A program that it needs in any case. */
  tool?: string;
}

/** Every package that electron-builder.yml names. */
const allTargets: Target[] = [
  { name: 'tar.gz', platform: 'linux' },
  { name: 'AppImage', platform: 'linux', download: 'its AppImage tools' },
  { name: 'deb', platform: 'linux', download: 'fpm', insteadOfDownload: 'fpm' },
  { name: 'rpm', platform: 'linux', download: 'fpm', insteadOfDownload: 'fpm', tool: 'rpmbuild' },
  { name: 'nsis', platform: 'win32', download: 'NSIS' },
  { name: 'dmg', platform: 'darwin', download: 'dmgbuild' },
  { name: 'zip', platform: 'darwin' },
];

const systemNames: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'macOS',
  linux: 'Linux',
  win32: 'Windows',
};

/** Why a target can't be made here; null when it can. */
function obstacle(target: Target, { platform, canDownload, tools }: Machine): string | null {
  if (target.platform !== platform) return `it is built on ${systemNames[target.platform]}`;
  if (target.tool && !tools.has(target.tool)) return `the program ${target.tool} is not installed`;
  const hasOwn = target.insteadOfDownload !== undefined && tools.has(target.insteadOfDownload);
  if (target.download && !hasOwn && !canDownload) {
    return `${target.download} could not be downloaded from ${toolsAddress().host} (set ELECTRON_BUILDER_BINARIES_MIRROR to where it can be had)`;
  }
  return null;
}

export function planTargets(machine: Machine): TargetPlan {
  const isDebByDpkg = machine.platform === 'linux' && machine.tools.has('dpkg-deb');
  const plan: TargetPlan = { targets: [], isDebByDpkg, leftOut: [] };
  for (const target of allTargets) {
    if (isDebByDpkg && target.name === 'deb') continue;
    const reason = obstacle(target, machine);
    if (reason === null) plan.targets.push(target.name);
    else plan.leftOut.push({ target: target.name, reason });
  }
  return plan;
}

/**
 * What electron-builder makes first, and what in a run of its own after that: for a package by fpm it writes into the
 * unpacked app what kind that is, and would do so while it makes the archive of the same folder.
 */
export function splitTargets(targets: string[]): [marking: string[], others: string[]] {
  const isMarking = (name: string) => name === 'deb' || name === 'rpm';
  return [targets.filter(isMarking), targets.filter((name) => !isMarking(name))];
}

/** For a release. @throws Problem when one of this system's own targets can't be made here. */
export function refuseGaps({ leftOut }: TargetPlan, platform: NodeJS.Platform): void {
  const own = allTargets.filter((target) => target.platform === platform).map(({ name }) => name);
  const gaps = leftOut.filter(({ target }) => own.includes(target));
  if (gaps.length === 0) return;
  throw new Problem(
    `A release is whole, and here would lack: ${gaps.map(({ target, reason }) => `${target}, ${reason}`).join('; ')}.`,
  );
}

const toolsLookedFor = ['dpkg-deb', 'fpm', 'rpmbuild'];

/** Where electron-builder has its tools from. */
function toolsAddress(): URL {
  return new URL(
    process.env.ELECTRON_BUILDER_BINARIES_MIRROR ??
      'https://github.com/electron-userland/electron-builder-binaries/',
  );
}

/** Looks which tools are here, and whether others can be fetched; waits 5 s for an answer at most. */
export async function readMachine(): Promise<Machine> {
  const answer = await fetch(toolsAddress(), { method: 'HEAD', signal: AbortSignal.timeout(5_000) }).catch(
    () => null,
  );
  const tools = new Set(toolsLookedFor.filter((tool) => findCommand(tool)));
  if (tools.has('fpm')) process.env.USE_SYSTEM_FPM ??= 'true';
  return { platform: process.platform, canDownload: answer?.ok ?? false, tools };
}
