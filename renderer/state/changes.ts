/** Undoing what was done in this window, and doing it again: by the toast that tells of it, and by the keys. */
import { useApolloClient } from '@apollo/client/react';
import { useMemo } from 'react';
import { uuidv7 } from 'uuidv7';
import { UndoChangeDocument } from '../graphql/generated/operations.ts';
import { type Change, changeHistory, type Side } from './change-history.ts';
import { readFailure } from './failure.ts';
import { type Live, useLive } from './live.tsx';
import { focusList, useNavigation } from './navigation.tsx';
import { noteOwnChange } from './own-changes.ts';
import { showToast } from './toasts.ts';
import { UndoError, undoStack, undoWindowMs } from './undo.ts';

type NewChange = Omit<Change, 'undoId' | 'atMs'>;

export interface Changes {
  /**
   * It was made here: it can be undone from now on.
   * @param orElse takes it back where the service can't undo, or is away; as long as the page is there
   */
  made(change: NewChange, orElse?: () => Promise<unknown>): Change;
  /** Says what was done, with Undo beside it. @param id of the change, with whose undoing the words leave */
  tell(text: string, change: { id: string; undo(): void }): void;
  /** Undoes the last thing done, or does again what was undone last. */
  run(side: Side): void;
  /** Undoes this one, if that was not done yet. */
  undo(change: Change): void;
}

const others = { done: 'undone', undone: 'done' } as const;
const words = { done: 'Undone', undone: 'Redone' } as const;

/** Of those changes that can be taken back in another way, how; and of those that a toast tells of, how to take it away. */
const orElses = new Map<string, () => Promise<unknown>>();
const toasts = new Map<string, () => void>();

/** Nothing of what was done can be undone any more, as of tickets of another service. */
export function forgetChanges(): void {
  for (const dismiss of toasts.values()) dismiss();
  toasts.clear();
  orElses.clear();
  changeHistory.forget();
  undoStack.forget();
}

export function useChanges(): Changes {
  const client = useApolloClient();
  const live = useLive();
  const { open } = useNavigation();
  return useMemo(() => {
    /** @throws UndoError: it was refused; else what the request threw. */
    const send = async ({ way, id, undoId }: Change) => {
      if (way === 'bulk') return void (await live.bulk.undo(undoId, id));
      const input = { requestId: undoId, undoes: id };
      const { data } = await client.mutate({ mutation: UndoChangeDocument, variables: { input } });
      const failures = data?.undoChange.failures ?? [];
      if (failures.length > 0)
        throw new UndoError([...new Set(failures.map(({ message }) => message))].join(' '), {
          isFinal: true,
        });
    };
    const show = async ({ ticketId, does, leaves = false }: Change, side: Side, told?: Promise<void>) => {
      if (ticketId === undefined) return;
      // News of the change itself may still be to come: it would pass for news of this, and take away what is open.
      await told;
      if (does === 'deletes') noteOwnChange({ restored: ticketId });
      else if (does === 'restores') noteOwnChange({ deleted: ticketId });
      else noteOwnChange({ id: ticketId, version: null });
      if (side === 'undone' || !(leaves || does === 'deletes')) return;
      open({ kind: 'ticket', id: ticketId });
    };
    const reverse = async (side: Side, change: Change) => {
      if (!changeHistory.take(side, change)) return;
      toasts.get(change.id)?.();
      toasts.delete(change.id);
      const told = change.leaves ? toldOf(live, change.ticketId) : undefined;
      const back = inverse(change);
      try {
        await send(change);
        changeHistory.put(others[side], back);
      } catch (thrown) {
        const orElse = orElses.get(change.id);
        if (!orElse || readFailure(thrown).code !== 'UNAVAILABLE') throw thrown;
        await orElse();
      }
      orElses.delete(change.id);
      await show(change, side, told);
      // The end of a bulk change tells of itself. The words stand until this is turned around in turn.
      if (change.way === 'ticket')
        toasts.set(back.id, showToast({ text: `${words[side]}: ${change.what}.` }));
      focusList();
    };
    const reversed = (side: Side, change: Change) => {
      reverse(side, change).catch((thrown) => {
        const reason = thrown instanceof UndoError ? thrown : readFailure(thrown);
        const isFinal =
          thrown instanceof UndoError ? thrown.isFinal : readFailure(thrown).code === 'NOT_FOUND';
        if (!isFinal) changeHistory.put(side, change);
        showToast({ text: `Not ${words[side].toLowerCase()}: ${change.what}. ${reason.message}` });
      });
    };
    return {
      made(made, orElse) {
        const change = { ...made, undoId: uuidv7(), atMs: Date.now() };
        changeHistory.made(change);
        if (orElse) orElses.set(change.id, orElse);
        return change;
      },
      tell(text, { id, undo }) {
        const action = { label: 'Undo', run: undo };
        toasts.set(id, showToast({ text, action, durationMs: undoWindowMs }));
      },
      run(side) {
        const change = changeHistory.latest(side);
        // What has no request, such as a draft that was discarded, is undone while its toast stands.
        if (side === 'done' && undoStack.undoLast({ after: change?.atMs ?? 0 })) return;
        if (change) reversed(side, change);
        else showToast({ text: side === 'done' ? 'There is nothing to undo.' : 'There is nothing to redo.' });
      },
      undo: (change) => reversed('done', change),
    };
  }, [client, live, open]);
}

const maxWaitMs = 1_000;

/** Resolves once the list has heard of a change of this ticket, or after a second. */
function toldOf(live: Live, id: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const stop = live.onTicketChanges((changes) => {
      if (changes.some((change) => change.id === id)) end();
    });
    const timer = setTimeout(end, maxWaitMs);
    function end(): void {
      stop();
      clearTimeout(timer);
      resolve();
    }
  });
}

/** What undoing it has done, and is undone by. */
function inverse(change: Change): Change {
  const does = change.does === 'deletes' ? 'restores' : 'deletes';
  return {
    ...change,
    ...{ id: change.undoId, undoId: uuidv7(), atMs: Date.now() },
    ...(change.does && { does }),
  };
}
