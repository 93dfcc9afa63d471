/** Deleting a ticket: at once, with a way back. */
import { useApolloClient } from '@apollo/client/react';
import { uuidv7 } from 'uuidv7';
import { DeleteTicketDocument, RestoreTicketDocument } from '../graphql/generated/operations.ts';
import { useChanges } from './changes.ts';
import { useLink } from './live.tsx';
import { focusList, useNavigation } from './navigation.tsx';
import { noteOwnChange } from './own-changes.ts';
import { showFailure, showToast } from './toasts.ts';
import { undoWindowMs } from './undo.ts';

export interface TicketDeletion {
  /**
   * Deletes it; work goes on with the next in the list. Asks first where nothing brings it back.
   * @throws what the request threw.
   */
  remove(id: number): Promise<void>;
  /** Brings it back, and opens it. @throws what the request threw. */
  restore(id: number): Promise<void>;
}

export function useTicketDeletion(): TicketDeletion {
  const client = useApolloClient();
  const changes = useChanges();
  const { open } = useNavigation();
  // A service of the base contract tells no version, and has no way back.
  const isForGood = useLink().serviceVersion === null;

  const restore = async (id: number) => {
    await client.mutate({ mutation: RestoreTicketDocument, variables: { input: { id } } });
    noteOwnChange({ restored: id });
    open({ kind: 'ticket', id });
  };
  const ask = async (id: number) => {
    showToast({
      text: 'The ticket service is of an older version: what it deletes is gone for good.',
      action: { label: `Delete #${id} all the same`, run: () => void remove(id).catch(showFailure) },
      durationMs: undoWindowMs,
    });
  };
  const remove = async (id: number) => {
    const requestId = uuidv7();
    const input = { id, requestId };
    const { data } = await client.mutate({ mutation: DeleteTicketDocument, variables: { input } });
    noteOwnChange({ deleted: id });
    focusList();
    if (!data?.deleteTicket.success) return void showToast({ text: `#${id} had been deleted already.` });
    if (isForGood) return;
    const what = `deletion of #${id}`;
    const change = changes.made({ way: 'ticket', id: requestId, ticketId: id, what, does: 'deletes' });
    changes.tell(`#${id} was deleted.`, { id: requestId, undo: () => changes.undo(change) });
  };
  return { remove: isForGood ? ask : remove, restore };
}
