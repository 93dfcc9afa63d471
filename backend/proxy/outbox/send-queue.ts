/** Entries to send, kept in the order in which they were filed. */
import type { Entry } from './entry.ts';

export class SendQueue {
  readonly #entries: Entry[] = [];

  add(entry: Entry): void {
    const at = this.#place(entry.record.sequence);
    if (this.#entries[at] !== entry) this.#entries.splice(at, 0, entry);
  }

  remove(entry: Entry): void {
    const at = this.#place(entry.record.sequence);
    if (this.#entries[at] === entry) this.#entries.splice(at, 1);
  }

  /** Takes out the first that may be sent now. Every time here is of performance.now(). */
  takeDue(nowMs: number): Entry | undefined {
    const at = this.#entries.findIndex((entry) => entry.dueAtMs <= nowMs && !entry.held);
    return at < 0 ? undefined : this.#entries.splice(at, 1)[0];
  }

  isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** When the next may be sent; undefined when there is none. */
  earliestDueMs(): number | undefined {
    let earliest: number | undefined;
    for (const { dueAtMs, held } of this.#entries) {
      if (!held && (earliest === undefined || dueAtMs < earliest)) earliest = dueAtMs;
    }
    return earliest;
  }

  /** Makes due at once those that only wait for the way to open. */
  releaseThoseWaitingForLink(nowMs: number): void {
    for (const entry of this.#entries) if (entry.waitsForLink) entry.dueAtMs = nowMs;
  }

  /** Makes all due at once, whatever each waited for. */
  releaseAll(nowMs: number): void {
    for (const entry of this.#entries) entry.dueAtMs = nowMs;
  }

  /** Index of this entry's place: the first whose sequence is not lower. */
  #place(sequence: number): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] as Entry).record.sequence < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
