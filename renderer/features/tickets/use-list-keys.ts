/** Moving through the list by keyboard: j and k, the arrows, Home and End, Enter. */
import { type KeyboardEvent, useCallback, useState } from 'react';
import { useCommand } from '../../state/commands.tsx';
import { movedIndex } from './movement.ts';
import type { ListItem } from './use-ticket-list.ts';

export interface ListKeys {
  /** The row that the keyboard is on; -1 for none. */
  activeIndex: number;
  setActive(item: ListItem): void;
  onKeyDown(event: KeyboardEvent): void;
}

export interface ListKeysOptions {
  items: readonly ListItem[];
  /** The row that is open beside the list; where moving begins when the keyboard was on none. */
  selectedIndex: number;
  onOpen(item: ListItem): void;
  /** Brings a row into view. */
  reveal(index: number): void;
}

export function useListKeys({ items, selectedIndex, onOpen, reveal }: ListKeysOptions): ListKeys {
  const [active, setActiveItem] = useState<{ key: string; index: number } | null>(null);
  const found = active ? items.findIndex((item) => item.key === active.key) : selectedIndex;
  // A row that has left hands the keyboard to the one that took its place.
  const activeIndex = found >= 0 || !active ? found : Math.min(active.index, items.length - 1);

  const moveTo = useCallback(
    (index: number) => {
      const item = items[index];
      if (!item) return;
      setActiveItem({ key: item.key, index });
      reveal(index);
    },
    [items, reveal],
  );
  const step = (key: string) => moveTo(movedIndex(key, activeIndex, items.length));
  useCommand('next-ticket', () => step('ArrowDown'));
  useCommand('previous-ticket', () => step('ArrowUp'));

  return {
    activeIndex,
    setActive: useCallback((item) => setActiveItem({ key: item.key, index: items.indexOf(item) }), [items]),
    onKeyDown(event) {
      if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
      const item = items[activeIndex];
      if (event.key === 'Enter' && item) onOpen(item);
      else if (movedIndex(event.key, activeIndex, items.length) >= 0) step(event.key);
      else return;
      event.preventDefault();
    },
  };
}
