/** The fuses of a packed app, as they stand in its binary, and those of a release. */
import { type FuseConfig, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** electron-builder's names, in the order of the wire. */
export const fuseNames = {
  runAsNode: FuseV1Options.RunAsNode,
  enableCookieEncryption: FuseV1Options.EnableCookieEncryption,
  enableNodeOptionsEnvironmentVariable: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
  enableNodeCliInspectArguments: FuseV1Options.EnableNodeCliInspectArguments,
  enableEmbeddedAsarIntegrityValidation: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
  onlyLoadAppFromAsar: FuseV1Options.OnlyLoadAppFromAsar,
  loadBrowserProcessSpecificV8Snapshot: FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
  grantFileProtocolExtraPrivileges: FuseV1Options.GrantFileProtocolExtraPrivileges,
} as const;

export type FuseName = keyof typeof fuseNames;

/** Those of a release: no way into the process but the app's own. */
export const releaseFuses: Record<FuseName, boolean> = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  // Only a runtime built with a snapshot of its own has one to load.
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
};

/** @electron/fuses writes a fuse that is on as the character 1. */
const on = '1'.charCodeAt(0);

/** Reads them back from the executable. */
export async function readFuses(executable: string): Promise<Record<FuseName, boolean>> {
  const wire: Partial<FuseConfig<number>> = await getCurrentFuseWire(executable);
  const entries = Object.entries(fuseNames).map(([name, index]) => [name, wire[index] === on]);
  return Object.fromEntries(entries);
}
