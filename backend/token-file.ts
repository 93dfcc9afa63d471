/** Keeps a list of tokens true while the program runs: to its file, and to the time. */
import { readFile, stat } from 'node:fs/promises';
import { listed } from './config/variables.ts';
import type { Logger } from './logger.ts';
import { ApiTokens, entryProblem } from './secrets.ts';

const lookEveryMs = 2_000;

/**
 * @param options.entries as they were read at the start
 * @param options.file where they came from, looked at every 2 s; undefined: they stay as they are. An empty file admits nobody.
 */
export function openApiTokens(options: {
  entries: readonly string[];
  file: string | undefined;
  logger: Logger;
}): { tokens: ApiTokens; close(): void } {
  const { entries, file, logger } = options;
  const tokens = new ApiTokens(entries, { demanded: entries.length > 0 || file !== undefined });
  let seen: string | undefined;
  let checkedMs = Date.now();

  async function readAnew(path: string): Promise<void> {
    // Who puts a file back may set its time of change, but not that of its entry.
    const { mtimeMs, ctimeMs, size, ino } = await stat(path);
    const now = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
    if (now === seen) return;
    const found = listed(await readFile(path, 'utf8'));
    const good = found.filter((entry) => entryProblem(entry) === undefined);
    const bad = found.length - good.length;
    if (bad > 0) logger.error({ bad }, 'API_TOKENS_FILE has entries that are not right: they admit nobody');
    // The first look is at what was read at the start, unless it has changed since.
    if (seen !== undefined) logger.info({ tokens: good.length }, 'API_TOKENS_FILE was read anew');
    seen = now;
    tokens.replace(good);
  }

  async function look(): Promise<void> {
    if (file !== undefined) {
      // A file that is gone for a moment, while it is replaced, must not lock everybody out.
      await readAnew(file).catch((err) =>
        logger.error({ err }, "API_TOKENS_FILE can't be read: the tokens read before still hold"),
      );
    }
    const expiryMs = tokens.nextExpiryMs(checkedMs);
    checkedMs = Date.now();
    if (expiryMs !== undefined && expiryMs <= checkedMs) tokens.recheck();
  }

  if (!tokens.demanded) return { tokens, close() {} };
  const timer = setInterval(() => void look(), lookEveryMs).unref();
  return { tokens, close: () => clearInterval(timer) };
}
