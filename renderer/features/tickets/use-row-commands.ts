/** What the keys do to the row at the cursor while nothing of it is open: the panels answer them themselves. */
import { useCommand } from '../../state/commands.ts';
import { useTicketDeletion } from '../../state/delete-ticket.ts';
import { useDiscardDraft } from '../../state/drafts.ts';
import { filedCommandIds, labelOf, storedCommandIds } from '../../state/field-commands.ts';
import { useBlocked } from '../../state/live.tsx';
import { useNavigation } from '../../state/navigation.tsx';
import type { ItemPanel } from '../../state/panel-stack.ts';
import { showFailure, showToast } from '../../state/toasts.ts';
import { panelOf } from './list-model.ts';
import type { ListState } from './ticket-list.ts';
import { notAtTicket } from './use-list-keys.ts';

export function useRowCommands({ items, cursorIndex, open: opened }: ListState): void {
  const { open } = useNavigation();
  const { remove } = useTicketDeletion();
  const discardDraft = useDiscardDraft();
  const blocked = useBlocked();
  const item = items[cursorIndex];
  const at = opened ?? (item ? panelOf(item) : null);
  const atCursor = (act: (at: ItemPanel) => void) => () => (at ? act(at) : showToast({ text: notAtTicket }));

  useCommand(
    'edit-ticket',
    atCursor((at) => open(at, at.kind === 'new-ticket' ? undefined : 'edit-ticket')),
  );
  useCommand(filedCommandIds, (id) =>
    atCursor((at) => open(at, at.kind === 'new-ticket' ? undefined : id))(),
  );
  useCommand(storedCommandIds, (id) =>
    atCursor((at) => {
      if (at.kind === 'new-ticket') showToast({ text: `A draft has no ${labelOf(id)} yet: file it first.` });
      else open(at, id);
    })(),
  );
  const write = (command: 'comment' | 'answer') =>
    atCursor((at) => {
      if (at.kind === 'new-ticket') showToast({ text: 'Nothing can be said of a draft yet: file it first.' });
      else open(at, command);
    });
  useCommand('comment', write('comment'));
  useCommand('answer', write('answer'));
  useCommand(
    'delete-ticket',
    atCursor((at) => {
      if (at.kind === 'new-ticket') discardDraft();
      else if (at.kind === 'create') open(at, 'delete-ticket');
      else if (blocked !== null) showToast({ text: blocked });
      else remove(at.id).catch(showFailure);
    }),
  );
}
