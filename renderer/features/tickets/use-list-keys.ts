/** The keys of the list: moving the cursor, opening what it is on, and reading what is open (docs/keyboard.md). */
import type { KeyboardEvent } from 'react';
import { useCommand } from '../../state/commands.ts';
import { focusList } from '../../state/navigation.tsx';
import type { ItemPanel } from '../../state/panel-stack.ts';
import { showToast } from '../../state/toasts.ts';
import type { ListItem } from './list-items.ts';
import { isAt } from './list-model.ts';
import { movedIndex } from './movement.ts';
import type { TicketListHandle } from './use-ticket-list.ts';

export const nothingChosen = 'No ticket is chosen. Choose one with j or k, or by a click.';

export function useListKeys(
  { list, state, moveTo }: TicketListHandle,
  onOpen: (item: ListItem) => void,
): (event: KeyboardEvent) => void {
  const step = (key: string) => {
    // What waits is above: going there lets it in.
    const goesUp = key === 'Home' || (key === 'ArrowUp' && state.cursorIndex === 0);
    if (goesUp && state.heldBack > 0) list.letIn();
    moveTo(list.indexAfter(key));
    list.setEye({ keyboard: true });
    focusList();
  };
  useCommand('next-ticket', () => step('ArrowDown'));
  useCommand('previous-ticket', () => step('ArrowUp'));

  return (event) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const isRead = state.open !== null && state.open.kind !== 'new-ticket';
    if (key === 'Enter') {
      const item = state.items[state.cursorIndex];
      // Pressed again, or on a ticket that this list does not show: into what is open.
      if (isRead && (!item || isAt(item, state.open as ItemPanel))) readingArea()?.focus();
      else if (item) onOpen(item);
      else showToast({ text: nothingChosen });
    } else if (isRead && (key === ' ' || key.startsWith('Page'))) {
      scrollReading(key === 'PageUp' || (key === ' ' && event.shiftKey) ? -1 : 1);
    } else if (movedIndex(key, 0, 1) === 0) step(key);
    else return;
    event.preventDefault();
  };
}

function readingArea(): HTMLElement | null {
  return document.querySelector('.panel-body');
}

/** What is open beside the list is read without leaving the list. */
function scrollReading(direction: 1 | -1): void {
  const body = readingArea();
  body?.scrollBy({ top: direction * body.clientHeight * 0.9 });
}
