/** The environment, read and checked: the only file that looks at process.env. */
import path from 'node:path';
import { type ChosenHost, chooseHost } from './config/listen-host.ts';
import { baseFolder, homeFolder, inheritedBy, type ProgramKind, tidy } from './config/shell.ts';
import { type Environment, isGiven, isOwn, readVariables, type Variables } from './config/variables.ts';
import { DeskError } from './errors.ts';
import type { LogLevel } from './logger.ts';
import { refuseHalfAPair, type TlsFiles } from './tls-files.ts';

export type { TlsFiles } from './tls-files.ts';
export type { Environment };

export interface NsqConfig {
  /** The nsqd to publish to and to take from: `host:port`. */
  nsqdAddress: string | undefined;
  /** Where a ticket service finds every nsqd that has the topic: `host:port` of nsqlookupd's HTTP. */
  lookupdAddresses: string[];
  topic: string;
  channel: string;
  /** Undefined: in clear. */
  tls: TlsFiles | undefined;
  authSecret: string | undefined;
}

/** Where metrics and the states of health are served. */
export interface MetricsConfig {
  host: string;
  port: number;
}

interface CommonConfig {
  logLevel: LogLevel;
  /** Undefined: not served. */
  metrics: MetricsConfig | undefined;
  /** Where traces go by OTLP; undefined: nowhere. */
  tracesTo: string | undefined;
}

export interface ServeConfig extends CommonConfig, ChosenHost {
  /** Absolute. */
  dataDir: string;
  port: number;
  /** What somebody has set of where it listens and keeps things, as `NAME=value`. */
  setBy: readonly string[];
  /** What callers must show; empty and no file: nothing. */
  apiTokens: string[];
  /** The file that they came from, which may change while the program runs. */
  apiTokensFile: string | undefined;
}

/** How a desk reaches a ticket service that runs elsewhere. */
export interface ServiceLinkConfig {
  /** `host:port` or `unix:/path`. */
  grpcAddress: string;
  /** Undefined: in clear. */
  grpcTls: TlsFiles | undefined;
  /** What the ticket service demands. */
  apiToken: string | undefined;
  /** Undefined: creates go by gRPC too. */
  nsq: NsqConfig | undefined;
}

export interface ProxyConfig extends ServeConfig, ServiceLinkConfig {}

/** For the desktop app, whose settings file says the rest. */
export interface DesktopConfig extends Omit<ServiceLinkConfig, 'grpcAddress' | 'nsq'> {
  /** Absolute; undefined: in the app's own folder. */
  dataDir: string | undefined;
  /** Undefined: what the settings say, for this and all that follows from it. */
  grpcAddress: string | undefined;
  /** Whatever the address: without one the settings say which. */
  nsq: NsqConfig;
  /** Undefined: what the settings say. */
  profile: 'this-computer' | 'docker' | 'team' | undefined;
  /** Whether updates are looked for; undefined: what the settings say. */
  updates: 'on' | 'off' | undefined;
  /** For tests, and read by an app that is not packed alone: the managed installation's file, and the feed's. */
  managedConfigPath: string | undefined;
  updateConfigPath: string | undefined;
  /** The docker program; undefined: where it usually is. */
  dockerPath: string | undefined;
  logLevel: LogLevel;
  /** The variables that somebody has set, which go before the settings. */
  given: readonly string[];
  /** `npm run dev`: reload the page when it is rebuilt. */
  isDevelopment: boolean;
}

export interface TicketServiceConfig extends CommonConfig {
  postgresUrl: string;
  /** Undefined: the cache is in the process. */
  redisUrl: string | undefined;
  /** Undefined: creates come by gRPC alone. */
  nsq: NsqConfig | undefined;
  /** What it binds: `host:port` or `unix:/path`. */
  grpcAddress: string;
  /** Undefined: in clear. With a CA callers must show a certificate of it. */
  grpcTls: TlsFiles | undefined;
  /** What callers must show; empty and no file: nothing. */
  apiTokens: string[];
  /** The file that they came from, which may change while the program runs. */
  apiTokensFile: string | undefined;
  /** Whose calls of the base contract need no token: addresses and ranges of them; undefined: nobody's. */
  admitWithoutToken?: string[] | undefined;
}

const commonVariables = ['LOG_LEVEL', 'METRICS_HOST', 'METRICS_PORT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;
const serveVariables = ['DATA_DIR', 'HOST', 'PORT', 'API_TOKENS', ...commonVariables] as const;
const grpcVariables = ['GRPC_ADDRESS', 'GRPC_TLS', 'GRPC_TLS_CA', 'GRPC_TLS_CERT', 'GRPC_TLS_KEY'] as const;
const nsqVariables = [
  'NSQD_TCP_ADDRESS',
  'NSQLOOKUPD_HTTP_ADDRESSES',
  'NSQ_TOPIC',
  'NSQ_CHANNEL',
  'NSQ_TLS',
  'NSQ_TLS_CA',
  'NSQ_TLS_CERT',
  'NSQ_TLS_KEY',
  'NSQ_AUTH_SECRET',
] as const;
const policyVariables = ['TICKET_DESK_PROFILE', 'TICKET_DESK_UPDATES'] as const;
const linkVariables = [...grpcVariables, 'API_TOKEN', ...nsqVariables] as const;

/** @throws DeskError BAD_USER_INPUT: names each variable that is wrong and how to mend it. */
export function readServeConfig(environment: Environment = process.env): ServeConfig {
  return serveConfig(readVariables(environment, serveVariables), environment);
}

/** @throws DeskError BAD_USER_INPUT: names each variable that is wrong and how to mend it. */
export function readProxyConfig(environment: Environment = process.env): ProxyConfig {
  const read = readVariables(environment, [...serveVariables, ...linkVariables]);
  return { ...serveConfig(read, environment), grpcAddress: read.GRPC_ADDRESS, ...linkConfig(read) };
}

/** @throws DeskError BAD_USER_INPUT: names each variable that is wrong and how to mend it. */
export function readDesktopConfig(environment: Environment = process.env): DesktopConfig {
  const read = readVariables(environment, [
    'DATA_DIR',
    'DOCKER_PATH',
    'LOG_LEVEL',
    'TICKET_DESK_DEV',
    'TICKET_DESK_MANAGED_CONFIG',
    'TICKET_DESK_UPDATE_CONFIG',
    ...policyVariables,
    ...linkVariables,
  ]);
  if (read.TICKET_DESK_PROFILE === 'team' && !isGiven(environment, 'GRPC_ADDRESS')) {
    throw new DeskError(
      'BAD_USER_INPUT',
      'The environment is not right: TICKET_DESK_PROFILE is team, so GRPC_ADDRESS must say where the ticket service is.',
    );
  }
  return {
    dataDir: read.DATA_DIR === undefined ? undefined : path.resolve(read.DATA_DIR),
    // Not the default: only an address that somebody gave goes before the settings.
    grpcAddress: isGiven(environment, 'GRPC_ADDRESS') ? read.GRPC_ADDRESS : undefined,
    ...linkConfig(read),
    nsq: nsqSettings(read),
    profile: read.TICKET_DESK_PROFILE,
    updates: read.TICKET_DESK_UPDATES,
    managedConfigPath: read.TICKET_DESK_MANAGED_CONFIG,
    updateConfigPath: read.TICKET_DESK_UPDATE_CONFIG,
    dockerPath: read.DOCKER_PATH,
    logLevel: read.LOG_LEVEL,
    given: [...policyVariables, ...linkVariables].filter((name) => isGiven(environment, name)),
    isDevelopment: read.TICKET_DESK_DEV === '1',
  };
}

/** @throws DeskError BAD_USER_INPUT: names each variable that is wrong and how to mend it. */
export function readTicketServiceConfig(environment: Environment = process.env): TicketServiceConfig {
  const read = readVariables(environment, [
    'POSTGRES_URL',
    'REDIS_URL',
    'API_TOKENS',
    'GRPC_ADMIT_WITHOUT_TOKEN',
    ...grpcVariables,
    ...nsqVariables,
    ...commonVariables,
  ]);
  return {
    postgresUrl: read.POSTGRES_URL,
    redisUrl: read.REDIS_URL,
    nsq: nsqConfig(read),
    grpcAddress: read.GRPC_ADDRESS,
    grpcTls: grpcTls(read),
    apiTokens: read.API_TOKENS,
    apiTokensFile: environment.API_TOKENS_FILE?.trim() || undefined,
    admitWithoutToken: read.GRPC_ADMIT_WITHOUT_TOKEN.length > 0 ? read.GRPC_ADMIT_WITHOUT_TOKEN : undefined,
    ...commonConfig(read),
  };
}

/** The database to fill: the address that is given, else that of the desk in the data folder. @throws DeskError BAD_USER_INPUT */
export function readSeedConfig(environment: Environment = process.env): {
  postgresUrl: string | undefined;
  /** Absolute. */
  dataDir: string;
} {
  const isAddressGiven = isGiven(environment, 'POSTGRES_URL');
  return {
    postgresUrl: isAddressGiven ? readVariables(environment, ['POSTGRES_URL']).POSTGRES_URL : undefined,
    dataDir: path.resolve(readVariables(environment, ['DATA_DIR']).DATA_DIR ?? defaultDataDir(environment)),
  };
}

/** For whoever asks a program that runs already. @throws DeskError BAD_USER_INPUT: names each variable that is wrong. */
export function readMetricsConfig(environment: Environment = process.env): MetricsConfig | undefined {
  return metricsConfig(readVariables(environment, ['METRICS_HOST', 'METRICS_PORT']));
}

/** Makes the environment of this process what our libraries and folders may go by; for the start of each program. */
export function tidyEnvironment(environment: NodeJS.ProcessEnv = process.env): void {
  tidy(environment);
}

/** What a program that is started here inherits; settings of its own it is given one by one. */
export function inheritedEnvironment(
  kind: ProgramKind,
  environment: Environment = process.env,
): Record<string, string> {
  return inheritedBy(kind, environment);
}

/** What the person's session tells every program: all but this desk's own settings. */
export function sessionEnvironment(environment: Environment = process.env): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !isOwn(entry[0]),
  );
  return Object.fromEntries(entries);
}

function commonConfig(read: Variables<(typeof commonVariables)[number]>): CommonConfig {
  return {
    logLevel: read.LOG_LEVEL,
    metrics: metricsConfig(read),
    tracesTo: read.OTEL_EXPORTER_OTLP_ENDPOINT,
  };
}

function metricsConfig(read: Variables<'METRICS_HOST' | 'METRICS_PORT'>): MetricsConfig | undefined {
  const port = read.METRICS_PORT;
  return port === undefined ? undefined : { host: read.METRICS_HOST, port };
}

function serveConfig(
  read: Variables<(typeof serveVariables)[number]>,
  environment: Environment,
): ServeConfig {
  return {
    dataDir: path.resolve(read.DATA_DIR ?? defaultDataDir(environment)),
    ...chooseHost(read.HOST),
    port: read.PORT,
    setBy: (['HOST', 'PORT', 'DATA_DIR'] as const)
      .filter((name) => isGiven(environment, name))
      .map((name) => `${name}=${read[name]}`),
    apiTokens: read.API_TOKENS,
    apiTokensFile: environment.API_TOKENS_FILE?.trim() || undefined,
    ...commonConfig(read),
  };
}

function linkConfig(read: Variables<(typeof linkVariables)[number]>): Omit<ServiceLinkConfig, 'grpcAddress'> {
  return {
    grpcTls: grpcTls(read),
    apiToken: read.API_TOKEN,
    nsq: nsqConfig(read),
  };
}

function nsqConfig(read: Variables<(typeof nsqVariables)[number]>): NsqConfig | undefined {
  if (read.NSQD_TCP_ADDRESS === undefined && read.NSQLOOKUPD_HTTP_ADDRESSES.length === 0) return undefined;
  return nsqSettings(read);
}

function nsqSettings(read: Variables<(typeof nsqVariables)[number]>): NsqConfig {
  return {
    nsqdAddress: read.NSQD_TCP_ADDRESS,
    lookupdAddresses: read.NSQLOOKUPD_HTTP_ADDRESSES,
    topic: read.NSQ_TOPIC,
    channel: read.NSQ_CHANNEL,
    tls: nsqTls(read),
    authSecret: read.NSQ_AUTH_SECRET,
  };
}

function grpcTls(read: Variables<(typeof grpcVariables)[number]>): TlsFiles | undefined {
  const { GRPC_TLS: flag, GRPC_TLS_CA: ca, GRPC_TLS_CERT: cert, GRPC_TLS_KEY: key } = read;
  return tlsFiles({ flag, ca, cert, key }, 'GRPC_TLS');
}

function nsqTls(read: Variables<(typeof nsqVariables)[number]>): TlsFiles | undefined {
  const { NSQ_TLS: flag, NSQ_TLS_CA: ca, NSQ_TLS_CERT: cert, NSQ_TLS_KEY: key } = read;
  return tlsFiles({ flag, ca, cert, key }, 'NSQ_TLS');
}

/** Any of the files means TLS; `1` alone means TLS with the CAs that Node trusts. */
function tlsFiles(
  given: { flag: '1' | undefined } & { [Part in keyof TlsFiles]-?: string | undefined },
  prefix: string,
): TlsFiles | undefined {
  const { flag, ca, cert, key } = given;
  if (flag === undefined && !ca && !cert && !key) return undefined;
  const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  refuseHalfAPair(files, prefix);
  return files;
}

/** Where this system wants a program to keep its data. */
function defaultDataDir(environment: Environment): string {
  const base = {
    darwin: () => path.join(homeFolder(environment), 'Library', 'Application Support'),
    win32: () => baseFolder(environment, 'LOCALAPPDATA', ['AppData', 'Local']),
  }[process.platform as string];
  return path.join(base?.() ?? baseFolder(environment, 'XDG_DATA_HOME', ['.local', 'share']), 'ticket-desk');
}
