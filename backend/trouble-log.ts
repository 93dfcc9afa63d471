/**
 * The log of something that is used for as long as the process runs and may fail for any time, at each try or half a
 * second after each good beginning: each problem is one line until it works again, and that it works is one line.
 */
import type { Logger } from './logger.ts';

export interface TroubleLog {
  /** @param problem tells it apart from others */
  fails(problem: string, fields?: object): void;
  /** It does what it is for; that a connection stands is not enough. */
  works(fields?: object): void;
}

export function createTroubleLog(options: { logger: Logger; fails: string; works: string }): TroubleLog {
  const { logger } = options;
  const problems = new Set<string>();
  let isKnownToWork = false;
  return {
    fails(problem, fields = { problem }) {
      if (problems.has(problem)) return;
      problems.add(problem);
      isKnownToWork = false;
      logger.warn(fields, options.fails);
    },
    works(fields = {}) {
      if (isKnownToWork) return;
      isKnownToWork = true;
      problems.clear();
      logger.info(fields, options.works);
    },
  };
}
