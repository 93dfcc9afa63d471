/** What waits, as the page knows it: read once, then kept true by the changes. */
import { compareTexts } from '../../proto/ticket-order.ts';
import type { OutboxFieldsFragment, QueuedWriteFieldsFragment } from '../graphql/generated/operations.ts';
import { Store } from './store.ts';

export type OutboxEntry = OutboxFieldsFragment;
/** A comment or change that waits. */
export type QueuedWrite = QueuedWriteFieldsFragment;

/** What holds for all of the outbox. */
interface Standing {
  /** QUEUED and SENT, listed or not, with the comments and changes. */
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

export interface WriteChange {
  write: QueuedWrite;
  /** It was stored or discarded. */
  removed: boolean;
  stored: boolean;
  waiting: number;
  failed: number;
}

export interface OutboxState extends Standing {
  /** Oldest first. */
  entries: readonly OutboxEntry[];
  /** Oldest first. */
  writes: readonly QueuedWrite[];
  /** False until the outbox has been read once. */
  loaded: boolean;
}

const maxRemoved = 1_000;

export class OutboxStore extends Store<OutboxState> {
  /** Those that left lately: an answer that was read before they did must not bring them back. */
  readonly #removed = new Set<string>();

  constructor() {
    super({ entries: [], writes: [], waiting: 0, failed: 0, blockedBy: null, loaded: false });
  }

  /** Takes over a whole reading of the outbox. */
  replace(outbox: Standing & Pick<OutboxState, 'entries' | 'writes'>): void {
    const isThere = ({ requestId }: { requestId: string }) => !this.#removed.has(requestId);
    const entries = sorted(outbox.entries.filter(isThere));
    this.set({ ...outbox, entries, writes: outbox.writes.filter(isThere), loaded: true });
  }

  apply({ entry, removed, waiting, failed, blockedBy }: OutboxChange): void {
    this.#note(entry, removed);
    const others = this.state().entries.filter((other) => other.requestId !== entry.requestId);
    this.set({
      ...this.state(),
      entries: removed ? others : sorted([...others, entry]),
      waiting,
      failed,
      blockedBy,
    });
  }

  applyWrite({ write, removed, waiting, failed }: WriteChange): void {
    this.#note(write, removed);
    const { writes } = this.state();
    const at = writes.findIndex((other) => other.requestId === write.requestId);
    // One that changes keeps its place among those of its ticket.
    const changed = at < 0 ? [...writes, write] : writes.with(at, write);
    const left = changed.filter(({ requestId }) => !removed || requestId !== write.requestId);
    this.set({ ...this.state(), writes: left, waiting, failed });
  }

  #note({ requestId }: { requestId: string }, removed: boolean): void {
    this.#removed.delete(requestId);
    if (!removed) return;
    this.#removed.add(requestId);
    for (const oldest of this.#removed) {
      if (this.#removed.size <= maxRemoved) break;
      this.#removed.delete(oldest);
    }
  }
}

function sorted(entries: readonly OutboxEntry[]): OutboxEntry[] {
  return [...entries].sort(
    (a, b) => compareTexts(a.createdAt, b.createdAt) || compareTexts(a.requestId, b.requestId),
  );
}
