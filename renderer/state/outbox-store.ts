/** The creates that wait, as the page knows them: read once, then kept true by the changes. */
import type { OutboxFieldsFragment } from '../graphql/generated/operations.ts';
import { Store } from './store.ts';

export type OutboxEntry = OutboxFieldsFragment;

/** What holds for all of the outbox. */
interface Standing {
  /** QUEUED and SENT, listed or not. */
  waiting: number;
  failed: number;
  /** Why nothing goes out at the moment; null while the way is open. */
  blockedBy: string | null;
}

export interface OutboxChange extends Standing {
  entry: OutboxEntry;
  /** It was stored or discarded. */
  removed: boolean;
}

export interface OutboxState extends Standing {
  /** Oldest first. */
  entries: readonly OutboxEntry[];
  /** False until the outbox has been read once. */
  loaded: boolean;
}

const maxRemoved = 1_000;

export class OutboxStore extends Store<OutboxState> {
  /** Those that left lately: an answer that was read before they did must not bring them back. */
  readonly #removed = new Set<string>();

  constructor() {
    super({ entries: [], waiting: 0, failed: 0, blockedBy: null, loaded: false });
  }

  /** Takes over a whole reading of the outbox. */
  replace(outbox: Standing & { entries: readonly OutboxEntry[] }): void {
    const entries = outbox.entries.filter((entry) => !this.#removed.has(entry.requestId));
    this.set({ ...outbox, entries: sorted(entries), loaded: true });
  }

  apply({ entry, removed, waiting, failed, blockedBy }: OutboxChange): void {
    const others = this.state().entries.filter((other) => other.requestId !== entry.requestId);
    if (removed) this.#remember(entry.requestId);
    else this.#removed.delete(entry.requestId);
    this.set({
      entries: removed ? others : sorted([...others, entry]),
      waiting,
      failed,
      blockedBy,
      loaded: this.state().loaded,
    });
  }

  #remember(requestId: string): void {
    this.#removed.add(requestId);
    for (const oldest of this.#removed) {
      if (this.#removed.size <= maxRemoved) break;
      this.#removed.delete(oldest);
    }
  }
}

function sorted(entries: readonly OutboxEntry[]): OutboxEntry[] {
  return [...entries].sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.requestId, b.requestId));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
