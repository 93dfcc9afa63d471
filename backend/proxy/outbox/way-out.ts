/**
 * The way by which what waits goes out. A failure of the link closes it; then it is tried by one at a time, and opens
 * for all as soon as one has gone through.
 */
import { backoffMs } from '../../backoff.ts';

/** Between two tries of what the link failed: what waits goes out within seconds of the link's return. */
export const linkBackoff = { minMs: 200, maxMs: 3_000 };
/** Between two tries of what failed though the link stands. */
export const ownBackoff = { minMs: 200, maxMs: 30_000 };

export class WayOut {
  readonly #most: number;
  #failures = 0;
  /** When it is tried next at the earliest, by performance.now(). */
  openAtMs = 0;

  /** @param most that may be on an open way at the same time */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many may be on it now. */
  places(nowMs: number): number {
    if (nowMs < this.openAtMs) return 0;
    return this.#failures > 0 ? 1 : this.#most;
  }

  /** The link has failed. */
  close(): void {
    const nowMs = performance.now();
    // Those that were on it together failed together.
    if (nowMs < this.openAtMs) return;
    this.#failures += 1;
    this.openAtMs = nowMs + backoffMs(this.#failures, linkBackoff);
  }

  /** One has gone through. Answers whether it was closed until then. */
  open(): boolean {
    const wasClosed = this.#failures > 0;
    this.#failures = 0;
    this.openAtMs = 0;
    return wasClosed;
  }

  /** Something may be better than it was: it is tried without waiting any longer. */
  tryNow(): void {
    this.openAtMs = 0;
  }
}
