/** Tells the log of callers who were turned away: at most a line in 10 s, for a flood of them must not fill the disk. */
import type { Logger } from './logger.ts';

const quietMs = 10_000;

export type LogRefusal = (refusal: {
  /** The caller's address. */
  peer: string;
  reason: 'none' | 'unknown' | 'expired';
  /** Of an expired token. */
  name: string | null;
}) => void;

export function createRefusalLog(logger: Logger): LogRefusal {
  let quietUntilMs = 0;
  let leftOut = 0;
  return ({ peer, reason, name }) => {
    const nowMs = performance.now();
    if (nowMs < quietUntilMs) {
      leftOut += 1;
      return;
    }
    quietUntilMs = nowMs + quietMs;
    logger.warn(
      { peer, reason, ...(name !== null && { tokenName: name }), ...(leftOut > 0 && { leftOut }) },
      'turned away a caller without a good token',
    );
    leftOut = 0;
  };
}
