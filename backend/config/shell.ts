/**
 * What a person's shell holds for other programs stays away from ours: a program tidies the environment that it was
 * given, and what it starts inherits only what is named here. Pure but for the environment that comes in.
 */
import { userInfo } from 'node:os';
import path from 'node:path';
import { DeskError } from '../errors.ts';
import { tidyTemporaryFolder } from './temporary-folder.ts';
import { type Environment, isOwn } from './variables.ts';

/**
 * Libraries of ours take these as said to them. node-postgres reads PG* even beside an address, and looks for a binding
 * that we don't have; Apollo Server reports what it is asked to where APOLLO_* says; gRPC and debug print what they
 * carry; Node trusts every certificate; LevelDB's binding is looked for as of another system.
 */
const misread =
  /^(PG[A-Z]+|NODE_PG_FORCE_NATIVE|APOLLO_.*|GRPC_(?!PORTS$).*|DEBUG|NODE_TLS_REJECT_UNAUTHORIZED|npm_config_.*|LIBC|ARM_VERSION|PREBUILDS_ONLY|\w+_PREBUILD)$/i;

/** The XDG Base Directory Specification: a path that is not absolute counts as not set. */
const folderVariables = [
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
  'XDG_STATE_HOME',
];

const homeVariable = process.platform === 'win32' ? 'USERPROFILE' : 'HOME';

/** Takes out of the environment what is not meant for this program, before anything reads it. */
export function tidy(environment: NodeJS.ProcessEnv): void {
  const isMisread = (name: string) => misread.test(name) && !isOwn(name);
  const isNoFolder = (name: string) =>
    folderVariables.includes(name) && !path.isAbsolute(environment[name] ?? '');
  for (const name of Object.keys(environment)) {
    if (isMisread(name) || isNoFolder(name)) delete environment[name];
  }
  tidyTemporaryFolder(environment);
  const home = homeOf(environment);
  if (home === undefined) delete environment[homeVariable];
  else environment[homeVariable] = home;
}

/** What any program needs: where programs are, who runs it, where temporary files go, and what Windows demands. */
const everyProgram = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  // A library that every program is to load is for ours too.
  'LD_PRELOAD',
  'APPDATA',
  'COMSPEC',
  'LOCALAPPDATA',
  'NUMBER_OF_PROCESSORS',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMDATA',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
];

/** What each kind of program inherits. Whatever else it is to know, it is told by whoever starts it. */
const inherited = {
  /** Postgres, and the small tools of the system. */
  program: everyProgram,
  /** This same program once more, which may have found its own libraries by these. */
  runtime: [...everyProgram, 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'],
  /** Docker with the person's own engine, registries and proxies, and the ports that docker-compose.yml asks for. */
  docker: [
    ...everyProgram,
    'DOCKER_API_VERSION',
    'DOCKER_BUILDKIT',
    'DOCKER_CERT_PATH',
    'DOCKER_CONFIG',
    'DOCKER_CONTEXT',
    'DOCKER_HOST',
    'DOCKER_TLS',
    'DOCKER_TLS_VERIFY',
    'BUILDX_BUILDER',
    'BUILDX_CONFIG',
    'DBUS_SESSION_BUS_ADDRESS',
    'SSH_AUTH_SOCK',
    'XDG_CONFIG_HOME',
    'XDG_RUNTIME_DIR',
    'ALL_PROXY',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'GRPC_PORTS',
    'NODE_IMAGE',
    'NSQADMIN_PORT',
    'NSQD_TCP_PORT',
    'WEB_PORT',
  ],
};

export type ProgramKind = keyof typeof inherited;

/** Names in any case: Windows writes Path, and proxies are named in small letters too. */
export function inheritedBy(kind: ProgramKind, environment: Environment): Record<string, string> {
  const named = Object.entries(environment).filter(([name]) => inherited[kind].includes(name.toUpperCase()));
  return Object.fromEntries(named.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/**
 * A folder of the person: the one that a variable names, or the usual one in their home.
 * @throws DeskError BAD_USER_INPUT: there is no home folder, and nothing else says where
 */
export function baseFolder(environment: Environment, variable: string, usual: readonly string[]): string {
  const given = environment[variable] ?? '';
  return path.isAbsolute(given) ? given : path.join(homeFolder(environment), ...usual);
}

/** @throws DeskError BAD_USER_INPUT: there is none */
export function homeFolder(environment: Environment): string {
  const home = homeOf(environment);
  if (home !== undefined) return home;
  throw new DeskError(
    'BAD_USER_INPUT',
    `There is no home folder: ${homeVariable} names none, and the system knows none of this user. Set DATA_DIR to an absolute path.`,
    { field: 'DATA_DIR' },
  );
}

/** What the variable says, or where it says nothing, what the system has on record for this user. */
function homeOf(environment: Environment): string | undefined {
  return [environment[homeVariable] ?? '', homeOnRecord()].find((folder) => path.isAbsolute(folder));
}

function homeOnRecord(): string {
  try {
    return userInfo().homedir;
  } catch {
    // A container may run under a number that no user has.
    return '';
  }
}
