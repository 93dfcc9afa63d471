/** Deleting a ticket: at once, with a way back. */
import { useApolloClient } from '@apollo/client/react';
import { DeleteTicketDocument, RestoreTicketDocument } from '../graphql/generated/operations.ts';
import { focusList, useNavigation } from './navigation.tsx';
import { noteOwnChange } from './own-changes.ts';
import { showToast } from './toasts.ts';
import { offerUndo } from './undo.ts';

export interface TicketDeletion {
  /** Deletes it; work goes on with the next in the list. @throws what the request threw. */
  remove(id: number): Promise<void>;
  /** Brings it back, and opens it. @throws what the request threw. */
  restore(id: number): Promise<void>;
}

export function useTicketDeletion(): TicketDeletion {
  const client = useApolloClient();
  const { open } = useNavigation();

  const restore = async (id: number) => {
    await client.mutate({ mutation: RestoreTicketDocument, variables: { input: { id } } });
    noteOwnChange({ restored: id });
    open({ kind: 'ticket', id });
  };
  const remove = async (id: number) => {
    const { data } = await client.mutate({ mutation: DeleteTicketDocument, variables: { input: { id } } });
    noteOwnChange({ deleted: id });
    focusList();
    if (data?.deleteTicket.success) offerUndo({ text: `#${id} was deleted.`, undo: () => restore(id) });
    else showToast({ text: `#${id} had been deleted already.` });
  };
  return { remove, restore };
}
