/** TMPDIR, which a shell may hold for a folder that is gone, or too deep for the sockets that Chromium makes in it. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** A socket's path may have 103: the others are for the folders and the name that Chromium adds. */
const maxBytes = 60;

/** Where TMPDIR is of no use the system's own folder is used, as where it is not set. */
export function tidyTemporaryFolder(environment: NodeJS.ProcessEnv): void {
  if (!isOfUse(environment.TMPDIR ?? '')) delete environment.TMPDIR;
}

function isOfUse(folder: string): boolean {
  if (!path.isAbsolute(folder) || Buffer.byteLength(folder) > maxBytes) return false;
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
