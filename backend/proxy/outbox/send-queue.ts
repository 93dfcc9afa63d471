/** Entries to send, kept in the order in which they were filed. */
import type { Entry } from './entry.ts';

export class SendQueue {
  readonly #entries: Entry[] = [];

  add(entry: Entry): void {
    const { sequence } = entry.record;
    // From the end, as most are the newest.
    const at = this.#entries.findLastIndex(({ record }) => record.sequence < sequence) + 1;
    if (this.#entries[at] !== entry) this.#entries.splice(at, 0, entry);
  }

  remove(entry: Entry): void {
    const at = this.#entries.indexOf(entry);
    if (at >= 0) this.#entries.splice(at, 1);
  }

  /** Takes out the first that may be sent now. Every time here is of performance.now(). */
  takeDue(nowMs: number): Entry | undefined {
    const at = this.#entries.findIndex((entry) => entry.dueAtMs <= nowMs && !entry.held);
    return at < 0 ? undefined : this.#entries.splice(at, 1)[0];
  }

  isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** When the next may be sent; infinite when there is none. */
  earliestDueMs(): number {
    return this.#entries.reduce(
      (earliest, { dueAtMs, held }) => (held ? earliest : Math.min(earliest, dueAtMs)),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Makes all due at once, or those alone that only wait for the way to open. */
  release(which: 'all' | 'waiting for the link', nowMs: number): void {
    for (const entry of this.#entries) if (which === 'all' || entry.waitsForLink) entry.dueAtMs = nowMs;
  }
}
