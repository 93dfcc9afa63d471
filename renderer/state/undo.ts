/**
 * What can still be undone that the ticket service knows no request of, such as a draft that was discarded: the last thing
 * done, for as long as its toast stands. All else is in changes.ts.
 */
import { readFailure } from './failure.ts';
import { focusList } from './navigation.tsx';
import { showToast } from './toasts.ts';

/** As long as a toast offers it. */
export const undoWindowMs = 10_000;

export interface Undoable {
  run(): void;
  /** It can't be undone any more. */
  onForgotten?(): void;
}

/** @param now milliseconds since 1970 */
export function createUndoStack(now: () => number = Date.now) {
  let entries: (Undoable & { until: number })[] = [];
  return {
    /** Makes this the next to be undone. @returns undoes it, once. */
    push({ run, onForgotten }: Undoable): () => void {
      const entry = {
        onForgotten: () => onForgotten?.(),
        until: now() + undoWindowMs,
        run() {
          if (!entries.includes(entry)) return;
          entries = entries.filter((other) => other !== entry);
          run();
        },
      };
      entries = [...entries, entry];
      return entry.run;
    },
    /** Undoes the latest of the last 10 seconds; false when there is none, or none after this time. */
    undoLast({ after = 0 } = {}): boolean {
      const latest = entries.findLast(({ until }) => until > now() && until >= after + undoWindowMs);
      latest?.run();
      return latest !== undefined;
    },
    /** Nothing of what was done can be undone any more. */
    forget(): void {
      const forgotten = entries;
      entries = [];
      for (const entry of forgotten) entry.onForgotten?.();
    },
  };
}

/** One for the desk: Ctrl+Z undoes whatever was done last, wherever it was done. */
export const undoStack = createUndoStack();

export interface Undo {
  /** What was done. */
  text: string;
  /** Takes it back. A promise of it that rejects is offered again, with the reason, unless it is final. */
  undo(): unknown;
}

/** Why it was not undone, in words for the person. */
export class UndoError extends Error {
  /** It can't be undone any more. */
  readonly isFinal: boolean;

  constructor(message: string, { isFinal }: { isFinal: boolean }) {
    super(message);
    this.isFinal = isFinal;
  }
}

/** Says what was done, with Undo beside it and on Ctrl+Z. */
export function offerUndo({ text, undo }: Undo): void {
  let dismiss = () => {};
  const run = undoStack.push({
    onForgotten: () => dismiss(),
    async run() {
      dismiss();
      try {
        await undo();
        showToast({ text: 'Undone.' });
        focusList();
      } catch (thrown) {
        const reason = thrown instanceof UndoError ? thrown.message : readFailure(thrown).message;
        const again = { text: `Not undone: ${reason}`, undo };
        if (thrown instanceof UndoError && thrown.isFinal) showToast(again);
        else offerUndo(again);
      }
    },
  });
  dismiss = showToast({ text, action: { label: 'Undo', run }, durationMs: undoWindowMs });
}
