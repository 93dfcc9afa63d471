/** What can still be undone: the last delete or discard, for as long as its toast stands. */

export const undoWindowMs = 10_000;

export interface Undoable {
  run(): void;
}

export interface UndoStack {
  /** Makes this the next to be undone; answers the way to undo it, which works once and in time only. */
  push(undoable: Undoable): () => void;
  /** Undoes the latest; false when there is nothing, or it is too late. */
  undoLast(): boolean;
}

/** @param now milliseconds of any clock that only goes forward. */
export function createUndoStack(now: () => number = () => performance.now()): UndoStack {
  let entries: { run(): void; until: number }[] = [];
  const alive = () => {
    entries = entries.filter((entry) => entry.until > now());
    return entries;
  };
  const undo = (entry: { run(): void; until: number } | undefined) => {
    if (!entry || !alive().includes(entry)) return false;
    entries = entries.filter((other) => other !== entry);
    entry.run();
    return true;
  };
  return {
    push({ run }) {
      const entry = { run, until: now() + undoWindowMs };
      entries = [...alive(), entry];
      return () => void undo(entry);
    },
    undoLast: () => undo(alive().at(-1)),
  };
}

/** One for the desk: Ctrl+Z undoes whatever was done last, wherever it was done. */
export const undoStack = createUndoStack();
