/** Choosing rows by the keyboard and the pointer, as docs/keyboard.md tells. */
import { useCallback } from 'react';
import { useCommand } from '../../state/commands.ts';
import { focusList } from '../../state/navigation.tsx';
import { showToast } from '../../state/toasts.ts';
import { rangeStart, toggled, withRange } from './chosen-rows.ts';
import { isChoosable, type ListItem } from './list-items.ts';
import { idsBetween } from './movement.ts';
import type { ChosenStore } from './use-chosen-rows.ts';
import { notAtTicket } from './use-list-keys.ts';
import type { TicketListHandle } from './use-ticket-list.ts';

export interface Choosing {
  /** A click: with Shift up to this row, else this row. */
  choose(item: ListItem, click: { shiftKey: boolean }): void;
  /** A key of movement with Shift: the rows from where the range began up to where the key leads. */
  extend(key: string): void;
}

export function useChoosing({ list, moveTo }: TicketListHandle, chosen: ChosenStore): Choosing {
  /** Answers whether it could: of a row that was not read no number is known. */
  const chooseUpTo = useCallback(
    (index: number, from: number | null): boolean => {
      const { items } = list.state();
      const start = from === null ? -1 : items.findIndex(({ id }) => id === from);
      const ids = idsBetween(items, start < 0 ? index : start, index);
      if (ids) chosen.set(withRange(chosen.state(), ids));
      else
        showToast({ text: 'Rows in between have not been read yet. Go there step by step, or choose all.' });
      return ids !== null;
    },
    [list, chosen],
  );
  const atCursor = useCallback(() => {
    const { items, cursorIndex } = list.state();
    return items[cursorIndex];
  }, [list]);
  const choose = useCallback(
    (item: ListItem, { shiftKey }: { shiftKey: boolean }) => {
      list.setEye({ keyboard: true });
      focusList();
      const { range } = chosen.state();
      if (shiftKey) chooseUpTo(list.state().items.indexOf(item), range?.from ?? atCursor()?.id ?? null);
      else if (item.id !== null) chosen.set(toggled(chosen.state(), item.id));
    },
    [list, chosen, chooseUpTo, atCursor],
  );
  const extend = (key: string) => {
    const index = list.indexAfter(key);
    list.setEye({ keyboard: true });
    focusList();
    if (chooseUpTo(index, rangeStart(chosen.state(), atCursor()?.id ?? null))) moveTo(index);
  };
  useCommand('choose-ticket', () => {
    const item = atCursor();
    if (!item) showToast({ text: notAtTicket });
    else if (isChoosable(item)) choose(item, { shiftKey: false });
    else {
      const what = item.leaving ? 'is still in the view' : 'has its number';
      showToast({ text: `Only a ticket that ${what} can be chosen.` });
    }
  });
  useCommand('choose-next', () => extend('ArrowDown'));
  useCommand('choose-previous', () => extend('ArrowUp'));
  return { choose, extend };
}
