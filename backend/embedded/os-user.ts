/**
 * Postgres refuses to run as root. Then it runs as the owner of its cluster, or as the user `postgres`,
 * with no more of root's powers than reading: the programs may lie in a folder that is root's alone.
 */
import { type ChildProcess, execFile } from 'node:child_process';
import { chown, readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { type AloneOptions, spawnAlone } from './spawn-alone.ts';

export interface OsUser {
  /** Starts a program as this user. */
  spawn(command: string, args: readonly string[], options: AloneOptions): ChildProcess;
  /** Gives a file or folder to this user. */
  own(file: string): Promise<void>;
}

const self: OsUser = { spawn: spawnAlone, own: async () => {} };
const run = promisify(execFile);

/**
 * The user that Postgres is to run as.
 * @param options.cluster its data folder, there or not
 * @throws DeskError UNAVAILABLE: this is root, and the way down is missing; the text says what to do.
 */
export async function findPostgresUser(options: { cluster: string; logger: Logger }): Promise<OsUser> {
  if (process.getuid?.() !== 0) return self;
  const owner = await stat(options.cluster).catch(() => undefined);
  const ids = owner && owner.uid !== 0 ? owner : await idsOfPostgres(options.logger);
  const setpriv = await setprivArguments(ids);
  return {
    spawn: (command, args, spawnOptions) =>
      spawnAlone('setpriv', [...setpriv, command, ...args], spawnOptions),
    own: (file) => chown(file, ids.uid, ids.gid),
  };
}

interface Ids {
  uid: number;
  gid: number;
}

async function idsOfPostgres(logger: Logger): Promise<Ids> {
  const known = await lookUp();
  if (known) return known;
  logger.warn('running as root, which Postgres refuses: making the system user "postgres" for it (useradd)');
  try {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
  } catch (cause) {
    throw new DeskError(
      'UNAVAILABLE',
      'The database refuses to run as root, and the user "postgres" could not be made for it. Start Ticket Desk as an ordinary user, or make that user: useradd --system postgres',
      { cause },
    );
  }
  const made = await lookUp();
  if (!made) throw new Error('useradd made no user "postgres"');
  return made;
}

async function lookUp(): Promise<Ids | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

const capability = { dacOverride: 1n, dacReadSearch: 2n, setpcap: 8n };

async function setprivArguments({ uid, gid }: Ids): Promise<string[]> {
  try {
    await run('setpriv', ['--version']);
  } catch (cause) {
    throw new DeskError(
      'UNAVAILABLE',
      'The database refuses to run as root, and the program "setpriv" (Debian package util-linux) that would run it as another user is missing. Start Ticket Desk as an ordinary user, or install setpriv.',
      { cause },
    );
  }
  const user = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const power = await powerToRead();
  if (!power) return user;
  return [...user, `--inh-caps=+${power}`, `--ambient-caps=+${power}`, '--securebits=+no_setuid_fixup'];
}

/** The least power held here that lets another user read root's folders; a container may have been given none. */
async function powerToRead(): Promise<string | undefined> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const held = BigInt(`0x${/^CapPrm:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const has = (bit: bigint) => (held >> bit) % 2n === 1n;
  if (!has(capability.setpcap)) return undefined;
  if (has(capability.dacReadSearch)) return 'dac_read_search';
  return has(capability.dacOverride) ? 'dac_override' : undefined;
}
