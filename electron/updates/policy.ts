/** When and how an update may happen. Pure, so that each rule can be held by a test. */
import { dirname } from 'node:path';
import { type AppImageFacts, ownAppImage } from './appimage.ts';

/** How this installation comes by a newer version. */
export type Installation =
  | { kind: 'itself' }
  | { kind: 'by-hand'; packageType: 'deb' | 'rpm' | 'AppImage' | 'tar.gz' };

export interface InstallationFacts extends AppImageFacts {
  platform: NodeJS.Platform;
  /** What electron-builder wrote into `package-type`. */
  packageType: string | undefined;
  /** Whether the folder may be written by this person. */
  isWritable(folder: string): boolean;
}

export function installationOf(facts: InstallationFacts): Installation {
  const { platform, packageType } = facts;
  if (platform !== 'linux') return { kind: 'itself' };
  const appImage = ownAppImage(facts);
  if (appImage) {
    return facts.isWritable(dirname(appImage))
      ? { kind: 'itself' }
      : { kind: 'by-hand', packageType: 'AppImage' };
  }
  return {
    kind: 'by-hand',
    packageType: packageType === 'deb' || packageType === 'rpm' ? packageType : 'tar.gz',
  };
}

export interface Leaving {
  /** Fetched, and found to be what was published. */
  isReady: boolean;
  /** Whether the system asked (a signal, its shutdown): then it waits for nobody, and half an installation would be left. */
  isBySystem: boolean;
  /** Not 0: something went wrong, and the person should find the desk as it was. */
  exitCode: number;
  /** Windows that are still there: somebody may be typing in one. */
  openWindows: number;
  /** Whether all that was typed and filed is on disk, and everything has stopped. */
  isStopped: boolean;
}

export function mayInstall(leaving: Leaving): boolean {
  const { isReady, isBySystem, exitCode, openWindows, isStopped } = leaving;
  return isReady && !isBySystem && exitCode === 0 && openWindows === 0 && isStopped;
}

/** Once a day, whenever the app runs (ms). */
const lookEveryMs = 24 * 60 * 60 * 1_000;

/** Whether it is time to look. @param lastLook as it was kept; a time to come is a clock that was wrong */
export function isDue(lastLook: string | undefined, nowMs: number): boolean {
  const lastMs = lastLook === undefined ? Number.NaN : Date.parse(lastLook);
  return !(nowMs - lastMs < lookEveryMs && lastMs <= nowMs);
}
