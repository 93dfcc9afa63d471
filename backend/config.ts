/** The environment, read and checked: the only file that looks at process.env. */
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { DeskError } from './errors.ts';
import { type LogLevel, logLevels } from './logger.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ServeConfig {
  /** Absolute. */
  dataDir: string;
  host: string;
  port: number;
  /** What callers must show; empty: nothing. */
  apiTokens: string[];
  logLevel: LogLevel;
}

export interface ProxyConfig extends ServeConfig {
  /** The ticket service: `host:port` or `unix:/path`. */
  grpcAddress: string;
  /** What the ticket service demands. */
  apiToken: string | undefined;
}

/** For the desktop app, whose settings file says the rest. */
export interface DesktopConfig {
  /** Absolute; undefined: in the app's own folder. */
  dataDir: string | undefined;
  /** Undefined: what the settings say. */
  grpcAddress: string | undefined;
  apiToken: string | undefined;
  logLevel: LogLevel;
  /** `npm run dev`: reload the page when it is rebuilt. */
  isDevelopment: boolean;
}

export interface TicketServiceConfig {
  postgresUrl: string;
  /** What it binds: `host:port` or `unix:/path`. */
  grpcAddress: string;
  apiTokens: string[];
  logLevel: LogLevel;
}

const leastTokenCharacters = 16;
const token = z
  .string()
  .regex(/^[\x21-\x2b\x2d-\x7e]+$/, 'may hold no spaces, commas or letters beyond ASCII')
  .min(leastTokenCharacters, `needs at least ${leastTokenCharacters} characters`);

/** How each variable reads. An empty one counts as not set. */
const variables = {
  API_TOKEN: token.optional(),
  API_TOKENS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    )
    .pipe(z.array(token)),
  DATA_DIR: z.string().optional(),
  GRPC_ADDRESS: z
    .string()
    .default('127.0.0.1:50051')
    .refine(isAddress, 'must be host:port, as in 127.0.0.1:50051, or unix:/path'),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be a host name or an IP address')
    .default('127.0.0.1'),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
    .default('4000')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a number from 0 to 65535'),
  POSTGRES_URL: z
    .string(
      'is not set: give the address of the database, as in postgresql://user:password@host:5432/tickets',
    )
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://'),
  TICKET_DESK_DEV: z.literal('1', 'must be 1 or not set').optional(),
};

const serveVariables = ['DATA_DIR', 'HOST', 'PORT', 'API_TOKENS', 'LOG_LEVEL'] as const;

/** @throws DeskError BAD_USER_INPUT: names each variable that is wrong and how to mend it. */
export function readServeConfig(environment: Environment = process.env): ServeConfig {
  return serveConfig(readVariables(environment, serveVariables), environment);
}

/** @throws DeskError BAD_USER_INPUT: names each variable that is wrong and how to mend it. */
export function readProxyConfig(environment: Environment = process.env): ProxyConfig {
  const read = readVariables(environment, [...serveVariables, 'GRPC_ADDRESS', 'API_TOKEN']);
  return { ...serveConfig(read, environment), grpcAddress: read.GRPC_ADDRESS, apiToken: read.API_TOKEN };
}

/** @throws DeskError BAD_USER_INPUT: names each variable that is wrong and how to mend it. */
export function readDesktopConfig(environment: Environment = process.env): DesktopConfig {
  const read = readVariables(environment, [
    'DATA_DIR',
    'GRPC_ADDRESS',
    'API_TOKEN',
    'LOG_LEVEL',
    'TICKET_DESK_DEV',
  ]);
  return {
    dataDir: read.DATA_DIR === undefined ? undefined : path.resolve(read.DATA_DIR),
    // Not the default: only an address that somebody gave goes before the settings.
    grpcAddress: environment.GRPC_ADDRESS?.trim() ? read.GRPC_ADDRESS : undefined,
    apiToken: read.API_TOKEN,
    logLevel: read.LOG_LEVEL,
    isDevelopment: read.TICKET_DESK_DEV === '1',
  };
}

/** @throws DeskError BAD_USER_INPUT: names each variable that is wrong and how to mend it. */
export function readTicketServiceConfig(environment: Environment = process.env): TicketServiceConfig {
  const read = readVariables(environment, ['POSTGRES_URL', 'GRPC_ADDRESS', 'API_TOKENS', 'LOG_LEVEL']);
  return {
    postgresUrl: read.POSTGRES_URL,
    grpcAddress: read.GRPC_ADDRESS,
    apiTokens: read.API_TOKENS,
    logLevel: read.LOG_LEVEL,
  };
}

/** Whether nobody but this computer reaches a server bound to this host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** What a child process inherits: all but this desk's own settings, which its parent gives it one by one. */
export function inheritedEnvironment(environment: Environment = process.env): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !(name in variables)) inherited[name] = value;
  }
  return inherited;
}

type Variables<Name extends keyof typeof variables> = { [N in Name]: z.output<(typeof variables)[N]> };

function serveConfig(
  read: Variables<(typeof serveVariables)[number]>,
  environment: Environment,
): ServeConfig {
  return {
    dataDir: path.resolve(read.DATA_DIR ?? defaultDataDir(environment)),
    host: read.HOST,
    port: read.PORT,
    apiTokens: read.API_TOKENS,
    logLevel: read.LOG_LEVEL,
  };
}

function readVariables<Name extends keyof typeof variables>(
  environment: Environment,
  names: readonly Name[],
): Variables<Name> {
  const read: Partial<Record<Name, unknown>> = {};
  const problems: string[] = [];
  for (const name of names) {
    const result = variables[name].safeParse(environment[name]?.trim() || undefined);
    // Never the value: it may be a secret.
    if (!result.success) problems.push(`${name} ${result.error.issues[0]?.message}`);
    read[name] = result.data;
  }
  if (problems.length > 0) {
    throw new DeskError('BAD_USER_INPUT', `The environment is not right: ${problems.join('; ')}.`);
  }
  return read as Variables<Name>;
}

function isAddress(address: string): boolean {
  if (address.startsWith('unix:')) return address.length > 'unix:'.length;
  const port = Number(/^(?:[\w.-]+|\[[\da-f:.]+\]):(\d{1,5})$/i.exec(address)?.[1] ?? Number.NaN);
  return port <= 65_535;
}

/** Where this system wants a program to keep its data. */
function defaultDataDir(environment: Environment): string {
  const home = homedir();
  const base = {
    darwin: path.join(home, 'Library', 'Application Support'),
    win32: environment.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'),
  }[process.platform as string];
  return path.join(base ?? environment.XDG_DATA_HOME ?? path.join(home, '.local', 'share'), 'ticket-desk');
}
