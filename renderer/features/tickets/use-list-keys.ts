/** The keys of the list: moving the cursor, with Shift to choose rows, opening what it is on, and reading what is open (docs/keyboard.md). */
import { type KeyboardEvent, useRef } from 'react';
import { useCommand } from '../../state/commands.ts';
import { focusList } from '../../state/navigation.tsx';
import type { ItemPanel } from '../../state/panel-stack.ts';
import { showToast } from '../../state/toasts.ts';
import type { ListItem } from './list-items.ts';
import { isAt } from './list-model.ts';
import { movedIndex } from './movement.ts';
import type { TicketListHandle } from './use-ticket-list.ts';

export const notAtTicket = 'The cursor is on no ticket. Go to one with j or k, or by a click.';

export function useListKeys(
  { list, state, moveTo }: TicketListHandle,
  { onOpen, extend }: { onOpen(item: ListItem): void; extend(key: string): void },
): (event: KeyboardEvent) => void {
  const presses = useRef(0);
  const step = (key: string) => {
    presses.current += 1;
    // What waits is above: going there lets it in.
    const goesUp = key === 'Home' || (key === 'ArrowUp' && state.cursorIndex === 0);
    if (goesUp && state.heldBack > 0) list.letIn();
    if (key === 'End' && !state.isEndKnown) void goToEnd(presses.current);
    else moveTo(list.indexAfter(key));
    list.setEye({ keyboard: true });
    focusList();
  };
  const goToEnd = async (press: number) => {
    const isKnown = await list.readEnd();
    // Meanwhile the person may have gone elsewhere.
    if (isKnown && press === presses.current) moveTo(list.indexAfter('End'));
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
      else showToast({ text: notAtTicket });
    } else if (isRead && (key === ' ' || key.startsWith('Page'))) {
      scrollReading(key === 'PageUp' || (key === ' ' && event.shiftKey) ? -1 : 1);
    } else if (movedIndex(key, 0, 1) === 0) (event.shiftKey ? extend : step)(key);
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
