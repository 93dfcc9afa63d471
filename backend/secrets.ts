/** The tokens that guard the desk's ways in: how they are written down, and whom they admit. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { agentRule } from '../proto/checks.ts';
import { createListeners } from '../proto/listeners.ts';
import { tokenProblem } from '../proto/team-settings.ts';
import { type Agent, readAgent } from './domain/agent.ts';
import { DeskError } from './errors.ts';

/** What callers must show, as it is kept: a digest, so that whoever reads the list can't use it. */
interface TokenEntry {
  /** Null where the list has the token itself. */
  name: string | null;
  /** SHA-256. A token is random, so its digest does not help to guess it. */
  digest: Buffer;
  /** The first moment at which it is not good any more (ms since 1970); null: never. */
  expiresAtMs: number | null;
  /** A proxy's, which says of each request for whom it comes. */
  isProxy: boolean;
}

export interface Admitted {
  admitted: true;
  /** Of the token, for the log; null where it has none. */
  name: string | null;
  /** Whose own the token is; undefined where it is a proxy's or has no name: then its holder tells who acts. */
  agent: Agent | undefined;
  /** By which a token of the list is known again without being stored; undefined: it is a session's. */
  key: string | undefined;
}

type Admission =
  | Admitted
  | {
      admitted: false;
      reason: 'none' | 'unknown' | 'expired';
      name: string | null;
      agent?: undefined;
      key?: undefined;
    };

/** Safe in a URL, an environment variable and a quoted SQL string. */
export function makeSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** Compares in constant time, whatever the lengths. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

const dayMs = 86_400_000;

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

const hashedEntry = /^([^:,#][^:,]*):sha256:([0-9a-f]{64})(?::(\d{4}-\d\d-\d\d))?(:proxy)?$/i;

/** What is wrong with an entry of API_TOKENS: a token itself, or `name:sha256:<hex>[:<last day, UTC>][:proxy]`. */
export function entryProblem(entry: string): string | undefined {
  if (!entry.includes(':sha256:')) return tokenProblem(entry);
  const [, , , day] = hashedEntry.exec(entry) ?? [];
  if (!hashedEntry.test(entry) || (day !== undefined && Number.isNaN(Date.parse(day)))) {
    return "has an entry that is not name:sha256:<64 hex digits>, with :YYYY-MM-DD behind it if it is to expire and then :proxy if it is a proxy's";
  }
  return undefined;
}

function parseEntry(entry: string): TokenEntry {
  const [, name, digest, day, proxy] = hashedEntry.exec(entry) ?? [];
  if (name === undefined || digest === undefined) {
    return { name: null, digest: digestOf(entry), expiresAtMs: null, isProxy: false };
  }
  const expiresAtMs = day === undefined ? null : Date.parse(day) + dayMs;
  // A blank that somebody has typed before the colon makes no other agent of the same look.
  return { name: name.trim(), digest: Buffer.from(digest, 'hex'), expiresAtMs, isProxy: proxy !== undefined };
}

/**
 * The line for API_TOKENS_FILE that admits this token.
 * @param options.lastDay `YYYY-MM-DD`: it is good until the end of this day, UTC; undefined: for ever
 * @param options.isProxy its holder may say who acts, as a proxy does
 * @throws DeskError BAD_USER_INPUT: the name can't stand in such a line.
 */
export function hashedLine(
  token: string,
  options: { name: string; lastDay: string | undefined; isProxy?: boolean },
): string {
  const mark = options.isProxy ? 'proxy' : undefined;
  const line = [options.name, 'sha256', digestOf(token).toString('hex'), options.lastDay, mark]
    .filter((part) => part !== undefined)
    .join(':');
  const isAgents = readAgent({ id: options.name, name: options.name }) !== undefined;
  if (hashedEntry.test(line) && !/[\n\r]/.test(line) && isAgents && line === line.trim()) return line;
  throw new DeskError(
    'BAD_USER_INPUT',
    `A name has 1 to ${agentRule.maxCharacters} characters, no blank before them, no colon, comma or line break, and does not begin with #.`,
    { field: 'name' },
  );
}

/** Whom a list of tokens admits. The list can be replaced, so that a token can be withdrawn while callers are there. */
export class ApiTokens {
  #entries: readonly TokenEntry[];
  readonly #sessions: TokenEntry[] = [];
  readonly #rechecks = createListeners<void>();
  /** False: everybody is admitted. */
  readonly demanded: boolean;

  /** @param options.demanded true: an empty list admits nobody; left out: it admits everybody. */
  constructor(entries: readonly string[], options: { demanded?: boolean } = {}) {
    this.#entries = entries.map(parseEntry);
    this.demanded = options.demanded ?? entries.length > 0;
  }

  /** @param authorization the header, or gRPC's metadata: `Bearer <token>` */
  admits(authorization: string | null | undefined, nowMs = Date.now()): Admission {
    if (!this.demanded) return { admitted: true, name: null, agent: undefined, key: undefined };
    const digest = digestShown(authorization);
    if (digest === undefined) return { admitted: false, reason: 'none', name: null };
    const entry = find(digest, [...this.#entries, ...this.#sessions]);
    if (entry === undefined) return { admitted: false, reason: 'unknown', name: null };
    if (isOver(entry, nowMs)) return { admitted: false, reason: 'expired', name: entry.name };
    const { name, isProxy } = entry;
    const agent = name === null || isProxy ? undefined : { id: name, name };
    const key = this.#sessions.includes(entry) ? undefined : digest.toString('hex');
    return { admitted: true, name, agent, key };
  }

  /** Whether the token of this key still admits. */
  isGood(key: string): boolean {
    const entry = find(Buffer.from(key, 'hex'), this.#entries);
    return entry !== undefined && !isOver(entry, Date.now());
  }

  /** A token that admits until this process ends, for somebody who was let in by other means. */
  openSession(): string {
    const token = makeSecret();
    this.#sessions.push(parseEntry(token));
    return token;
  }

  replace(entries: readonly string[]): void {
    this.#entries = entries.map(parseEntry);
    this.recheck();
  }

  /** The next moment at which one expires (ms since 1970). */
  nextExpiryMs(afterMs: number): number | undefined {
    const ahead = this.#entries.flatMap(({ expiresAtMs }) =>
      expiresAtMs !== null && expiresAtMs > afterMs ? [expiresAtMs] : [],
    );
    return ahead.length > 0 ? Math.min(...ahead) : undefined;
  }

  /** Calls back when somebody may not be admitted any more. @returns unsubscribe */
  readonly onRecheck = this.#rechecks.add;

  /** Tells those whom it has admitted for a while to be judged anew. */
  readonly recheck = () => this.#rechecks.emit();

  /**
   * For what lasts: calls back once its token is withdrawn or has expired, at once where that is so already.
   * @returns unsubscribe
   */
  onWithdrawn(authorization: string | null | undefined, listener: () => void): () => void {
    const judge = () => {
      if (this.admits(authorization).admitted) return;
      stop();
      listener();
    };
    const stop = this.onRecheck(judge);
    judge();
    return stop;
  }
}

function digestShown(authorization: string | null | undefined): Buffer | undefined {
  const shown = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  return shown === undefined ? undefined : digestOf(shown);
}

/** Looks at each, so that the time does not tell which one it was. */
function find(digest: Buffer, entries: readonly TokenEntry[]): TokenEntry | undefined {
  return entries.filter((one) => timingSafeEqual(digest, one.digest))[0];
}

function isOver(entry: TokenEntry, nowMs: number): boolean {
  return entry.expiresAtMs !== null && nowMs >= entry.expiresAtMs;
}
