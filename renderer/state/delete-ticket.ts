/** Deleting a ticket: at once, with a way back. */
import { useApolloClient } from '@apollo/client/react';
import { uuidv7 } from 'uuidv7';
import { DeleteTicketDocument, RestoreTicketDocument } from '../graphql/generated/operations.ts';
import { useChanges } from './changes.ts';
import { focusList, useNavigation } from './navigation.tsx';
import { noteOwnChange } from './own-changes.ts';
import { showToast } from './toasts.ts';

export interface TicketDeletion {
  /** Deletes it; work goes on with the next in the list. @throws what the request threw. */
  remove(id: number): Promise<void>;
  /** Brings it back, and opens it. @throws what the request threw. */
  restore(id: number): Promise<void>;
}

export function useTicketDeletion(): TicketDeletion {
  const client = useApolloClient();
  const changes = useChanges();
  const { open } = useNavigation();

  const restore = async (id: number) => {
    await client.mutate({ mutation: RestoreTicketDocument, variables: { input: { id } } });
    noteOwnChange({ restored: id });
    open({ kind: 'ticket', id });
  };
  const remove = async (id: number) => {
    const requestId = uuidv7();
    const input = { id, requestId };
    const { data } = await client.mutate({ mutation: DeleteTicketDocument, variables: { input } });
    noteOwnChange({ deleted: id });
    focusList();
    if (!data?.deleteTicket.success) return void showToast({ text: `#${id} had been deleted already.` });
    const what = `deletion of #${id}`;
    const change = changes.made({ way: 'ticket', id: requestId, ticketId: id, what, does: 'deletes' });
    changes.tell(`#${id} was deleted.`, { id: requestId, undo: () => changes.undo(change) });
  };
  return { remove, restore };
}
