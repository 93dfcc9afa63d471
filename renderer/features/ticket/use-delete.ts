import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { DeleteTicketDocument, RestoreTicketDocument } from '../../graphql/generated/operations.ts';
import { useDesk } from '../../state/desk.tsx';
import { type Failure, readFailure } from '../../state/failure.ts';
import { useOfferUndo } from '../../state/undo.ts';

/** Deletes at once, with Undo; the panel closes, because what it showed is gone. */
export function useDelete(id: number) {
  const client = useApolloClient();
  const { back, open } = useDesk();
  const offerUndo = useOfferUndo();
  const [failure, setFailure] = useState<Failure | null>(null);

  /** @throws what the request threw. */
  const restore = async () => {
    await client.mutate({ mutation: RestoreTicketDocument, variables: { input: { id } } });
    open({ kind: 'ticket', id });
  };
  const remove = async () => {
    setFailure(null);
    try {
      await client.mutate({ mutation: DeleteTicketDocument, variables: { input: { id } } });
      back();
      offerUndo({ text: `#${id} was deleted.`, undo: restore });
    } catch (thrown) {
      setFailure(readFailure(thrown));
    }
  };
  return { failure, remove, restore };
}
