/** The same app under an earlier version, as the one that is upgraded. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Copies an unpacked app and writes another version into its archive. The archive keeps its length, as the version is
 * padded with blanks, which JSON allows.
 * @throws Error when the archive does not say its version, or the new one is longer
 */
export function makeOlderApp(options: {
  from: string;
  to: string;
  version: string;
  olderVersion: string;
}): void {
  const { from, to, version, olderVersion } = options;
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  const archivePath = join(to, 'resources/app.asar');
  const archive = readFileSync(archivePath);
  const written = `"name": "ticket-desk",\n  "productName": "Ticket Desk",\n  "version": "${version}"`;
  const instead = written.replace(`"${version}"`, `"${olderVersion}"`).padEnd(written.length);
  const offset = archive.indexOf(written);
  if (offset < 0 || instead.length !== written.length) {
    throw new Error(`${archivePath} can't be made one of version ${olderVersion}.`);
  }
  archive.write(instead, offset);
  writeFileSync(archivePath, archive);
}
