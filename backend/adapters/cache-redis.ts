/**
 * The cache of a team: Redis, which every ticket service shares.
 *
 * The keys are a contract of their own: `ticket:<id>` is the ticket as JSON; the generation is a number under
 * `tickets:generation`; a list's key holds it.
 *
 * A Redis that does not answer in time is left alone until it does: its connection ends, all is a miss at once,
 * and it is tried again by itself for ever. Nothing waits in a queue, and nothing is sent twice.
 */
import { Redis } from 'ioredis';
import { backoffMs } from '../backoff.ts';
import type { Logger } from '../logger.ts';
import { type Cache, generationKey, generationTtlMs } from '../ports/cache.ts';
import { createTroubleLog } from '../trouble-log.ts';

/** How long a command may take. Redis needs less than one of these. */
const commandMs = 250;
const connectMs = 2_000;
const backoff = { minMs: 50, maxMs: 2_000 };
const scanCount = 1_000;
/** For how long one that was full takes all before it counts as having room again. */
const roomMs = 60_000;

/**
 * Each a single step for Redis. A new generation has a number above every earlier one, those of a Redis before its
 * restart included, because these numbers go no faster than its clock's microseconds. A full Redis takes no number,
 * but can forget one. Whatever another program left under these keys is overcome.
 */
const scripts = {
  dropUnless: {
    lua: `
      for i = 2, #KEYS do
        local value = redis.pcall('GET', KEYS[i])
        if value and (ARGV[i] == '' or value ~= ARGV[i]) then redis.call('DEL', KEYS[i]) end
      end
      local last = tonumber(redis.pcall('GET', KEYS[1]))
      if not last or last >= 2^53 then last = 0 end
      local time = redis.call('TIME')
      local number = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
      if redis.pcall('SET', KEYS[1], number, 'PX', ARGV[1]).err then redis.call('DEL', KEYS[1]) return '' end
      return number`,
  },
  putInGeneration: {
    numberOfKeys: 2,
    lua: `
      if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]) end`,
  },
};

interface Scripts {
  /** Answers the generation that it has begun, empty when a full Redis could take none. */
  dropUnless(keyCount: number, ...keysAndUnless: (string | number)[]): Promise<string>;
  putInGeneration(generation: string, key: string, seen: string, value: string, ttlMs: number): Promise<null>;
}

/** Resolves at once; whether Redis is there shows later. @param options.url `redis://…`, or `rediss://…` for TLS */
export function redisCache(options: { url: string; logger: Logger }): Cache {
  const { redis, attempt, trouble, connection } = connect(options);
  /** When it was full the last time, until it is told that it serves again. */
  let fullAtMs: number | undefined;

  /** Answers the generation that this begins; undefined when it is not certain that it was done. */
  async function beginGeneration(dropped: Parameters<Cache['drop']>[0]): Promise<string | undefined> {
    const keys = [generationKey, ...dropped.map(({ key }) => key)];
    const unless = dropped.map((entry) => entry.unless ?? '');
    const begun = await attempt(() => redis.dropUnless(keys.length, ...keys, generationTtlMs, ...unless));
    if (begun === '') {
      fullAtMs = performance.now();
      trouble.fails('its memory is full (maxmemory)');
    } else if (begun && fullAtMs !== undefined && performance.now() - fullAtMs >= roomMs) {
      // A full one stays trusted, so that no clearing tells of it.
      fullAtMs = undefined;
      trouble.works();
    }
    return begun;
  }
  const drop: Cache['drop'] = async (entries) => (await beginGeneration(entries)) !== undefined;

  return {
    isShared: true,
    connection,
    async get(key) {
      const read = await attempt(() => redis.mget(key, generationKey));
      if (!read) return { value: undefined, generation: undefined };
      const [value, generation] = read;
      return {
        value: value ?? undefined,
        generation: generation ?? ((await beginGeneration([])) || undefined),
      };
    },
    async put(key, { value, ttlMs, generation }) {
      await attempt(() => redis.putInGeneration(generationKey, key, generation, value, ttlMs));
    },
    drop,
    async clear() {
      const begun = await beginGeneration([]);
      if (begun === undefined) return false;
      // No list of an earlier generation is looked for any more. A ticket put from now on may go too.
      const cleared = await attempt(async () => {
        for await (const keys of redis.scanStream({ match: 'ticket:*', count: scanCount })) {
          if (keys.length > 0) await redis.unlink(keys);
        }
        return true;
      });
      if (begun && cleared) trouble.works();
      return cleared ?? false;
    },
    async close() {
      redis.disconnect();
    },
  };
}

/** A connection that is made again for ever, and how to ask it without waiting for it or being thrown at. */
function connect({ url, logger }: { url: string; logger: Logger }) {
  const redis = new Redis(url, connectionOptions) as Redis & Scripts;
  let connections = 0;
  let isReachable = false;
  // A problem's text alone: its error carries the command, and that of a login the password.
  const trouble = createTroubleLog({
    logger,
    fails: 'Redis (REDIS_URL) does not serve as a cache: tickets come from the database',
    works: 'Redis serves as a cache',
  });

  function lose(problem: string): void {
    isReachable = false;
    trouble.fails(problem);
  }

  redis.on('error', (error) => {
    lose(error.message);
    // A refusal of what a connection begins with: without its SELECT it would go on in the database of others.
    if (redis.status === 'connect') redis.disconnect(true);
  });
  redis.on('close', () => lose('the connection ended'));
  redis.on('ready', () => {
    connections += 1;
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
      } else if (isReachable) trouble.fails(problem);
      return undefined;
    }
  }

  return { redis, attempt, trouble, connection: () => connections };
}

/** One that does not answer, or that is a replica by now: the name may lead to another one. */
function needsNewConnection(problem: string): boolean {
  return /timed out/i.test(problem) || problem.startsWith('READONLY');
}

const connectionOptions = {
  connectTimeout: connectMs,
  commandTimeout: commandMs,
  // For a peer that does not answer QUIT either.
  disconnectTimeout: commandMs,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // One that still loads refuses each command by itself.
  enableReadyCheck: false,
  enableAutoPipelining: true,
  scripts,
  retryStrategy: (attempts: number) => backoffMs(attempts, backoff),
};
