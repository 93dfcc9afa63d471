/**
 * A log of what callers can cause as often as they like, who send rubbish, break off, or have no good token: a line a
 * minute of each kind, which tells how many were left out. A flood of them must not fill the disk.
 */
import type { Logger } from './logger.ts';

const quietMs = 60_000;

/** A logger whose warnings and errors are told apart by their message, which is no caller's text. */
export function countedLogger(logger: Logger): Logger {
  const kinds = new Map<string, { quietUntilMs: number; leftOut: number }>();

  function counted(level: 'warn' | 'error') {
    return (fields: object, message: string): void => {
      const kind = kinds.get(message) ?? { quietUntilMs: Number.NEGATIVE_INFINITY, leftOut: 0 };
      kinds.set(message, kind);
      const nowMs = performance.now();
      if (nowMs < kind.quietUntilMs) {
        kind.leftOut += 1;
        return;
      }
      const { leftOut } = kind;
      Object.assign(kind, { quietUntilMs: nowMs + quietMs, leftOut: 0 });
      logger[level]({ ...fields, ...(leftOut > 0 && { leftOut }) }, message);
    };
  }
  return Object.assign(Object.create(logger) as Logger, { warn: counted('warn'), error: counted('error') });
}

export type LogRefusal = (refusal: {
  /** The caller's address. */
  peer: string;
  reason: 'none' | 'unknown' | 'expired';
  /** Of an expired token. */
  name: string | null;
}) => void;

/** Tells of callers who were turned away. */
export function createRefusalLog(logger: Logger): LogRefusal {
  const counted = countedLogger(logger);
  return ({ peer, reason, name }) =>
    counted.warn(
      { peer, reason, ...(name !== null && { tokenName: name }) },
      'turned away a caller without a good token',
    );
}
