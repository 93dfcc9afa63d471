/** How each variable of the environment reads. Pure: the environment comes in as an argument. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { tokenProblem } from '../../proto/team-settings.ts';
import { rangeProblem } from '../address-ranges.ts';
import { DeskError } from '../errors.ts';
import { logLevels } from '../logger.ts';
import { entryProblem } from '../secrets.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A text with which nothing is wrong. */
const without = (problemOf: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const message = problemOf(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** Parts between commas or line ends; lines that begin with # are remarks. */
export function listed(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.trim().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

const list = z.string().default('').transform(listed);
const port = (standard?: string) =>
  (standard === undefined ? z.string() : z.string().default(standard))
    .pipe(z.string().regex(/^\d{1,5}$/, 'must be a number from 0 to 65535'))
    .transform(Number)
    .refine((number) => number <= 65_535, 'must be a number from 0 to 65535');
const host = z
  .string()
  .regex(/^[\w.:-]+$/, 'must be a host name or an IP address')
  .default('127.0.0.1');
const hostAndPort = z.string().refine(isHostAndPort, 'must be host:port, as in 127.0.0.1:4150');
const nsqName = z
  .string()
  .regex(/^[.a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"');
const inUrlProblem =
  'is no URL: what a password has of / # ? @ % is written as %2F %23 %3F %40 %25, and a port is a number';
/** An address without a host, where a socket is named behind ?, is one as well. */
const isUrl = (text: string) => URL.canParse(text.replace('@/', '@socket/').replaceAll(' ', '%20'));
const url = (begin: RegExp, words: string, unset?: string) =>
  z.string(unset).regex(begin, `must begin with ${words}`).refine(isUrl, inUrlProblem);
const file = z.string().optional();
const flag = z.literal('1', 'must be 1 or not set').optional();

/** An empty one counts as not set. Each can come from a file instead, named by the variable with _FILE behind it. */
export const variables = {
  API_TOKEN: without(tokenProblem).optional(),
  API_TOKENS: list.pipe(z.array(without(entryProblem))),
  DATA_DIR: z
    .string()
    // A shell leaves ~ alone where it stands in quotes, and other programs never change it.
    .refine(path.isAbsolute, 'must be an absolute path, as in /home/ada/desk: no other folder is guessed')
    .optional(),
  DOCKER_PATH: file,
  GRPC_ADDRESS: z
    .string()
    .default('127.0.0.1:50051')
    .refine(isAddress, 'must be host:port, as in 127.0.0.1:50051, or unix:/path'),
  GRPC_ADMIT_WITHOUT_TOKEN: list.pipe(z.array(without(rangeProblem))),
  GRPC_TLS: flag,
  GRPC_TLS_CA: file,
  GRPC_TLS_CERT: file,
  GRPC_TLS_KEY: file,
  HOST: host,
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(logLevels, `must be one of ${logLevels.join(', ')}`))
    .default('info'),
  METRICS_HOST: host,
  METRICS_PORT: port().optional(),
  NSQD_TCP_ADDRESS: hostAndPort.optional(),
  NSQLOOKUPD_HTTP_ADDRESSES: list.pipe(z.array(hostAndPort)),
  NSQ_AUTH_SECRET: z.string().optional(),
  NSQ_CHANNEL: nsqName.default('Create'),
  NSQ_TLS: flag,
  NSQ_TLS_CA: file,
  NSQ_TLS_CERT: file,
  NSQ_TLS_KEY: file,
  NSQ_TOPIC: nsqName.default('ticketCreate'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(/^https?:\/\//, 'http:// or https://').optional(),
  PORT: port('4000'),
  POSTGRES_URL: url(
    /^postgres(ql)?:\/\//,
    'postgresql://',
    'is not set: give the address of the database, as in postgresql://user:password@host:5432/tickets',
  ),
  REDIS_URL: url(/^rediss?:\/\//, 'redis:// or rediss://').optional(),
  TICKET_DESK_DEV: flag,
  TICKET_DESK_MANAGED_CONFIG: file,
  TICKET_DESK_PROFILE: z
    .enum(['this-computer', 'docker', 'team'], 'must be this-computer, docker or team')
    .optional(),
  TICKET_DESK_UPDATES: z.enum(['on', 'off'], 'must be on or off').optional(),
  TICKET_DESK_UPDATE_CONFIG: file,
};

export type Name = keyof typeof variables;
export type Variables<Names extends Name> = { [N in Names]: z.output<(typeof variables)[N]> };

/** @throws DeskError BAD_USER_INPUT: names each variable that is wrong and how to mend it, and no value. */
export function readVariables<Names extends Name>(
  environment: Environment,
  names: readonly Names[],
): Variables<Names> {
  const read: Partial<Record<Names, unknown>> = {};
  const problems: string[] = [];
  for (const name of names) {
    const text = textOf(environment, name);
    if (text instanceof Error) {
      problems.push(text.message);
      continue;
    }
    const result = variables[name].safeParse(text);
    // Never the value: it may be a secret.
    const given = environment[`${name}_FILE`]?.trim() ? `What ${name}_FILE names` : name;
    if (!result.success) problems.push(`${given} ${result.error.issues[0]?.message}`);
    read[name] = result.data;
  }
  if (problems.length > 0) {
    throw new DeskError('BAD_USER_INPUT', `The environment is not right: ${problems.join('; ')}.`);
  }
  return read as Variables<Names>;
}

/** Whether somebody has set this variable, or the file that stands for it. */
export function isGiven(environment: Environment, name: Name): boolean {
  return Boolean(environment[name]?.trim() || environment[`${name}_FILE`]?.trim());
}

/** Whether a variable is one of the desk's own. */
export function isOwn(name: string): boolean {
  return name in variables || (name.endsWith('_FILE') && name.slice(0, -'_FILE'.length) in variables);
}

function textOf(environment: Environment, name: Name): string | undefined | Error {
  const given = environment[name]?.trim() || undefined;
  const file = environment[`${name}_FILE`]?.trim();
  if (!file) return given;
  if (given !== undefined) return new Error(`${name} and ${name}_FILE are both set: leave one of them out`);
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (thrown) {
    return new Error(
      `${name}_FILE can't be read (${(thrown as NodeJS.ErrnoException).code}): check its path and rights`,
    );
  }
}

function isHostAndPort(address: string): boolean {
  const digits = /^(?:[\w.-]+|\[[\da-f:.]+\]):(\d{1,5})$/i.exec(address)?.[1];
  return Number(digits ?? Number.NaN) <= 65_535;
}

function isAddress(address: string): boolean {
  if (address.startsWith('unix:')) return address.length > 'unix:'.length;
  return isHostAndPort(address);
}
