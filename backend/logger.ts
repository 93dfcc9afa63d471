/** One JSON line an event, without ticket text and without secrets. */
import pino, { type DestinationStream, type Logger } from 'pino';

export type { Logger };

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Keys whose values never reach the log, at the top of an entry and one level down. */
const secretKeys = [
  'apiToken',
  'apiTokens',
  'authorization',
  'password',
  'postgresUrl',
  'token',
  // What people wrote stays out of the log too.
  'title',
  'description',
  'lastError',
];

/**
 * @param options.destination where lines go; standard error when left out. Written in this thread: a
 *   transport would need a file of its own beside the bundle.
 */
export function createLogger(options: {
  name: string;
  level: LogLevel;
  destination?: DestinationStream;
}): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
      serializers: { err: plainError },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

/** Node's own warnings as lines of the log, in place of its plain text. */
export function logWarnings(logger: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (err) => logger.warn({ err }, 'Node warns of what a part of this program does'));
}

interface PlainError {
  type: string;
  message: string;
  code?: unknown;
  stack?: string;
  cause?: PlainError;
}

/**
 * Keeps of an error what tells where it came from. Other properties are left out, because Postgres puts
 * whole rows into `detail`; so is the address with the password that some put into the text.
 */
function plainError(thrown: unknown, depth = 0): PlainError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: hideSecrets(String(thrown)) };
  const plain: PlainError = { type: thrown.name, message: hideSecrets(thrown.message) };
  if ('code' in thrown) plain.code = thrown.code;
  if (thrown.stack) plain.stack = hideSecrets(thrown.stack);
  if (thrown.cause !== undefined && depth < 3) plain.cause = plainError(thrown.cause, depth + 1);
  return plain;
}

/** Each part is as long as real ones are at most: a long text would take a time that grows with its square. */
const passwordInUrl = /([\w+.-]{1,20}:\/\/[^\s:/@]{0,200}:)[^\s@]{1,1000}@/g;

function hideSecrets(text: string): string {
  return text.replace(passwordInUrl, '$1[redacted]@').replace(/Bearer \S+/gi, 'Bearer [redacted]');
}
