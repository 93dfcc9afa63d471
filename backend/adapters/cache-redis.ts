/**
 * The cache of a team: Redis, which every ticket service shares.
 *
 * Keys, as design 4.4 fixes them: `ticket:<id>` is the ticket as JSON; the generation is a number under
 * `tickets:generation`; a list's key holds it. What takes two looks is a script, and so one step for Redis.
 *
 * A Redis that does not answer in time is left alone until it does: its connection ends, all is a miss at once,
 * and it is tried again by itself for ever. Nothing waits in a queue, and nothing is sent twice.
 */
import { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';
import { type Cache, type CacheRead, generationKey, generationTtlMs, listKey } from '../ports/cache.ts';

/** How long a command may take. Redis needs less than one of these. */
const commandMs = 250;
const connectMs = 2_000;
const leastPauseMs = 50;
const mostPauseMs = 2_000;
const scanCount = 1_000;

/**
 * A new generation has a number above every earlier one, those of a Redis before its restart included, because
 * these numbers go no faster than its clock's microseconds. A full Redis takes no number, but can forget one.
 */
const beginGeneration = `
  local function begin(key, ttl)
    local time = redis.call('TIME')
    local clock = time[1] * 1000000 + time[2]
    local last = tonumber(redis.pcall('GET', key))
    if not last or last >= 2^53 then last = 0 end
    local number = string.format('%.0f', math.max(last + 1, clock))
    local done = redis.pcall('SET', key, number, 'PX', ttl)
    if done.err then redis.call('DEL', key) return false end
    return number
  end
  local function present(key, ttl)
    local number = redis.pcall('GET', key)
    return type(number) == 'string' and number or begin(key, ttl)
  end`;

const scripts = {
  beginIfNone: {
    numberOfKeys: 1,
    lua: `${beginGeneration}
      return present(KEYS[1], ARGV[1])`,
  },
  // Its key hangs on what it reads first, so this runs on one Redis, not on a cluster of them.
  readList: {
    numberOfKeys: 1,
    lua: `${beginGeneration}
      local generation = present(KEYS[1], ARGV[1])
      if not generation then return {false, false} end
      local value = redis.pcall('GET', ARGV[2] .. generation .. ARGV[3])
      if type(value) ~= 'string' then value = false end
      return {value, generation}`,
  },
  putInGeneration: {
    numberOfKeys: 2,
    lua: `
      if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]) end`,
  },
  dropUnless: {
    lua: `${beginGeneration}
      for i = 2, #KEYS do
        local value = redis.pcall('GET', KEYS[i])
        if value and (ARGV[i] == '' or value ~= ARGV[i]) then redis.call('DEL', KEYS[i]) end
      end
      return begin(KEYS[1], ARGV[1])`,
  },
};

interface Scripts {
  beginIfNone(key: string, ttlMs: number): Promise<string | null>;
  readList(key: string, ttlMs: number, before: string, after: string): Promise<(string | null)[]>;
  putInGeneration(generation: string, key: string, seen: string, value: string, ttlMs: number): Promise<null>;
  dropUnless(keyCount: number, ...keysAndUnless: (string | number)[]): Promise<string | null>;
}

const [listKeyStart = '', listKeyMiddle = ''] = listKey('|', '').split('|');

const none: CacheRead = { value: undefined, generation: undefined };

/** Resolves at once; whether Redis is there shows later. @param options.url `redis://…`, or `rediss://…` for TLS */
export function redisCache(options: { url: string; logger: Logger }): Cache {
  const { redis, attempt, onReachable } = connect(options);

  async function drop(entries: Parameters<Cache['drop']>[0]): Promise<boolean> {
    const keys = [generationKey, ...entries.map(({ key }) => key)];
    const unless = entries.map((entry) => entry.unless ?? '');
    const done = await attempt(() => redis.dropUnless(keys.length, ...keys, generationTtlMs, ...unless));
    return done !== undefined;
  }

  return {
    isShared: true,
    async get(key) {
      const read = await attempt(() => redis.mget(key, generationKey));
      if (!read) return none;
      const [value, generation] = read;
      return {
        value: value ?? undefined,
        generation:
          generation ?? (await attempt(() => redis.beginIfNone(generationKey, generationTtlMs))) ?? undefined,
      };
    },
    async getList(name) {
      const read = await attempt(() =>
        redis.readList(generationKey, generationTtlMs, listKeyStart, `${listKeyMiddle}${name}`),
      );
      return read ? { value: read[0] ?? undefined, generation: read[1] ?? undefined } : none;
    },
    async put(key, { value, ttlMs, generation }) {
      await attempt(() => redis.putInGeneration(generationKey, key, generation, value, ttlMs));
    },
    drop,
    async clear() {
      if (!(await drop([]))) return false;
      // No list of an earlier generation is looked for any more. A ticket put from now on may go too.
      for (let cursor = '0'; ; ) {
        const at = cursor;
        const scanned = await attempt(() => redis.scan(at, 'MATCH', 'ticket:*', 'COUNT', scanCount));
        if (!scanned) return false;
        const [next, keys] = scanned;
        if (keys.length > 0 && (await attempt(() => redis.unlink(keys))) === undefined) return false;
        if (next === '0') return true;
        cursor = next;
      }
    },
    onReachable,
    async close() {
      redis.disconnect();
    },
  };
}

/** A connection that is made again for ever, and how to ask it without waiting for it or being thrown at. */
function connect({ url, logger }: { url: string; logger: Logger }) {
  const redis = new Redis(url, connectionOptions) as Redis & Scripts;
  const listeners = new Set<() => void>();
  let isReachable = false;
  let lastProblem: string | undefined;

  function lose(problem: string): void {
    isReachable = false;
    if (problem === lastProblem) return;
    lastProblem = problem;
    // Not the error itself: it carries the command, and that of a login the password.
    logger.warn({ problem }, 'Redis (REDIS_URL) does not serve as a cache: tickets come from the database');
  }

  redis.on('error', (error) => lose(error.message));
  redis.on('close', () => lose(lastProblem ?? 'the connection ended'));
  redis.on('ready', () => {
    if (lastProblem !== undefined) logger.info('Redis serves as a cache again');
    lastProblem = undefined;
    for (const listener of listeners) listener();
    isReachable = true;
  });

  async function attempt<Value>(command: () => Promise<Value>): Promise<Value | undefined> {
    if (!isReachable) return undefined;
    try {
      return await command();
    } catch (thrown) {
      const problem = thrown instanceof Error ? thrown.message : String(thrown);
      if (isReachable && needsNewConnection(problem)) {
        lose(problem);
        redis.disconnect(true);
      }
      logger.debug({ problem }, 'Redis refused or lost a command');
      return undefined;
    }
  }

  return {
    redis,
    attempt,
    onReachable(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** One that does not answer, or that is a replica by now: the name may lead to another one. */
function needsNewConnection(problem: string): boolean {
  return /timed out/i.test(problem) || problem.startsWith('READONLY');
}

const connectionOptions = {
  connectTimeout: connectMs,
  commandTimeout: commandMs,
  // For a peer that does not answer a goodbye either.
  disconnectTimeout: commandMs,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // One that still loads refuses each command by itself.
  enableReadyCheck: false,
  enableAutoPipelining: true,
  scripts,
  retryStrategy: (attempts: number) =>
    Math.min(leastPauseMs * 2 ** Math.min(attempts - 1, 10), mostPauseMs) * (0.5 + Math.random() / 2),
};
