/** Where a key takes the keyboard in a list. */
import { gapItems, isChoosable, isGap, type ListItem } from './list-items.ts';

const pageRows = 15;

/** The index after the key; -1 for a key that does not move, and in an empty list. */
export function movedIndex(key: string, index: number, count: number): number {
  if (count === 0) return -1;
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(index + 1, last);
    case 'ArrowUp':
      return index < 0 ? 0 : Math.max(index - 1, 0);
    case 'PageDown':
      return Math.min(index + pageRows, last);
    case 'PageUp':
      return Math.max(index - pageRows, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return -1;
  }
}

/** Rows that were not read yet are no step: the way to either end alone leads over them. */
export function withinRead(
  items: readonly ListItem[],
  { from, to, key }: { from: number; to: number; key: string },
): number {
  const gapAt = key === 'Home' || key === 'End' ? -1 : items.findIndex(isGap);
  if (gapAt < 0) return to;
  return from < gapAt ? Math.min(to, gapAt - 1) : Math.max(to, gapAt + gapItems.length);
}

/** The tickets from one row to another, in this direction; null where what was not read yet lies between. */
export function idsBetween(items: readonly ListItem[], from: number, to: number): number[] | null {
  const between = items.slice(Math.min(from, to), Math.max(from, to) + 1);
  if (between.some(isGap)) return null;
  const ids = between.filter(isChoosable).flatMap(({ id }) => id ?? []);
  return from <= to ? ids : ids.reverse();
}
