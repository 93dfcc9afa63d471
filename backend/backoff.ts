/**
 * How long to wait after the nth failure in a row: twice as long each time, from minMs up to maxMs, of which a random
 * half is left out, so that many who failed together do not come back together.
 */
export function backoffMs(failures: number, limits: { minMs: number; maxMs: number }): number {
  const fullMs = Math.min(limits.maxMs, limits.minMs * 2 ** Math.min(failures - 1, 30));
  return Math.max(limits.minMs, Math.round(fullMs * (0.5 + Math.random() / 2)));
}
