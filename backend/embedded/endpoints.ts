/** Where the built-in parts listen: Unix sockets in folders of this user alone, or loopback where a system has none. */
import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DeskError } from '../errors.ts';

/** What fits into a socket's address on every Unix, the closing NUL left out. */
const maxSocketPathBytes = 103;

export const hasUnixSockets = process.platform !== 'win32';

export interface SocketFolder {
  readonly path: string;
  /** Makes it, or finds it, closed to everybody else, and without an earlier socket. */
  open(): Promise<void>;
  /** Leaves nothing of it. One that was never opened may be another desk's and stays. */
  remove(): Promise<void>;
}

/**
 * A folder for a socket of this file name: in the data folder, where nothing is made before open();
 * or, when that path can be no socket's, a new one in the system's temporary folder.
 * @throws DeskError UNAVAILABLE: none can be made there either
 */
export function socketFolder(options: { dataDir: string; name: string; socketName: string }): SocketFolder {
  const inside = path.join(options.dataDir, options.name);
  const fits = isForSockets(path.join(inside, options.socketName));
  const folder = fits ? inside : makeTemporary(options.socketName);
  let own = !fits;
  return {
    path: folder,
    async open() {
      own = true;
      await mkdir(folder, { mode: 0o700, recursive: true });
      await clear(folder);
    },
    async remove() {
      if (!own) return;
      await clear(folder);
      await rmdir(folder).catch(() => undefined);
    },
  };
}

/** Of sockets, their locks and links alone: whatever else is there somebody has put in. */
async function clear(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => /^(service-\w+\.sock|\.s\.PGSQL\.\d+(\.lock)?|data)$/.test(name));
  for (const name of left) await rm(path.join(folder, name), { force: true });
}

/** gRPC reads an address, and Postgres its file of the one that runs, line by line. */
function isForSockets(file: string): boolean {
  return Buffer.byteLength(file) <= maxSocketPathBytes && !hasLineBreak(file);
}

export function hasLineBreak(file: string): boolean {
  return /[\r\n]/.test(file);
}

/** TMPDIR may name a folder that is gone, can't be written or is too long itself. */
function makeTemporary(socketName: string): string {
  const bases = [tmpdir(), '/tmp'];
  for (const base of bases) {
    const start = path.join(base, 'ticket-desk-');
    if (!isForSockets(path.join(`${start}123456`, socketName))) continue;
    try {
      return mkdtempSync(start);
    } catch {
      // The next one may do.
    }
  }
  throw new DeskError(
    'UNAVAILABLE',
    `The path of the data folder is too long for sockets, and none can be made in ${bases.join(' or ')} either. Choose a shorter DATA_DIR, or set TMPDIR to a folder that can be written.`,
  );
}

/** A port of 127.0.0.1 that nobody listens on just now. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
