/** Gathers changes for a moment, so that a burst costs one write to the cache and one render. */

export interface CoalesceOptions<Change> {
  /** From the first change to the flush; later ones do not put it off. */
  delayMs: number;
  /** Changes with the same key: the latest counts, in the place of the first. */
  keyOf(change: Change): string;
  flush(changes: readonly Change[]): void;
}

export function coalesce<Change>({ delayMs, keyOf, flush }: CoalesceOptions<Change>) {
  let waiting = new Map<string, Change>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add(change: Change): void {
      waiting.set(keyOf(change), change);
      timer ??= setTimeout(() => {
        timer = undefined;
        const changes = [...waiting.values()];
        waiting = new Map();
        flush(changes);
      }, delayMs);
    },
    stop(): void {
      clearTimeout(timer);
    },
  };
}
