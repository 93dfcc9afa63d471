/** Gathers changes for a moment, so that a burst costs one write to the cache and one render. */

export interface Coalescer<Change> {
  add(change: Change): void;
  stop(): void;
}

export interface CoalesceOptions<Change> {
  /** From the first change to the flush; later ones do not put it off. */
  delayMs: number;
  /** Changes with the same key: the latest counts, in the place of the first. */
  keyOf(change: Change): string;
  flush(changes: readonly Change[]): void;
}

export function coalesce<Change>({ delayMs, keyOf, flush }: CoalesceOptions<Change>): Coalescer<Change> {
  let waiting = new Map<string, Change>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add(change) {
      waiting.set(keyOf(change), change);
      timer ??= setTimeout(() => {
        timer = undefined;
        const changes = [...waiting.values()];
        waiting = new Map();
        flush(changes);
      }, delayMs);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
